/*
 * The window of all replicas is one hash, so that Redis keeps or loses it as a whole:
 *
 *   at                      when a replica was here last
 *   opensAt                 nothing is granted before
 *   pausedUntil             nothing is granted before
 *   grant:<replica>:<n>     when the token of a call frees
 *   seen:<replica>          when the replica was here last
 *   share:<replica>         what the replica may use when Redis does not answer
 *
 * All times are milliseconds of the server's own clock; a token is booked from the end of the millisecond. A pause that is
 * longer than the longest is told again by the replica that was told to pause.
 */

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Far longer than Vonage asks to pause, and than a token stays booked. */
const longestMs = 300_000;

/**
 * Answers [verdict, now, waitMs, freesInMs, free, perWindow, share, replicas]. The verdict is 1 for a token granted, 0 for
 * none, -1 when the question came too late to be meant: then the replica may believe itself cut off, and must not be
 * counted as present.
 */
export const askScript = `${now}
local key = KEYS[1]
local me, grant = ARGV[1], 'grant:' .. ARGV[2]
local isHere, isWanted = ARGV[3] == '1', ARGV[4] == '1'
local claimed, expiresAt = tonumber(ARGV[5]), tonumber(ARGV[6])
local rate, windowMs, lagMs = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local missingMs, forgetMs, coldMs = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])

local state = {}
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do state[fields[i]] = tonumber(fields[i + 1]) end

-- What was granted lately is not known, and others may use their shares without knowing yet that Redis is back.
if not state.at or now < state.at then
  redis.call('DEL', key)
  state = { opensAt = now + coldMs }
  redis.call('HSET', key, 'opensAt', state.opensAt)
end
-- What no replica writes was written by somebody else: it would keep everybody waiting for ever, and stay.
local latest = now + ${longestMs}
local function momentOf(field)
  if not state[field] or state[field] <= latest then return state[field] or 0 end
  redis.call('HDEL', key, field)
  return 0
end
local isCold = momentOf('opensAt') > now
local opensAt = math.max(momentOf('opensAt'), momentOf('pausedUntil'))
redis.call('HSET', key, 'at', now)
redis.call('PEXPIRE', key, math.max(forgetMs, opensAt - now))
if isHere and now > expiresAt then return { -1, now, 0, 0, 0, 0, 0, 0 } end

-- A replica that was not here for a while may be using its share by itself; it is kept free until it is forgotten.
local promised, reserved, replicas = 0, 0, 1
for field, seenAt in pairs(state) do
  local replica = field:match('^seen:(.+)$')
  if replica and replica ~= me then
    local share = state['share:' .. replica] or 0
    if seenAt + forgetMs < now or not (seenAt <= latest) then
      redis.call('HDEL', key, field, 'share:' .. replica)
    else
      replicas = replicas + 1
      promised = promised + share
      if seenAt + missingMs < now then reserved = reserved + share end
    end
  end
end

-- The sum of all shares never exceeds the rate: one grows only after the others are known to have shrunk. Shares of a
-- window that was lost are taken over from those who come back while it is cold, and none grows meanwhile.
local left = math.max(0, rate - promised)
local held = state['share:' .. me] or 0
if isCold then held = math.max(held, math.min(claimed, left)) end
claimed = math.min(claimed, held)
local share = claimed
if isHere and not isCold then share = math.min(left, math.max(1, math.floor(rate / replicas))) end
if isHere then
  redis.call('HSET', key, 'seen:' .. me, now, 'share:' .. me, math.max(claimed, share))
elseif isCold and not state['seen:' .. me] then
  redis.call('HSET', key, 'seen:' .. me, now - missingMs - 1, 'share:' .. me, share)
end

local booked, others, freesAt = 0, 0, math.huge
local mine = 'grant:' .. me .. ':'
for field, freeAt in pairs(state) do
  if field:sub(1, 6) == 'grant:' and field ~= grant then
    if freeAt <= now or not (freeAt <= latest) then
      redis.call('HDEL', key, field)
    else
      booked = booked + 1
      freesAt = math.min(freesAt, freeAt)
      if field:sub(1, #mine) ~= mine then others = others + 1 end
    end
  end
end

local limit = rate - reserved
local verdict = 0
if isHere and isWanted and opensAt <= now and booked < limit then
  verdict = 1
  booked = booked + 1
  freesAt = math.min(freesAt, now + 1 + lagMs + windowMs)
  redis.call('HSET', key, grant, now + 1 + lagMs + windowMs)
end

local freesInMs = freesAt == math.huge and windowMs or freesAt - now
local waitMs = math.max(0, opensAt - now, booked >= limit and freesInMs or 0)
local perWindow = math.max(1, share, limit - others)
return { verdict, now, waitMs, freesInMs, math.max(0, limit - booked), perWindow, share, replicas }
`;

/**
 * A token is booked as if its call began at the last moment at which it may be granted. This books it as used from now:
 * when it was granted, if it stands there still; when its call begins, even if that took longer than a window.
 */
export const useScript = `${now}
local grant, windowMs, hasBegun = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local isKnown = redis.call('HEXISTS', KEYS[1], grant) == 1
if isKnown or hasBegun and redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], grant, now + 1 + windowMs)
end
`;

/** A window that is not there is closed for longer than most pauses; the replica that was told to pause keeps to it. */
export const pauseScript = `${now}
local untilMs = now + math.min(${longestMs}, tonumber(ARGV[1]))
local pausedUntil = redis.call('HGET', KEYS[1], 'pausedUntil')
if redis.call('EXISTS', KEYS[1]) == 0 or untilMs <= (tonumber(pausedUntil) or 0) then return end
redis.call('HSET', KEYS[1], 'pausedUntil', untilMs)
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), untilMs - now))
`;
