import fc from 'fast-check';
import { Lane } from '../../../src/traffic/batching/lane.js';
import { PendingLookup } from '../../../src/traffic/batching/pending-lookup.js';

const batchSize = 20;

interface Caller {
  readonly onDetached?: never;
  readonly name: string;
}

/** A lane whose ids and callers have names, with every batch that it sent. */
class NamedLane {
  readonly batches: string[][] = [];
  readonly callersOfBatches: number[] = [];
  readonly late: string[] = [];
  readonly abandoned: string[] = [];
  readonly lane = new Lane<string, void>('lane', {
    maxBatchSize: batchSize,
    send: (_lane, { entries, callers, late }) => {
      this.batches.push(entries.map(({ id }) => id));
      this.callersOfBatches.push(callers);
      this.late.push(...late.map(({ id }) => id));
    },
    onAbandoned: (_lane, { id }) => void this.abandoned.push(id),
    isTooLate: ({ id }) => id.startsWith('too late'),
  });
  readonly #entries = new Map<string, PendingLookup<void>>();
  readonly #callers = new Map<string, Caller>();
  readonly #withdrawals: { readonly caller: string; readonly id: string; readonly withdraw: () => void }[] =
    [];

  /** Adds an id for a caller, or lets the caller share it when it waits already. */
  add(name: string, id: string): void {
    const known = this.#entries.get(id);
    const entry = known ?? this.#newEntry(id);
    if (!known) this.lane.add(entry);
    const waiter = entry.wait(this.#caller(name));
    waiter.promise.catch(() => {});
    this.#withdrawals.push({ caller: name, id, withdraw: () => waiter.withdraw(new Error('disconnected')) });
  }

  addMany(caller: string, count: number): void {
    for (let each = 1; each <= count; each += 1) this.add(caller, `${caller} ${each}`);
  }

  /** Withdraws one caller from an id. */
  withdraw(caller: string, id: string): void {
    for (const each of this.#withdrawals) if (each.caller === caller && each.id === id) each.withdraw();
  }

  /** Withdraws all callers from an id. */
  abandon(id: string): void {
    for (const each of this.#withdrawals) if (each.id === id) each.withdraw();
  }

  waits(id: string): boolean {
    return this.#entries.get(id)?.state === 'waiting';
  }

  /** The callers of the ids in the round-robin places of a batch (first, third, fifth …) and in the places between. */
  callersOfPlaces(batch: number): { readonly roundRobin: string[]; readonly between: string[] } {
    const callers = (this.batches[batch] ?? []).map((id) => id.split(' ')[0] ?? '');
    return {
      roundRobin: callers.filter((_caller, place) => place % 2 === 0),
      between: callers.filter((_caller, place) => place % 2 === 1),
    };
  }

  sendAll(): void {
    while (this.lane.hasWork()) this.lane.send();
  }

  callsUntilSent(name: string): number {
    return this.lane.callsUntilSent(this.#caller(name));
  }

  #newEntry(id: string): PendingLookup<void> {
    const entry = new PendingLookup<void>(id, id, this.lane);
    this.#entries.set(id, entry);
    return entry;
  }

  #caller(name: string): Caller {
    const caller = this.#callers.get(name) ?? { name };
    this.#callers.set(name, caller);
    return caller;
  }
}

describe('a batch', () => {
  test('holds at most twenty ids', () => {
    const named = new NamedLane();
    named.addMany('alice', 45);
    named.sendAll();
    expect(named.batches.map((batch) => batch.length)).toEqual([20, 20, 5]);
  });

  test('holds the ids of one caller in the order of its lookups', () => {
    const named = new NamedLane();
    for (const id of ['z', 'a', 'm']) named.add('alice', id);
    named.sendAll();
    expect(named.batches).toEqual([['z', 'a', 'm']]);
  });

  test('holds the ids that were added until it was sent', () => {
    const named = new NamedLane();
    named.add('alice', 'early');
    named.add('bob', 'later');
    named.sendAll();
    expect(named.batches).toEqual([['early', 'later']]);
  });

  test('marks its ids as sent before it is passed on', () => {
    const states: string[] = [];
    const lane = new Lane<string, void>('lane', {
      maxBatchSize: batchSize,
      send: (_lane, { entries }) => void states.push(...entries.map(({ state }) => state)),
      onAbandoned() {},
      isTooLate: () => false,
    });
    const entry = new PendingLookup<void>('a', 'a', lane);
    lane.add(entry);
    entry.wait({});
    lane.send();
    expect(states).toEqual(['sent']);
    expect(lane.size).toBe(0);
  });

  test.each([
    [19, false],
    [20, true],
    [21, true],
  ])('of %i ids is full: %p', (count, isFull) => {
    const named = new NamedLane();
    named.addMany('alice', count);
    expect(named.lane.isFull()).toBe(isFull);
  });

  test('counts each caller that it serves once', () => {
    const named = new NamedLane();
    for (const caller of ['alice', 'bob', 'carol']) named.add(caller, 'shared');
    named.addMany('alice', 2);
    named.add('dave', 'd1');
    named.withdraw('carol', 'shared');
    named.sendAll();
    expect(named.callersOfBatches).toEqual([3]);
  });

  test('leaves out ids that are too late, and is filled with others', () => {
    const named = new NamedLane();
    for (let each = 0; each < 30; each += 1) named.add(`caller ${each}`, `too late ${each}`);
    named.addMany('alice', 21);
    named.sendAll();
    expect(named.batches.map((batch) => batch.length)).toEqual([20, 1]);
    expect(named.callersOfBatches).toEqual([1, 1]);
    expect(named.late).toHaveLength(30);
    expect(named.lane.size).toBe(0);
  });

  test('is empty when all ids are too late', () => {
    const named = new NamedLane();
    named.add('alice', 'too late');
    named.sendAll();
    expect([named.batches, named.callersOfBatches, named.late]).toEqual([[[]], [0], ['too late']]);
  });
});

/** The batch in which the last id of each caller would be sent in round-robin order alone. */
function lastBatchesInRoundRobin(idsOf: readonly number[]): readonly number[] {
  const placesBefore = (caller: number) =>
    idsOf.reduce((sum, count, other) => {
      const rounds = idsOf[caller] ?? 0;
      return sum + Math.min(count, other < caller ? rounds : rounds - 1);
    }, 0);
  return idsOf.map((_count, caller) => Math.floor(placesBefore(caller) / batchSize));
}

describe('callers', () => {
  test('share every other place of a batch in round-robin order', () => {
    const named = new NamedLane();
    for (const caller of ['alice', 'bob', 'carol']) named.addMany(caller, 40);
    named.lane.send();
    expect(named.callersOfPlaces(0).roundRobin).toEqual([
      ...['alice', 'bob', 'carol', 'alice', 'bob'],
      ...['carol', 'alice', 'bob', 'carol', 'alice'],
    ]);
  });

  test('keep their round-robin order from one batch to the next', () => {
    const named = new NamedLane();
    for (const caller of ['alice', 'bob', 'carol']) named.addMany(caller, 40);
    for (const _batch of [1, 2]) named.lane.send();
    expect(named.callersOfPlaces(0).roundRobin.at(-1)).toBe('alice');
    expect(named.callersOfPlaces(1).roundRobin.slice(0, 2)).toEqual(['bob', 'carol']);
  });

  test('get the places between in the order of their number of ids', () => {
    const named = new NamedLane();
    for (const [caller, count] of Object.entries({ alice: 100, bob: 7, carol: 3 }))
      named.addMany(caller, count);
    named.lane.send();
    expect(named.callersOfPlaces(0).between).toEqual([
      ...['carol', 'carol', 'bob', 'bob', 'bob', 'bob'],
      ...['alice', 'alice', 'alice', 'alice'],
    ]);
  });

  test('with few ids are in the next batch, however many others need more', () => {
    const named = new NamedLane();
    for (let caller = 1; caller <= 100; caller += 1) named.addMany(`c${caller}`, 20);
    named.lane.send();
    named.addMany('bob', 5);
    named.lane.send();
    expect(named.batches[1]?.filter((id) => id.startsWith('bob'))).toHaveLength(5);
  });

  test('all finish no later than in round-robin order alone, when no further caller comes', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 40 });
    const property = fc.property(counts, (idsOf) => {
      const named = new NamedLane();
      for (const [caller, count] of idsOf.entries()) named.addMany(`c${caller}`, count);
      named.sendAll();
      const doneIn = idsOf.map((_count, caller) =>
        named.batches.findLastIndex((batch) => batch.some((id) => id.startsWith(`c${caller} `))),
      );
      const roundRobin = lastBatchesInRoundRobin(idsOf);
      expect(doneIn.filter((batch, caller) => batch > (roundRobin[caller] ?? 0))).toEqual([]);
    });
    fc.assert(property);
  });

