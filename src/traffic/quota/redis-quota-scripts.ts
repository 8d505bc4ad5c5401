/*
 * Two kinds of keys, each a hash that expires:
 *
 *   a bucket of ids             missing   ids that it lacks to be full
 *                               at        when, by the server's clock
 *   records of one day          <replica's account>   records that are on it
 *
 * What somebody else put there must neither stop a caller nor stay: what is no hash is deleted, and what is no number
 * counts as 0.
 */

const dropOthers = `
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
`;

/** The larger of 0 and what is no number is 0; and nobody owes more than the bucket holds, whatever stands there. */
const refill = `${dropOthers}
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local ids, rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'missing', 'at')
local elapsed = math.max(0, now - (tonumber(kept[2]) or now))
local missing = math.max(0, (tonumber(kept[1]) or 0) - elapsed * rate / 1000)
missing = math.min(2 * capacity, missing)
`;

/** A bucket that is full is the same as none. */
const keep = `
redis.call('HSET', KEYS[1], 'missing', missing, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.min(31536000000, math.max(1, math.ceil(missing / rate * 1000))))
`;

/** Takes all ids or none. Answers with the milliseconds until so many are there; 0 when they were taken. */
export const takeScript = `${refill}
local lacking = missing + ids - capacity
local waitMs = 0
if lacking > 1e-6 then waitMs = math.ceil(lacking / rate * 1000) else missing = missing + ids end
${keep}
return waitMs
`;

/** Takes ids that are not there, too, up to as many as the full bucket holds. */
export const chargeScript = `${refill}
missing = math.min(2 * capacity, missing + ids)
${keep}
`;

/**
 * Says what is on one account, and books as many more records on it as are wanted and left. Answers [records on it now,
 * records on the other accounts].
 */
export const reserveScript = `${dropOthers}
local me, mine, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local perDay, keepMs = tonumber(ARGV[4]), tonumber(ARGV[5])
local others = 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local records = fields[i] ~= me and tonumber(fields[i + 1]) or 0
  if records > 0 and records < 2 ^ 53 then others = others + math.floor(records) end
end
mine = mine + math.max(0, math.min(wanted, perDay - others - mine))
redis.call('HSET', KEYS[1], me, mine)
redis.call('PEXPIRE', KEYS[1], keepMs)
return { mine, others }
`;
