import { jest } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../../src/errors.js';
import { type Batch, Coalescer, type LaneKey } from '../../../src/traffic/batching/coalescer.js';
import type { Caller } from '../../../src/traffic/batching/pending-lookup.js';
import { SlidingWindowRateLimiter } from '../../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

/** For busy machines: a property is played many times. */
jest.setTimeout(60_000);

const ratePerSecond = 10;
const windowMs = 1015;

/** Lanes of one product in four details, of another product, and two that serve each other the same. */
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
  readonly leave: () => void;
}

interface Answer {
  readonly lane: string;
  readonly key: string;
}

interface LookedUp {
  readonly lane: LaneKey;
  readonly key: string;
  readonly client: Client;
  outcome?: { readonly value: Answer } | { readonly error: unknown };
}

interface Call {
  readonly batch: Batch<LaneKey, Answer>;
  readonly unsettled: Set<string>;
  end(failure?: Error): void;
}

/** A coalescer among clients and calls, which notes every broken promise. */
class World {
  readonly clock = new ManualClock(0);
  readonly rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond, clock: this.clock });
  readonly coalescer: Coalescer<LaneKey, Answer>;
  readonly clients = Array.from({ length: 4 }, () => newClient());
  readonly lookups: LookedUp[] = [];
  readonly failures = new Set<unknown>();
  readonly startedAtMs: number[] = [];
  readonly broken: string[] = [];
  calls: Call[] = [];
  openTurns = 0;
  pausedUntilMs = 0;

  constructor(readonly maxWaiting: number) {
    const { rateLimiter, clock } = this;
    this.coalescer = new Coalescer({ rateLimiter, clock, maxWaiting, send: (batch) => this.#send(batch) });
  }

  look(lane: LaneKey, key: string, client: Client): void {
    const lookup: LookedUp = { lane, key, client };
    this.lookups.push(lookup);
    this.coalescer.load({ lane, id: key, key }, client).then(
      (value) => this.#note(lookup, { value }),
      (error: unknown) => this.#note(lookup, { error }),
    );
  }

  /** Looks up ids that nobody else asks for. */
  lookMany(laneIndex: number, count: number, client: Client): void {
    const first = this.lookups.length;
    const lane = lanes[laneIndex] as LaneKey;
    for (let id = first; id < first + count; id += 1) this.look(lane, `own ${id}`, client);
  }

  /** One client goes, and another takes its place. */
  leave(index: number): void {
    this.clients[index]?.leave();
    this.clients[index] = newClient();
  }

  pause(durationMs: number): void {
    this.rateLimiter.pause(durationMs);
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.clock.now() + durationMs);
  }

  /** Answers some ids of a call in flight. */
  answer(index: number, count: number): void {
    const call = this.#call(index);
    for (const key of [...(call?.unsettled ?? [])].slice(0, count)) this.#settle(call, key);
  }

  /** Ends a call, with or without a failure; ids without an outcome fail either way. */
  end(index: number, failure?: Error): void {
    this.#call(index)?.end(failure);
  }

  /** Asks for one id of a call once more. */
  goOn(index: number): void {
    const call = this.#call(index);
    if (!call) return;
    this.openTurns += 1;
    void call.batch.acquireNext().then(() => {
      this.openTurns -= 1;
      this.rateLimiter.started();
      this.startedAtMs.push(this.clock.now());
      for (const key of [...call.unsettled].slice(0, 1)) this.#settle(call, key);
    });
  }

  /** What must hold whenever nothing is due. */
  checkAtRest(): void {
    const { waiting, inFlight } = this.coalescer;
    const lastFullMs = this.startedAtMs.at(-ratePerSecond) ?? -Infinity;
    const tokenFree = this.clock.now() >= Math.max(lastFullMs + windowMs, this.pausedUntilMs);
    const unsettled = this.calls.reduce((sum, call) => sum + call.unsettled.size, 0);
    const overdue = this.lookups.filter(({ client, outcome }) => client.signal.aborted && !outcome);
    this.#check(waiting <= this.maxWaiting, `${waiting} ids wait`);
    this.#check(inFlight === unsettled, `${inFlight} ids count as in flight instead of ${unsettled}`);
    this.#check(!tokenFree || waiting + this.openTurns === 0, 'a token is free while somebody waits');
    this.#check(overdue.length === 0, 'a client has left and was not told');
  }

  /** Answers everything until nobody waits; takes no longer than the rate demands. */
  async drain(): Promise<void> {
    const callsLeft = this.coalescer.waiting + this.openTurns;
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
      'somebody still waits in the end',
    );
  }

  async #send(batch: Batch<LaneKey, Answer>): Promise<void> {
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
      this.#check(this.#isWanted(batch.lane, key), `nobody wants ${key} of ${name} any more`);
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

  #note(lookup: LookedUp, outcome: NonNullable<LookedUp['outcome']>): void {
    const { lane, key, client } = lookup;
    lookup.outcome = outcome;
    if ('value' in outcome) {
      const serving = [lane.name, ...lane.servedBy].includes(outcome.value.lane);
      this.#check(serving && outcome.value.key === key, `${key} of ${lane.name} got another's answer`);
    } else {
      const { error } = outcome;
      const left = client.signal.aborted && error === client.signal.reason;
      const explained = left || this.failures.has(error) || error instanceof GatewayError;
      this.#check(explained, `${key} of ${lane.name} failed for another's reason`);
    }
  }

  #check(isFresh: boolean, otherwise: string): void {
    if (!isFresh) this.broken.push(`at ${this.clock.now()} ms: ${otherwise}`);
  }
}

