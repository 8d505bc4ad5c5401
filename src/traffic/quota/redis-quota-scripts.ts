/*
 * Two kinds of keys, each a hash that expires:
 *
 *   token bucket of a caller    missing   ids that are missing from the full bucket
 *                               at        time of the last update, by the clock of Redis
 *   usage of a caller and day   <replica> records that the replica has used or reserved
 *
 * Data of other programs under these keys must neither block a caller nor stay there. A key of another type is deleted,
 * and a field that is not a number counts as 0.
 */

const deleteOtherType = `
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
`;

/** `math.max(0, nan)` is 0 in Lua, and the debt of a bucket is bounded whatever the field holds. */
const refill = `${deleteOtherType}
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local ids, rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = redis.call('HMGET', KEYS[1], 'missing', 'at')
local elapsed = math.max(0, now - (tonumber(stored[2]) or now))
local missing = math.max(0, (tonumber(stored[1]) or 0) - elapsed * rate / 1000)
missing = math.min(2 * capacity, missing)
`;

/** The key expires when the bucket is full, because a full bucket equals an absent one. */
const store = `
redis.call('HSET', KEYS[1], 'missing', missing, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.min(31536000000, math.max(1, math.ceil(missing / rate * 1000))))
`;

/** Takes all ids and returns 0, or takes none and returns the milliseconds until the bucket holds enough. */
export const takeScript = `${refill}
local lacking = missing + ids - capacity
local waitMs = 0
if lacking > 1e-6 then waitMs = math.ceil(lacking / rate * 1000) else missing = missing + ids end
${store}
return waitMs
`;

/** Takes ids even if the bucket is empty. Its debt is at most its capacity. */
export const chargeScript = `${refill}
missing = math.min(2 * capacity, missing + ids)
${store}
`;

/**
 * Sets the records that a replica has used or reserved, and reserves as many of the wanted ones as are left. Returns
 * [records of this replica now, records of all other replicas].
 */
export const reserveScript = `${deleteOtherType}
local replica, own, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local perDay, keepMs = tonumber(ARGV[4]), tonumber(ARGV[5])
local others = 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local records = fields[i] ~= replica and tonumber(fields[i + 1]) or 0
  if records > 0 and records < 2 ^ 53 then others = others + math.floor(records) end
end
own = own + math.max(0, math.min(wanted, perDay - others - own))
redis.call('HSET', KEYS[1], replica, own)
redis.call('PEXPIRE', KEYS[1], keepMs)
return { own, others }
`;
