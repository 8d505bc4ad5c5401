import { jest } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../../src/errors.js';
import { Coalescer } from '../../../src/traffic/batching/coalescer.js';
import type { Batch, LaneKey } from '../../../src/traffic/batching/lane.js';
import type { Caller } from '../../../src/traffic/batching/pending-lookup.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** For busy machines, because each property runs many times. */
jest.setTimeout(60_000);

const ratePerSecond = 10;
const windowMs = 1015;

/** Four lanes of one product that differ in detail, one of another product, and two that serve each other. */
const lanes: readonly LaneKey[] = [
  { name: 'plain', servedBy: ['body', 'parts', 'all'], serves: [] },
  { name: 'body', servedBy: ['all'], serves: ['plain'] },
  { name: 'parts', servedBy: ['all'], serves: ['plain'] },
  { name: 'all', servedBy: [], serves: ['plain', 'body', 'parts'] },
  { name: 'other', servedBy: [], serves: [] },
  { name: 'east', servedBy: ['west'], serves: ['west'] },
  { name: 'west', servedBy: ['east'], serves: ['east'] },
];

interface Client extends Caller {
  readonly disconnect: () => void;
}

interface Result {
  readonly lane: string;
  readonly key: string;
}

interface ObservedLookup {
  readonly lane: LaneKey;
  readonly key: string;
  readonly client: Client;
  outcome?: { readonly value: Result } | { readonly error: unknown };
}

interface Call {
  readonly batch: Batch<LaneKey, Result>;
  readonly unsettled: Set<string>;
  end(failure?: Error): void;
}

