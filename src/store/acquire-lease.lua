-- Takes the lease when nobody holds it.
--
-- KEYS  1 lease  2 epoch  3 standbys  4 holder
-- ARGV  1 owner  2 time to live in ms  3 a holder known to be dead, whose lease may be taken now ('' for none)
--       4 a holder whose lease may be taken once it has expired ('' for none)
--
-- Answers {'taken', epoch}, {'held', holder, ms until it expires} or {'expired', holder}; with the last two it leaves
-- word that somebody waits. An expired lease is not taken unasked: its holder may be well and about to renew it, with
-- a Redis that was away for both of us.
--
-- The epoch is at least Redis' own time in seconds: a Redis that has lost its memory must not give out a number, and
-- with it event ids, that were in use before.

local time = redis.call('TIME')
local lease = redis.call('GET', KEYS[1])
local holder = redis.call('GET', KEYS[4]) or (lease and string.match(lease, '^%d+:(.*)$'))
if holder and holder ~= ARGV[1] and holder ~= ARGV[3] and (lease or holder ~= ARGV[4]) then
  redis.call('ZADD', KEYS[3], tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
  if lease then return {'held', holder, redis.call('PTTL', KEYS[1])} end
  return {'expired', holder}
end
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local epoch = string.format('%.0f', math.max(last + 1, tonumber(time[1])))
redis.call('SET', KEYS[2], epoch)
redis.call('SET', KEYS[1], epoch .. ':' .. ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return {'taken', epoch}