function newClient(deadlineAtMs = Infinity): Client {
  const life = new AbortController();
  const leave = () => life.abort(new Error('this client has left'));
  return { signal: life.signal, deadlineAtMs, leave };
}

interface Step {
  readonly toString: () => string;
  readonly act: (world: World) => void | Promise<void>;
}

/** A step that a counterexample shows in words. */
function step(words: string, act: Step['act']): Step {
  return { act, toString: () => words };
}

const index = fc.nat({ max: 30 });
const clientIndex = fc.nat({ max: 3 });
const laneIndex = fc.nat({ max: lanes.length - 1 });

const looks = fc
  .tuple(laneIndex, clientIndex, fc.nat({ max: 40 }), fc.integer({ min: 1, max: 30 }))
  .map(([lane, client, first, count]) =>
    step(`client ${client} looks ${count} ids from ${first} up in lane ${lane}`, (world) => {
      const [key, caller] = [lanes[lane], world.clients[client]];
      for (let id = first; key && caller && id < first + count; id += 1) world.look(key, `id ${id}`, caller);
    }),
  );
const leaves = clientIndex.map((client) => step(`client ${client} leaves`, (world) => world.leave(client)));
const waits = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1500 })).map((ms) =>
  step(`${ms} ms pass`, async (world) => {
    await world.clock.advance(ms);
    world.checkAtRest();
  }),
);
const pauses = fc.nat({ max: 1500 }).map((ms) => step(`${ms} ms of pause`, (world) => world.pause(ms)));
const answers = fc
  .tuple(index, fc.integer({ min: 1, max: 20 }))
  .map(([call, count]) => step(`call ${call} answers ${count}`, (world) => void world.answer(call, count)));
const ends = index.map((call) => step(`call ${call} ends`, (world) => world.end(call)));
const fails = index.map((call) =>
  step(`call ${call} fails`, (world) => world.end(call, new Error('failed'))),
);
const goesOn = index.map((call) => step(`call ${call} goes on`, (world) => world.goOn(call)));

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: looks },
    { weight: 2, arbitrary: leaves },
    { weight: 6, arbitrary: waits },
    { weight: 1, arbitrary: pauses },
    { weight: 4, arbitrary: answers },
    { weight: 2, arbitrary: ends },
    { weight: 2, arbitrary: fails },
    { weight: 1, arbitrary: goesOn },
  ),
  { maxLength: 60 },
);

test('whatever happens in whatever order: full calls, no id twice in flight, the rate held, everyone answered', async () => {
  const isFresh = fc.asyncProperty(steps, async (played) => {
    const world = new World(90);
    for (const { act } of played) {
      await act(world);
      await settled();
    }
    await world.drain();
    expect(world.broken).toEqual([]);
    assertWithinRate(world.startedAtMs, ratePerSecond);
    expect(world.coalescer).toMatchObject({ waiting: 0, inFlight: 0, lanes: 0 });
    expect(world.clock.pending).toBe(0);
  });
  await fc.assert(isFresh, { numRuns: 200 });
});

test('whoever else comes with however much, no lane makes two calls before an id that waits is sent', async () => {
  const crowd = fc.array(fc.tuple(laneIndex, fc.integer({ min: 1, max: 60 })), { maxLength: 8 });
  const isFresh = fc.asyncProperty(crowd, crowd, laneIndex, async (before, setTimer, lane) => {
    const world = new World(10_000);
    world.lookMany(4, 220, newClient());
    for (const [index, count] of before) world.lookMany(index, count, newClient());
    await world.clock.tick();
    const callsBefore = world.calls.length;
    world.look(lanes[lane] as LaneKey, 'the one', newClient());
    for (const [index, count] of setTimer) {
      await world.clock.advance(50);
      world.lookMany(index, count, newClient());
    }
    await world.clock.advance(windowMs);
    const next = world.calls.slice(callsBefore, callsBefore + lanes.length);
    expect(next.flatMap(({ unsettled }) => [...unsettled])).toContain('the one');
  });
  await fc.assert(isFresh, { numRuns: 50 });
});

test('whoever is not refused is sent before its deadline, when nobody else comes', async () => {
  const crowd = fc.array(fc.tuple(laneIndex, fc.integer({ min: 1, max: 120 })), { maxLength: 8 });
  const own = fc.tuple(laneIndex, fc.integer({ min: 1, max: 60 }));
  const isFresh = fc.asyncProperty(
    crowd,
    own,
    fc.nat({ max: 4000 }),
    async (before, [lane, count], withinMs) => {
      const world = new World(10_000);
      world.lookMany(4, 200, newClient());
      await world.clock.tick();
      for (const [index, many] of before) world.lookMany(index, many, newClient());
      const client = newClient(world.clock.now() + withinMs);
      world.lookMany(lane, count, client);
      await world.clock.advance(withinMs);
      const accepted = world.lookups.filter((each) => each.client === client && !each.outcome);
      const sent = new Set(world.calls.flatMap(({ unsettled }) => [...unsettled]));
      expect(accepted.filter(({ key }) => !sent.has(key))).toEqual([]);
    },
  );
  await fc.assert(isFresh, { numRuns: 50 });
});
