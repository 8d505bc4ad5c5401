import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { causeOf, RedisConnection, type RedisSource } from '../resilience/redis-connection.js';
import { longestSpacingMs } from './adaptive-rate.js';

export interface RedisRateWindowOptions {
  readonly redis: RedisSource;
  /** The name of the window. When it changes, this replica takes its state along to the other window. */
  key(): string;
  readonly ratePerSecond: number;
  /** Milliseconds for which a started call uses its token. */
  readonly windowMs: number;
  readonly commandTimeoutMs: number;
  readonly clock: Clock;
}

/** All that a replica tells the others. */
export interface ReplicaState {
  /** Tokens whose calls have not started. */
  readonly held: number;
  /** Milliseconds until the token of each started call frees. */
  readonly freesInMs: readonly number[];
  /** Milliseconds for which all replicas pause. */
  readonly pauseMs: number;
  /** Milliseconds that calls of all replicas start apart; 0 without a refusal. */
  readonly spacingMs: number;
}

export interface WindowReply {
  /** Tokens granted. The replica holds as many of them as its next exchange tells; the others are free again. */
  readonly granted: number;
  /** Milliseconds until another token can be granted to this replica; 0 when one is free. */
  readonly waitMs: number;
  /** Tokens that this replica can expect in one window. */
  readonly perWindow: number;
  /** Running replicas, this one included. */
  readonly replicas: number;
}

/**
 * The sliding window that all replicas share in Redis. A replica tells its whole state each time and never a change of it,
 * so a message that is lost or late is made up for by the next one, and so is a Redis that lost its data.
 */
export class RedisRateWindow {
  readonly #options: RedisRateWindowOptions;
  readonly #connection: RedisConnection;
  readonly #replicaId = randomUUID();
  #connectionError = 'Redis is not connected';

  constructor(options: RedisRateWindowOptions) {
    this.#options = options;
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, options.clock);
    this.#connection.redis.on('error', this.#keepError);
  }

  /**
   * Tells the state of this replica and asks for `wanted` tokens. One exchange at a time. Rejects with the reason when
   * Redis is not connected, refuses, or does not reply in time.
   */
  async exchange(state: ReplicaState, wanted: number): Promise<WindowReply> {
    if (!this.#connection.isReady) throw new Error(this.#connectionError);
    const [granted, waitMs, perWindow, replicas] = await this.#run(state, wanted, replicaExpiryMs);
    return { granted, waitMs, perWindow, replicas };
  }

  /** Removes this replica and ends the connection. The tokens of started calls stay in use until they free. */
  async close(freesInMs: readonly number[]): Promise<void> {
    const left = { held: 0, freesInMs, pauseMs: 0, spacingMs: 0 };
    // Without Redis the replica expires by itself.
    if (this.#connection.isReady) await this.#run(left, 0, 0).catch(() => undefined);
    this.#connection.redis.off('error', this.#keepError);
    this.#connection.close();
  }

  #run(
    { held, freesInMs, pauseMs, spacingMs }: ReplicaState,
    wanted: number,
    expiryMs: number,
  ): Promise<Numbers> {
    const { key, ratePerSecond, windowMs } = this.#options;
    // Before the command, whose time is limited: the first name after a change of the secret takes a while to derive.
    const name = key();
    const own = [Math.ceil(pauseMs), Math.ceil(spacingMs), held, ...freesInMs];
    const args = [ratePerSecond, windowMs, expiryMs, wanted, ...own];
    return this.#connection.run(
      (redis) => redis.eval(exchangeScript, 1, name, this.#replicaId, ...args) as Promise<Numbers>,
    );
  }

  /** A refused command says only that there is no connection; this says why, such as a wrong password. */
  readonly #keepError = (error: Error): void => {
    this.#connectionError = causeOf(error).message;
  };
}

type Numbers = [number, number, number, number];

/*
 * The window is one hash, so that Redis keeps or loses it as a whole. Every replica writes one field of its own and reads
 * the fields of the others. All moments are milliseconds by the server's clock:
 *
 *   at, opensAt    when a replica wrote last; until when nothing is granted
 *   grantedAt      when a token was granted last
 *   <replica id>   "expiresAt pausedUntil waiting held spacing freesAt freesAt ...": until when the replica counts as
 *                  running, until when it pauses all replicas, how many of its requests wait, how many of its tokens wait
 *                  for their calls, how many milliseconds calls have to start apart, and when the token of each started
 *                  call frees
 *
 * The script removes any other field, and ignores any moment that no replica writes.
 */

/** Milliseconds without a message after which a replica no longer counts as running. */
const replicaExpiryMs = 5000;

/**
 * Milliseconds without a message after which a replica starts no call: it was killed, since it writes every 250 ms. Its last
 * calls use their tokens for one more window. A replica that takes its place need not wait for `replicaExpiryMs`.
 */