  test('of twenty ids finish one after another, in two thirds of the round-robin time on average', () => {
    const named = new NamedLane();
    const callers = Array.from({ length: 100 }, (_, index) => `c${index}`);
    for (const caller of callers) named.addMany(caller, 20);
    named.sendAll();
    const doneIn = callers.map((caller) =>
      named.batches.findLastIndex((batch) => batch.some((id) => id.startsWith(`${caller} `))),
    );
    const mean = (batches: readonly number[]) =>
      batches.reduce((sum, batch) => sum + batch, 0) / batches.length;
    expect(mean(lastBatchesInRoundRobin(callers.map(() => 20)))).toBe(97);
    expect(mean(doneIn)).toBeLessThan(66);
  });

  test('with a thousand ids delay the single id of another by at most one batch', () => {
    const named = new NamedLane();
    named.addMany('alice', 1000);
    named.lane.send();
    named.add('bob', 'the one');
    named.lane.send();
    expect(named.batches[1]).toContain('the one');
  });

  test('that come later do not take the round-robin places of a caller that was alone', () => {
    const named = new NamedLane();
    named.addMany('alice', 1000);
    named.lane.send();
    named.addMany('bob', 500);
    for (const _batch of [1, 2]) named.lane.send();
    for (const batch of [1, 2]) {
      const { roundRobin } = named.callersOfPlaces(batch);
      expect(roundRobin.filter((caller) => caller === 'alice')).toHaveLength(5);
    }
  });

