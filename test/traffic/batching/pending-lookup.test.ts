import { jest } from '@jest/globals';
import { Few } from '../../../src/traffic/batching/few.js';
import { PendingLookup, type Waiter } from '../../../src/traffic/batching/pending-lookup.js';

const gone = new Error('the caller has gone');
const failure = new Error('the call failed');

function setUp() {
  const onLeft = jest.fn();
  const onAbandoned = jest.fn();
  return { onLeft, onAbandoned, entry: new PendingLookup<string>('ID-1', 'id-1', { onLeft, onAbandoned }) };
}

describe('an outcome', () => {
  test('reaches everyone who waits', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    entry.settle({ value: 'rows' });
    expect(await Promise.all(waiters.map((each) => each.promise))).toEqual(['rows', 'rows']);
    expect(entry.isWanted).toBe(false);
  });

  test('may be a failure, which everyone receives as it is', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    entry.settle({ error: failure });
    for (const { promise } of waiters) await expect(promise).rejects.toBe(failure);
  });

  test('may be a failure without a reason', async () => {
    const { entry } = setUp();
    const { promise } = entry.wait({});
    entry.settle({ error: undefined });
    await expect(promise).rejects.toBeUndefined();
  });

  test('is final: a second one changes nothing', async () => {
    const { entry } = setUp();
    const { promise } = entry.wait({});
    const told = [entry.settle({ value: 'first' }), entry.settle({ error: failure })];
    expect(told).toEqual([1, 0]);
    expect(await promise).toBe('first');
    expect(entry.state).toBe('settled');
  });
});

describe('the listener of an outcome', () => {
  const onOutcome = jest.fn();
  beforeEach(() => jest.clearAllMocks());

  function leavingWaiter() {
    const { entry } = setUp();
    const waiter = entry.wait({}, new Few(), onOutcome);
    waiter.promise.catch(() => undefined);
    return { entry, waiter };
  }

  test('gets it before the caller does', () => {
    const { entry } = leavingWaiter();
    entry.settle({ value: 'rows' });
    expect(onOutcome.mock.calls).toEqual([[{ value: 'rows' }]]);
  });

  test('gets it once, and also when the caller has gone while the id was in flight', () => {
    const { entry, waiter } = leavingWaiter();
    entry.state = 'sent';
    waiter.withdraw(gone);
    expect(onOutcome).not.toHaveBeenCalled();
    for (const value of ['rows', 'others']) entry.settle({ value });
    expect(onOutcome.mock.calls).toEqual([[{ value: 'rows' }]]);
  });

  test('gets the reason of a caller that has gone before the id was sent', () => {
    const { waiter } = leavingWaiter();
    waiter.withdraw(gone);
    waiter.withdraw(gone);
    expect(onOutcome.mock.calls).toEqual([[{ error: gone }]]);
  });
});

describe('withdrawing', () => {
  test('rejects that waiter alone', async () => {
    const { entry, onAbandoned } = setUp();
    const [leaving, staying] = [entry.wait({}), entry.wait({})];
    leaving.withdraw(gone);
    entry.settle({ value: 'rows' });
    await expect(leaving.promise).rejects.toBe(gone);
    expect(await staying.promise).toBe('rows');
    expect(onAbandoned).not.toHaveBeenCalled();
  });

  test('tells who has left, and who still waits', async () => {
    const { entry, onLeft } = setUp();
    const [leaving, staying] = [entry.wait({}), entry.wait({})];
    leaving.withdraw(gone);
    expect(onLeft.mock.calls).toEqual([[leaving]]);
    expect([...entry.waiters]).toEqual([staying]);
    entry.settle({ value: 'rows' });
    await expect(leaving.promise).rejects.toBe(gone);
    expect(await staying.promise).toBe('rows');
  });

  test('is done with everything that a caller waits for in one go', async () => {
    const [all, caller] = [new Few<Waiter<string>>(), {}];
    const waiters = [setUp(), setUp(), setUp()].map(({ entry }) => entry.wait(caller, all));
    for (const waiter of all) waiter.withdraw(gone);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(gone);
    expect(all.size).toBe(0);
  });

  test('leaves the entry wanted until the last has gone', async () => {
    const { entry } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    const wanted = waiters.map((waiter) => {
      waiter.withdraw(gone);
      return entry.isWanted;
    });
    expect(wanted).toEqual([true, false]);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(gone);
  });

  test('abandons the entry when nobody is left, once', async () => {
    const { entry, onAbandoned } = setUp();
    const waiters = [entry.wait({}), entry.wait({})];
    for (const each of [...waiters, ...waiters]) each.withdraw(gone);
    expect(onAbandoned).toHaveBeenCalledTimes(1);
    for (const { promise } of waiters) await expect(promise).rejects.toBe(gone);
  });

  test('does not abandon what was sent already: its call is made and paid for', async () => {
    const { entry, onAbandoned } = setUp();
    const waiter = entry.wait({});
    entry.state = 'sent';
    waiter.withdraw(gone);
    expect(onAbandoned).not.toHaveBeenCalled();
    await expect(waiter.promise).rejects.toBe(gone);
  });

  test('comes too late after the outcome', async () => {
    const { entry, onAbandoned } = setUp();
    const waiter = entry.wait({});
    entry.settle({ value: 'rows' });
    waiter.withdraw(gone);
    expect(await waiter.promise).toBe('rows');
    expect(onAbandoned).not.toHaveBeenCalled();
  });
});

describe('adopting another entry', () => {
  test('gives its waiters the outcome of the adopter', async () => {
    const [thin, full] = [setUp(), setUp()];
    const { promise } = thin.entry.wait({});
    const adopted = full.entry.absorb(thin.entry);
    full.entry.settle({ value: 'fuller rows' });
    expect(adopted.map((waiter) => waiter.promise)).toEqual([promise]);
    expect(await promise).toBe('fuller rows');
  });

  test('abandons it, as nobody waits for it any more', () => {
    const [thin, full] = [setUp(), setUp()];
    thin.entry.wait({});
    full.entry.absorb(thin.entry);
    expect(thin.onAbandoned).toHaveBeenCalledTimes(1);
    expect(full.onAbandoned).not.toHaveBeenCalled();
  });

  test('lets those who were adopted leave as before', async () => {
    const [thin, full] = [setUp(), setUp()];
    const leaving = thin.entry.wait({});
    full.entry.absorb(thin.entry);
    const staying = full.entry.wait({});
    leaving.withdraw(gone);
    await expect(leaving.promise).rejects.toBe(gone);
    expect(full.onAbandoned).not.toHaveBeenCalled();
    staying.withdraw(gone);
    await expect(staying.promise).rejects.toBe(gone);
    expect(full.onAbandoned).toHaveBeenCalledTimes(1);
  });

  test('may happen again, to the fullest there is', async () => {
    const [thin, fuller, fullest] = [setUp(), setUp(), setUp()];
    const { promise } = thin.entry.wait({});
    fuller.entry.absorb(thin.entry);
    fullest.entry.absorb(fuller.entry);
    fullest.entry.settle({ value: 'all there is' });
    expect(await promise).toBe('all there is');
  });
});