/** A coalescer with clients and calls, which records every broken promise. */
class World {
  readonly clock = new ManualClock(0);
  readonly rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock: this.clock });
  readonly coalescer: Coalescer<LaneKey, Result>;
  readonly clients = Array.from({ length: 4 }, () => newClient());
  readonly lookups: ObservedLookup[] = [];
  readonly failures = new Set<unknown>();
  readonly startedAtMs: number[] = [];
  readonly broken: string[] = [];
  calls: Call[] = [];
  openRequests = 0;
  pausedUntilMs = 0;

  constructor(readonly maxWaiting: number) {
    const { rateLimiter, clock } = this;
    this.coalescer = new Coalescer({ rateLimiter, clock, maxWaiting, send: (batch) => this.#send(batch) });
  }

  lookup(lane: LaneKey, key: string, client: Client): void {
    const lookup: ObservedLookup = { lane, key, client };
    this.lookups.push(lookup);
    this.coalescer.load({ lane, id: key, key }, client).then(
      (value) => this.#record(lookup, { value }),
      (error: unknown) => this.#record(lookup, { error }),
    );
  }

  /** Looks up ids that no other client looks up. */
  lookupMany(laneIndex: number, count: number, client: Client): void {
    const first = this.lookups.length;
    const lane = lanes[laneIndex] as LaneKey;
    for (let id = first; id < first + count; id += 1) this.lookup(lane, `own ${id}`, client);
  }

  /** Disconnects one client and replaces it by a new one. */
  disconnect(index: number): void {
    this.clients[index]?.disconnect();
    this.clients[index] = newClient();
  }

  pause(durationMs: number): void {
    this.rateLimiter.pause(durationMs);
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.clock.now() + durationMs);
  }

  /** Settles some ids of a call in flight. */
  respond(index: number, count: number): void {
    const call = this.#call(index);
    for (const key of [...(call?.unsettled ?? [])].slice(0, count)) this.#settle(call, key);
  }

  /** Ends a call, with or without a failure; ids without an outcome fail either way. */
  end(index: number, failure?: Error): void {
    this.#call(index)?.end(failure);
  }

  /** Makes a further call for one id of a batch. */
  callAgain(index: number): void {
    const call = this.#call(index);
    if (!call) return;
    this.openRequests += 1;
    void call.batch.acquireNext().then(() => {
      this.openRequests -= 1;
      this.rateLimiter.started();
      this.startedAtMs.push(this.clock.now());
      for (const key of [...call.unsettled].slice(0, 1)) this.#settle(call, key);
    });
  }

  /** Checks what must hold while no timer is due. */
  checkAtRest(): void {
    const { waiting, inFlight } = this.coalescer;
    const lastFullMs = this.startedAtMs.at(-ratePerSecond) ?? -Infinity;
    const tokenFree = this.clock.now() >= Math.max(lastFullMs + windowMs, this.pausedUntilMs);
    const unsettled = this.calls.reduce((sum, call) => sum + call.unsettled.size, 0);
    const overdue = this.lookups.filter(({ client, outcome }) => client.signal.aborted && !outcome);
    this.#check(waiting <= this.maxWaiting, `${waiting} ids wait`);
    this.#check(inFlight === unsettled, `${inFlight} ids count as in flight instead of ${unsettled}`);
    this.#check(!tokenFree || waiting + this.openRequests === 0, 'a token is free while an id waits');
    this.#check(overdue.length === 0, 'a client disconnected and was not rejected');
  }

  /** Responds to all calls until no lookup waits. Takes no longer than the rate demands. */
  async drain(): Promise<void> {
    const callsLeft = this.coalescer.waiting + this.openRequests;
    const pauseMs = Math.max(0, this.pausedUntilMs - this.clock.now());
    const latestDeadlineMs =
      this.clock.now() + pauseMs + windowMs * (Math.ceil(callsLeft / ratePerSecond) + 1);
    while (this.clock.now() < latestDeadlineMs) {
      await this.clock.advance(windowMs / 2);
      for (const call of this.calls) {
        for (const key of [...call.unsettled]) this.#settle(call, key);
        call.end();
      }
    }
    await settled();
    this.#check(
      this.lookups.every(({ outcome }) => outcome !== undefined),
      'a lookup still waits at the end',
    );
  }

  async #send(batch: Batch<LaneKey, Result>): Promise<void> {
    const keys = batch.entries.map(({ key }) => key);
    const { name, servedBy } = batch.lane;
    this.rateLimiter.started();
    this.startedAtMs.push(this.clock.now());
    this.#check(keys.length >= 1 && keys.length <= 20, `a call has ${keys.length} ids`);
    for (const key of keys) {
      const twice = this.calls.find(
        (call) => [name, ...servedBy].includes(call.batch.lane.name) && call.unsettled.has(key),
      );
      this.#check(!twice, `${key} of ${name} is in flight twice, also in ${twice?.batch.lane.name}`);
      this.#check(this.#isWanted(batch.lane, key), `no client waits for ${key} of ${name} any more`);
    }
    await new Promise<void>((resolve, reject) => {
      const unsettled = new Set(keys);
      const end = (failure?: Error) => {
        unsettled.clear();
        if (failure) this.failures.add(failure);
        if (failure) reject(failure);
        else resolve();
      };
      this.calls.push({ batch, unsettled, end });
    });
  }

  #isWanted({ name, serves }: LaneKey, key: string): boolean {
    const names = [name, ...serves];
    return this.lookups.some(
      (each) =>
        each.key === key && names.includes(each.lane.name) && !each.outcome && !each.client.signal.aborted,
    );
  }

  #call(index: number): Call | undefined {
    return this.calls[index % Math.max(1, this.calls.length)];
  }

  #settle(call: Call | undefined, key: string): void {
    if (!call?.unsettled.delete(key)) return;
    call.batch.settle(key, { value: { lane: call.batch.lane.name, key } });
  }

  #record(lookup: ObservedLookup, outcome: NonNullable<ObservedLookup['outcome']>): void {
    const { lane, key, client } = lookup;
    lookup.outcome = outcome;
    if ('value' in outcome) {
      const serving = [lane.name, ...lane.servedBy].includes(outcome.value.lane);
      this.#check(
        serving && outcome.value.key === key,
        `${key} of ${lane.name} received the result of another`,
      );
    } else {
      const { error } = outcome;
      const isDisconnected = client.signal.aborted && error === client.signal.reason;
      const explained = isDisconnected || this.failures.has(error) || error instanceof GatewayError;
      this.#check(explained, `${key} of ${lane.name} failed for the reason of another`);
    }
  }

  #check(holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(`at ${this.clock.now()} ms: ${otherwise}`);
  }
}

function newClient(deadlineAtMs = Infinity): Client {
  const life = new AbortController();
  const disconnect = () => life.abort(new Error('this client disconnected'));
  return { signal: life.signal, deadlineAtMs, disconnect };
}

interface Step {
  readonly toString: () => string;
  readonly act: (world: World) => void | Promise<void>;
}

/** A step that a counterexample prints in words. */
function step(words: string, act: Step['act']): Step {
  return { act, toString: () => words };
}

const index = fc.nat({ max: 30 });
const clientIndex = fc.nat({ max: 3 });
const laneIndex = fc.nat({ max: lanes.length - 1 });

