/**
 * Cost of a day of polling: 10,000 messages over 24 hours, and 20 readers that each poll every message every 30 seconds
 * until it is final. Vonage bills every record of every response. A manual clock drives the real engine. To run in
 * seconds, the benchmark simulates every twentieth message and multiplies the sums by twenty. The size of the batches
 * does not affect the number of billed records. `npm run bench -- polling-cost`
 */

import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import { Direction, Product } from '../src/catalogue/product.js';
import type { WireRow } from '../src/records/base.js';
import { fullVisibility } from '../src/records/record-mask.js';
import type { RecordsSource } from '../src/retrieval/calls/ids-calls.js';
import { sizeOfPage } from '../src/retrieval/pages/page.js';
import { RecordEngine } from '../src/retrieval/record-engine.js';
import { UnansweredLookup } from '../src/retrieval/record-store.js';
import { CacheDependencies, sizeOfRows } from '../src/retrieval/rows-cache.js';
import { UsageMeter } from '../src/retrieval/usage-meter.js';
import { seededInt, wireTime } from '../src/simulator/row-maker.js';
import { MemoryCache } from '../src/traffic/cache/cache.js';
import { ownClaims } from '../src/traffic/cache/claims.js';
import { SlidingWindowRateLimiter } from '../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Credentials } from '../src/vonage/credentials.js';
import { ManualClock } from '../test/support/manual-clock.js';
import { fixed, print, printTable } from './support/print.js';

const messageCount = 10_000;
/** The simulation covers one message in this many. */
const scale = 20;
const readers = 20;
const pollMs = 30_000;
const dayMs = 24 * 60 * 60 * 1000;
const startMs = Date.UTC(2026, 0, 5);
/** List price of 2020, from an archived copy of Vonage's page about the Reports API; today's price is on a contract. */
const eurPerRecord = 0.0004;
const accountId = 'abcd1234';

/** A message and the time of its delivery receipt. */
interface Message {
  readonly id: string;
  readonly sentAtMs: number;
  readonly finalAtMs: number;
}

export async function benchPollingCost(): Promise<void> {
  const { decoders } = await buildServedSchema();
  const messages = Array.from({ length: messageCount / scale }, (_, index) => messageOf(index));
  const polls = pollsOf(messages);
  const rows: string[][] = [];
  let uncached = 0;
  for (const pendingTtlMs of [5000, 30_000]) {
    const { polled, billed } = await simulate(messages, polls, decoders, pendingTtlMs);
    // Without the engine Vonage bills every poll of every reader. The polls are the same.
    if (uncached === 0) rows.push(row('each reader by itself, a call a record', polled, polled));
    uncached = polled;
    rows.push(row(`the gateway, pending records cached ${pendingTtlMs / 1000} s`, billed, polled));
  }
  printTable(['10,000 messages, 20 readers, a poll every 30 s', 'records billed', 'EUR', 'saving'], rows);
  const hours = (uncached * scale) / 10 / 3600;
  print(`one call a record would take ${fixed(hours, 0)} hours a day at ten calls a second`);
  print(`at ${eurPerRecord} EUR a record, the list price of 2020`);
}

function row(name: string, billed: number, uncached: number): string[] {
  return [
    name,
    fixed(billed * scale, 0),
    fixed(billed * scale * eurPerRecord, 2),
    `${fixed(uncached / billed, 1)} times`,
  ];
}

/** Most receipts arrive within minutes, some within the hour, few within the day. One message in a thousand gets none. */
function messageOf(index: number): Message {
  const draw = (limit: number, ...words: string[]) => seededInt(limit, 'money', index, ...words);
  const percentile = draw(1000, 'class');
  const seconds = (from: number, to: number) => from + draw(to - from, 'delay');
  const delaySeconds =
    percentile < 900
      ? seconds(5, 180)
      : percentile < 980
        ? seconds(180, 3600)
        : percentile < 999
          ? seconds(3600, 43_200)
          : 72 * 3600;
  const sentAtMs = startMs + draw(dayMs / 1000, 'sent') * 1000;
  return {
    id: (0xa000_0000 + index).toString(16).toUpperCase().padStart(16, '1'),
    sentAtMs,
    finalAtMs: sentAtMs + delaySeconds * 1000,
  };
}