  test('each get a place in every batch while there are at most ten, whenever they come', () => {
    const arrivals = fc.record({ count: fc.integer({ min: 1, max: 100 }), afterBatches: fc.nat(6) });
    const property = fc.property(fc.array(arrivals, { minLength: 1, maxLength: batchSize / 2 }), (made) => {
      const named = new NamedLane();
      const addAfter = (batches: number) => {
        for (const [caller, { count, afterBatches }] of made.entries())
          if (afterBatches === batches) named.addMany(`c${caller}`, count);
      };
      for (let batches = 0; batches <= 6 || named.lane.hasWork(); batches += 1) {
        addAfter(batches);
        const waiting = made.flatMap(({ count }, caller) =>
          named.waits(`c${caller} ${count}`) ? [caller] : [],
        );
        named.lane.send();
        const batch = named.batches.at(-1) ?? [];
        for (const caller of waiting) expect(batch.some((id) => id.startsWith(`c${caller} `))).toBe(true);
      }
    });
    fc.assert(property);
  });
});

describe('a shared id', () => {
  test('is sent once', () => {
    const named = new NamedLane();
    for (const caller of ['alice', 'bob', 'alice']) named.add(caller, 'shared');
    expect(named.lane.size).toBe(1);
    named.sendAll();
    expect(named.batches).toEqual([['shared']]);
  });

  test('is sent in the earliest place of any of its callers', () => {
    const named = new NamedLane();
    named.addMany('alice', 1000);
    named.add('bob', 'alice 1000');
    named.lane.send();
    expect(named.batches[0]?.slice(0, 3)).toEqual(['alice 1', 'alice 1000', 'alice 2']);
  });

  test('uses no place of its other callers', () => {
    const named = new NamedLane();
    named.add('alice', 'shared');
    for (const id of ['shared', 'b1', 'b2']) named.add('bob', id);
    named.addMany('carol', 2);
    named.sendAll();
    expect(named.batches).toEqual([['shared', 'b1', 'b2', 'carol 1', 'carol 2']]);
  });
});

