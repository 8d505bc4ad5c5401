import { jest } from '@jest/globals';
import { PendingLookup, type Waiter } from '../../../src/traffic/batching/pending-lookup.js';

const disconnected = new Error('the caller disconnected');
const failure = new Error('the call failed');

function setUp() {
  const onWaiting = jest.fn();
  const onWithdrawn = jest.fn();
  const onAbandoned = jest.fn();
  const listener = { onWaiting, onWithdrawn, onAbandoned };
  return { ...listener, entry: new PendingLookup<string>('ID-1', 'id-1', listener) };
}

describe('an outcome', () => {
  test('reaches all waiters', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    entry.settle({ value: 'rows' });
    expect(await Promise.all(waiters.map((each) => each.promise))).toEqual(['rows', 'rows']);
    expect(entry.isWanted).toBe(false);
  });

  test('may be an error, which all waiters receive unchanged', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    entry.settle({ error: failure });
    for (const { promise } of waiters) await expect(promise).rejects.toBe(failure);
  });

  test('may be an error without a value', async () => {
    const { entry } = setUp();
    const { promise } = entry.wait({});
    entry.settle({ error: undefined });
    await expect(promise).rejects.toBeUndefined();
  });

  test('is final: a second one changes nothing', async () => {
    const { entry } = setUp();
    const { promise } = entry.wait({});
    const settled = [entry.settle({ value: 'first' }), entry.settle({ error: failure })];
    expect(settled).toEqual([1, 0]);
    expect(await promise).toBe('first');
    expect(entry.state).toBe('settled');
  });
});

describe('the listener of an outcome', () => {
  const onOutcome = jest.fn();
  beforeEach(() => jest.clearAllMocks());

  function leavingWaiter() {
    const { entry } = setUp();
    const waiter = entry.wait({}, new Set(), onOutcome);
    waiter.promise.catch(() => undefined);
    return { entry, waiter };
  }

  test('gets it before the caller does', () => {
    const { entry } = leavingWaiter();
    entry.settle({ value: 'rows' });
    expect(onOutcome.mock.calls).toEqual([[{ value: 'rows' }]]);
  });

  test('gets it once, and also when the caller has disconnected while the id was in flight', () => {
    const { entry, waiter } = leavingWaiter();
    entry.state = 'sent';
    waiter.withdraw(disconnected);
    expect(onOutcome).not.toHaveBeenCalled();
    for (const value of ['rows', 'others']) entry.settle({ value });
    expect(onOutcome.mock.calls).toEqual([[{ value: 'rows' }]]);
  });

  test('gets the reason of a caller that has disconnected before the id was sent', () => {
    const { waiter } = leavingWaiter();
    waiter.withdraw(disconnected);
    waiter.withdraw(disconnected);
    expect(onOutcome.mock.calls).toEqual([[{ error: disconnected }]]);
  });
});

describe('the listener', () => {
  test('learns of waiters before the entry is sent, and of none after it', () => {
    const { entry, onWaiting } = setUp();
    const waiter = entry.wait({});
    entry.state = 'sent';
    entry.wait({});
    expect(onWaiting.mock.calls).toEqual([[waiter]]);
  });
});

describe('withdrawing', () => {
  test('rejects that waiter alone', async () => {
    const { entry, onAbandoned } = setUp();
    const [leaving, staying] = [entry.wait({}), entry.wait({})];
    leaving.withdraw(disconnected);
    entry.settle({ value: 'rows' });
    await expect(leaving.promise).rejects.toBe(disconnected);
    expect(await staying.promise).toBe('rows');
    expect(onAbandoned).not.toHaveBeenCalled();
  });

  test('reports the withdrawn waiter, and keeps the others', async () => {
    const { entry, onWithdrawn } = setUp();
    const [leaving, staying] = [entry.wait({}), entry.wait({})];
    leaving.withdraw(disconnected);
    expect(onWithdrawn.mock.calls).toEqual([[leaving]]);
    expect([...entry.waiters]).toEqual([staying]);
    entry.settle({ value: 'rows' });
    await expect(leaving.promise).rejects.toBe(disconnected);
    expect(await staying.promise).toBe('rows');
  });

  test('withdraws all waiters of a caller in one loop', async () => {
    const [all, caller] = [new Set<Waiter<string>>(), {}];
    const waiters = [setUp(), setUp(), setUp()].map(({ entry }) => entry.wait(caller, all));
    for (const waiter of all) waiter.withdraw(disconnected);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(disconnected);
    expect(all.size).toBe(0);
  });

  test('leaves the entry wanted until the last waiter is withdrawn', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    const wanted = waiters.map((waiter) => {
      waiter.withdraw(disconnected);
      return entry.isWanted;
    });
    expect(wanted).toEqual([true, false]);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(disconnected);
  });

  test('abandons the entry once, when no waiter is left', async () => {
    const { entry, onAbandoned } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    for (const each of [...waiters, ...waiters]) each.withdraw(disconnected);
    expect(onAbandoned).toHaveBeenCalledTimes(1);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(disconnected);
  });

  test('does not abandon an entry that was sent, because its call is made and billed', async () => {
    const { entry, onAbandoned } = setUp();
    const waiter = entry.wait({});
    entry.state = 'sent';
    waiter.withdraw(disconnected);
    expect(onAbandoned).not.toHaveBeenCalled();
    await expect(waiter.promise).rejects.toBe(disconnected);
  });

  test('does nothing after the outcome', async () => {
    const { entry, onAbandoned } = setUp();
    const waiter = entry.wait({});
    entry.settle({ value: 'rows' });
    waiter.withdraw(disconnected);
    expect(await waiter.promise).toBe('rows');
    expect(onAbandoned).not.toHaveBeenCalled();
  });
});

describe('absorbing another entry', () => {
  test('gives its waiters the outcome of the absorbing entry', async () => {
    const [absorbed, absorbing] = [setUp(), setUp()];
    const { promise } = absorbed.entry.wait({});
    absorbing.entry.absorb(absorbed.entry);
    absorbing.entry.settle({ value: 'rows' });
    expect(await promise).toBe('rows');
  });

  test('abandons it, because no waiter is left', () => {
    const [absorbed, absorbing] = [setUp(), setUp()];
    absorbed.entry.wait({});
    absorbing.entry.absorb(absorbed.entry);
    expect(absorbed.onAbandoned).toHaveBeenCalledTimes(1);
    expect(absorbing.onAbandoned).not.toHaveBeenCalled();
  });

  test('lets absorbed waiters be withdrawn as before', async () => {
    const [absorbed, absorbing] = [setUp(), setUp()];
    const leaving = absorbed.entry.wait({});
    absorbing.entry.absorb(absorbed.entry);
    const staying = absorbing.entry.wait({});
    leaving.withdraw(disconnected);
    await expect(leaving.promise).rejects.toBe(disconnected);
    expect(absorbing.onAbandoned).not.toHaveBeenCalled();
    staying.withdraw(disconnected);
    await expect(staying.promise).rejects.toBe(disconnected);
    expect(absorbing.onAbandoned).toHaveBeenCalledTimes(1);
  });

  test('may be repeated by a third entry', async () => {
    const [first, second, third] = [setUp(), setUp(), setUp()];
    const { promise } = first.entry.wait({});
    second.entry.absorb(first.entry);
    third.entry.absorb(second.entry);
    third.entry.settle({ value: 'all rows' });
    expect(await promise).toBe('all rows');
  });
});