/** The first polls by their time. A reader starts within 30 seconds of the message and polls until it is final. */
function pollsOf(messages: readonly Message[]): ReadonlyMap<number, Message[]> {
  const first = new Map<number, Message[]>();
  messages.forEach((message, index) => {
    for (let reader = 0; reader < readers; reader += 1) {
      const atMs = message.sentAtMs + seededInt(pollMs / 1000, 'reader', index, reader) * 1000;
      add(first, atMs, message);
    }
  });
  return first;
}

function add(polls: Map<number, Message[]>, atMs: number, message: Message): void {
  const known = polls.get(atMs);
  if (known) known.push(message);
  else polls.set(atMs, [message]);
}

async function simulate(
  messages: readonly Message[],
  first: ReadonlyMap<number, Message[]>,
  decoders: Awaited<ReturnType<typeof buildServedSchema>>['decoders'],
  pendingTtlMs: number,
): Promise<{ polled: number; billed: number }> {
  const clock = new ManualClock(startMs);
  const engine = engineFor(messages, clock, decoders, pendingTtlMs);
  const polls = new Map(Array.from(first, ([atMs, list]) => [atMs, [...list]]));
  let polled = 0;
  for (let atMs = startMs; polls.size > 0; atMs += 1000) {
    const due = polls.get(atMs);
    if (!due) continue;
    polls.delete(atMs);
    await clock.advance(atMs - clock.now());
    const lookups = due.map(({ id }) => isFinal(engine, id, clock));
    await clock.tick();
    const finals = await Promise.all(lookups);
    polled += due.length;
    due.forEach((message, index) => {
      if (!finals[index]) add(polls, atMs + pollMs, message);
    });
  }
  return { polled, billed: engine.recordsBilled };
}

async function isFinal(engine: RecordEngine, id: string, clock: ManualClock): Promise<boolean> {
  const operation = {
    signal: new AbortController().signal,
    deadlineAtMs: clock.now() + 30_000,
    meter: new UsageMeter(),
    cacheDependencies: new CacheDependencies(),
    sees: fullVisibility,
  };
  const content = { messageBodyOf: new Set<string>(), concatenatedOf: new Set<string>() };
  const { store } = engine;
  const scope = store.scope({ accountId, products: [Product.SMS], direction: Direction.OUTBOUND, content });
  const found = store.find(store.lookup(id, scope), operation);
  const [record] = found instanceof UnansweredLookup ? ((await store.load([found])[0]) ?? []) : found;
  if (!record) throw new Error(`${id} was not found`);
  return record.isFinal;
}

function engineFor(
  messages: readonly Message[],
  clock: ManualClock,
  decoders: Awaited<ReturnType<typeof buildServedSchema>>['decoders'],
  pendingTtlMs: number,
): RecordEngine {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const source: RecordsSource = {
    recordsByIds: async ({ id }, _credentials, listener) => {
      listener.onRequestStart();
      return {
        rows: id.split(',').map((each) => rowOf(byId.get(each) as Message, clock.now())),
        idsNotFound: [],
      };
    },
  };
  const credentials = new Credentials(accountId, 'secret');
  return new RecordEngine({
    source,
    credentials: () => credentials,
    cacheSpace: accountId,
    // A high rate, because this benchmark does not measure waiting times.
    rateLimiter: new SlidingWindowRateLimiter({ ratePerSecond: 1000, clock }),
    clock,
    pageSource: { recordsByDate: () => Promise.reject(new Error('This benchmark lists no records.')) },
    pageClaims: ownClaims,
    pageCache: new MemoryCache({ maxBytes: 0, sizeOf: sizeOfPage, clock }),
    privatePageCache: new MemoryCache({ maxBytes: 0, sizeOf: sizeOfPage, clock }),
    cache: new MemoryCache({ maxBytes: 2 ** 26, sizeOf: sizeOfRows, clock }),
    cachePolicy: { finalTtlMs: dayMs, pendingTtlMs, notFoundTtlMs: 2000 },
    cacheMessageBodies: false,
    batchSize: 20,
    decoders,
    random: () => 0,
  });
}

/** The row that Vonage returns for a message at a time. */
function rowOf({ id, sentAtMs, finalAtMs }: Message, nowMs: number): WireRow {
  const status = nowMs >= finalAtMs ? 'delivered' : 'submitted';
  return {
    account_id: accountId,
    message_id: id,
    date_received: wireTime(sentAtMs),
    status,
    total_price: '0.03330000',
  };
}