describe('a caller that is withdrawn from a shared id', () => {
  test('no longer gives it a place', () => {
    const named = new NamedLane();
    named.addMany('alice', 3);
    for (const id of ['alice 3', 'b1', 'b2']) named.add('bob', id);
    for (const id of ['alice 1', 'alice 2', 'alice 3']) named.withdraw('alice', id);
    named.add('carol', 'c1');
    named.sendAll();
    expect(named.batches).toEqual([['alice 3', 'c1', 'b1', 'b2']]);
  });

  test('leaves it to the other callers', () => {
    const named = new NamedLane();
    for (const caller of ['alice', 'bob']) named.add(caller, 'shared');
    named.withdraw('alice', 'shared');
    expect(named.lane.size).toBe(1);
    named.sendAll();
    expect(named.batches).toEqual([['shared']]);
  });
});

describe('the number of calls until an id would be sent', () => {
  test('is one while there is room in the next call', () => {
    const named = new NamedLane();
    expect(named.callsUntilSent('bob')).toBe(1);
    named.addMany('alice', 19);
    expect(named.callsUntilSent('alice')).toBe(1);
    named.addMany('bob', 1);
    expect(named.callsUntilSent('alice')).toBe(2);
  });

  test('is one for a new caller, however many ids another has', () => {
    const named = new NamedLane();
    named.addMany('alice', 1000);
    expect(named.callsUntilSent('bob')).toBe(1);
  });

  test('is at most the number of calls for all ids that wait', () => {
    const named = new NamedLane();
    named.addMany('alice', 15);
    for (let caller = 1; caller <= 10; caller += 1) named.addMany(`c${caller}`, 1);
    expect(named.callsUntilSent('alice')).toBe(2);
  });

  test('is never exceeded when no further caller comes', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 30 });
    const property = fc.property(counts, (idsOf) => {
      const named = new NamedLane();
      for (const [caller, count] of idsOf.entries()) named.addMany(`c${caller}`, count);
      const estimates = Array.from({ length: 30 }, (_, id) => {
        const calls = named.callsUntilSent('bob');
        named.add('bob', `bob ${id}`);
        return calls;
      });
      named.sendAll();
      const late = estimates.filter(
        (calls, id) => !named.batches.slice(0, calls).flat().includes(`bob ${id}`),
      );
      expect(late).toEqual([]);
    });
    fc.assert(property, { numRuns: 50 });
  });
});

test('every id is sent exactly once or abandoned, in any order of events', () => {
  const id = fc.integer({ min: 0, max: 60 }).map((number) => `id ${number}`);
  const caller = fc.constantFrom('alice', 'bob', 'carol', 'dave');
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ act: fc.constant('add' as const), id, caller }) },
      { weight: 2, arbitrary: fc.record({ act: fc.constant('abandon' as const), id, caller }) },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('send' as const), id, caller }) },
    ),
    { maxLength: 200 },
  );
  const property = fc.property(steps, (events) => {
    const named = new NamedLane();
    const added = new Set<string>();
    const abandoned = new Set<string>();
    for (const { act, id, caller } of events) {
      if (act === 'send' && named.lane.hasWork()) named.lane.send();
      if (act === 'abandon' && named.waits(id)) {
        named.abandon(id);
        abandoned.add(id);
      }
      if (act === 'add' && (!added.has(id) || named.waits(id))) {
        named.add(caller, id);
        added.add(id);
      }
      expect(named.lane.size).toBe([...added].filter((each) => named.waits(each)).length);
    }
    named.sendAll();
    expect(named.abandoned.toSorted()).toEqual([...abandoned].toSorted());
    expect([...named.batches.flat(), ...abandoned].sort()).toEqual([...added].sort());
    expect(named.batches.filter(({ length }) => length < 1 || length > batchSize)).toEqual([]);
  });
  fc.assert(property);
});