const lookups = fc
  .tuple(laneIndex, clientIndex, fc.nat({ max: 40 }), fc.integer({ min: 1, max: 30 }))
  .map(([lane, client, first, count]) =>
    step(`client ${client} looks up ${count} ids from ${first} in lane ${lane}`, (world) => {
      const [key, caller] = [lanes[lane], world.clients[client]];
      for (let id = first; key && caller && id < first + count; id += 1)
        world.lookup(key, `id ${id}`, caller);
    }),
  );
const disconnects = clientIndex.map((client) =>
  step(`client ${client} disconnects`, (world) => world.disconnect(client)),
);
const waits = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1500 })).map((ms) =>
  step(`${ms} ms pass`, async (world) => {
    await world.clock.advance(ms);
    world.checkAtRest();
  }),
);
const pauses = fc.nat({ max: 1500 }).map((ms) => step(`${ms} ms of pause`, (world) => world.pause(ms)));
const responds = fc
  .tuple(index, fc.integer({ min: 1, max: 20 }))
  .map(([call, count]) =>
    step(`call ${call} settles ${count} ids`, (world) => void world.respond(call, count)),
  );
const ends = index.map((call) => step(`call ${call} ends`, (world) => world.end(call)));
const fails = index.map((call) =>
  step(`call ${call} fails`, (world) => world.end(call, new Error('failed'))),
);
const repeats = index.map((call) => step(`call ${call} is repeated`, (world) => world.callAgain(call)));

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: lookups },
    { weight: 2, arbitrary: disconnects },
    { weight: 6, arbitrary: waits },
    { weight: 1, arbitrary: pauses },
    { weight: 4, arbitrary: responds },
    { weight: 2, arbitrary: ends },
    { weight: 2, arbitrary: fails },
    { weight: 1, arbitrary: repeats },
  ),
  { maxLength: 60 },
);

test('calls are full, no id is in flight twice, the rate holds and every lookup settles, in any order of events', async () => {
  const property = fc.asyncProperty(steps, async (events) => {
    const world = new World(90);
    for (const { act } of events) {
      await act(world);
      await settled();
    }
    await world.drain();
    expect(world.broken).toEqual([]);
    assertWithinRate(world.startedAtMs, ratePerSecond);
    expect(world.coalescer).toMatchObject({ waiting: 0, inFlight: 0, lanes: 0 });
    expect(world.clock.pending).toBe(0);
  });
  await fc.assert(property, { numRuns: 200 });
});

test('no lane makes two calls before a waiting id is sent, whatever other callers request', async () => {
  const requests = fc.array(fc.tuple(laneIndex, fc.integer({ min: 1, max: 60 })), { maxLength: 8 });
  const property = fc.asyncProperty(requests, requests, laneIndex, async (before, after, lane) => {
    const world = new World(10_000);
    world.lookupMany(4, 220, newClient());
    for (const [index, count] of before) world.lookupMany(index, count, newClient());
    await world.clock.tick();
    const callsBefore = world.calls.length;
    world.lookup(lanes[lane] as LaneKey, 'the one', newClient());
    for (const [index, count] of after) {
      await world.clock.advance(50);
      world.lookupMany(index, count, newClient());
    }
    await world.clock.advance(windowMs);
    const next = world.calls.slice(callsBefore, callsBefore + lanes.length);
    expect(next.flatMap(({ unsettled }) => [...unsettled])).toContain('the one');
  });
  await fc.assert(property, { numRuns: 50 });
});

test('an id that is not refused is sent before its deadline when no further lookups come', async () => {
  const requests = fc.array(fc.tuple(laneIndex, fc.integer({ min: 1, max: 120 })), { maxLength: 8 });
  const own = fc.tuple(laneIndex, fc.integer({ min: 1, max: 60 }));
  const property = fc.asyncProperty(
    requests,
    own,
    fc.nat({ max: 4000 }),
    async (before, [lane, count], withinMs) => {
      const world = new World(10_000);
      world.lookupMany(4, 200, newClient());
      await world.clock.tick();
      for (const [index, many] of before) world.lookupMany(index, many, newClient());
      const client = newClient(world.clock.now() + withinMs);
      world.lookupMany(lane, count, client);
      await world.clock.advance(withinMs);
      const accepted = world.lookups.filter((each) => each.client === client && !each.outcome);
      const sent = new Set(world.calls.flatMap(({ unsettled }) => [...unsettled]));
      expect(accepted.filter(({ key }) => !sent.has(key))).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 50 });
});