const silentReplicaMs = 500;

/** Milliseconds without a message of any replica after which replicas may have made calls that the window lacks. */
const silenceMs = 1000;

/**
 * Milliseconds for which a window that is new, or may lack calls, grants nothing: every replica writes its calls meanwhile.
 * A replica that was killed looks like one that lost Redis for a moment and makes calls alone.
 */
const openingMs = 500;

/** The longest pause that the window keeps. A replica repeats a longer one until it is over. */
const longestPauseMs = 300_000;

/**
 * KEYS: the window. ARGV: the replica's id, the rate, the window in ms, ms until the replica expires, tokens wanted, ms of
 * its pause, ms that calls have to start apart, tokens it holds, ms until each of its other tokens frees.
 * Replies [tokens granted, ms until another can be granted, tokens that the replica can expect in one window, replicas].
 */
const exchangeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local key, me = KEYS[1], ARGV[1]
local rate, windowMs, expiryMs, wanted = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local pauseMs, spacing, held = math.min(tonumber(ARGV[6]), ${longestPauseMs}), tonumber(ARGV[7]), tonumber(ARGV[8])
if redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end

local replicas, contenders, inUse = 1, 1, 0
local pausedUntil, nextFreesAt, largestSpacing = now + pauseMs, math.huge, spacing

-- False for NaN.
local function isWithin(moment, ms) return moment > now and moment <= now + ms end

-- Counts what another replica wrote. Returns false when nothing of it counts any more.
local function read(text)
  local numbers = {}
  for word in text:gmatch('%S+') do numbers[#numbers + 1] = tonumber(word) or 0 end
  local isRunning = isWithin(numbers[1] or 0, ${replicaExpiryMs})
  local isPausing = isWithin(numbers[2] or 0, ${longestPauseMs})
  if isRunning then replicas = replicas + 1 end
  if isRunning and now - (numbers[1] - ${replicaExpiryMs}) < ${silentReplicaMs} + windowMs then
    if (numbers[3] or 0) > 0 then contenders = contenders + 1 end
    if (numbers[4] or 0) > 0 then inUse = inUse + math.min(numbers[4], rate) end
    if (numbers[5] or 0) <= ${longestSpacingMs} then largestSpacing = math.max(largestSpacing, numbers[5] or 0) end
  end
  if isPausing then pausedUntil = math.max(pausedUntil, numbers[2]) end
  local isUsing = false
  for i = 6, #numbers do
    if isWithin(numbers[i], 2 * windowMs) then
      isUsing = true
      inUse = inUse + 1
      nextFreesAt = math.min(nextFreesAt, numbers[i])
    end
  end
  return isRunning or isPausing or isUsing
end

local at, opensAt, grantedAt
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
  local name, text = fields[i], fields[i + 1]
  if name == 'at' then at = tonumber(text)
  elseif name == 'opensAt' then opensAt = tonumber(text)
  elseif name == 'grantedAt' then grantedAt = tonumber(text)
  elseif name ~= me and not read(text) then redis.call('HDEL', key, name) end
end
local isValid = at and at <= now and opensAt and opensAt <= now + ${openingMs}
local isKnown = isValid and at > now - ${silenceMs}
-- Where every other replica has left, none can have made a call that the window lacks.
local isDeserted = isValid and replicas == 1
if not isKnown then opensAt = isDeserted and now or now + ${openingMs} end
if not grantedAt or not (grantedAt <= now) then grantedAt = 0 end

-- While requests of other replicas wait as well, each replica has its part of the window and no more.
local mine = held + #ARGV - 8
local free = math.max(0, math.min(rate - inUse, math.ceil(rate / contenders)) - mine)
local isSpaced = largestSpacing > 0
local grantsAt = math.max(opensAt, pausedUntil, isSpaced and grantedAt + largestSpacing or 0)
local granted = grantsAt <= now and math.min(wanted, free, isSpaced and 1 or wanted) or 0
if granted > 0 then grantedAt = now end
if granted > 0 and isSpaced then grantsAt = now + largestSpacing end

local written = { now + expiryMs, now + pauseMs, wanted - granted, held + granted, spacing }
for i = 9, #ARGV do
  written[i - 3] = now + 1 + math.ceil(ARGV[i])
  nextFreesAt = math.min(nextFreesAt, written[i - 3])
end
redis.call('HSET', key, me, table.concat(written, ' '), 'at', now, 'opensAt', opensAt, 'grantedAt', grantedAt)
redis.call('PEXPIRE', key, math.max(${replicaExpiryMs}, grantsAt - now))

local waitMs = grantsAt - now
if granted == free then waitMs = math.max(waitMs, math.min(nextFreesAt - now, windowMs)) end
return { granted, waitMs, math.max(1, math.floor(rate / replicas), rate - inUse), replicas }
`;
