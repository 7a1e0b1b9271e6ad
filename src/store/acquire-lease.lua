-- Takes the lease when nobody holds it.
--
-- KEYS  1 lease  2 epoch  3 standby
-- ARGV  1 owner  2 time to live in ms  3 a holder known to be dead, whose lease may be taken now ('' for none)
--
-- Answers {'taken', epoch} or {'held', holder, ms until it expires}, and then leaves word that somebody waits.
--
-- The epoch is at least Redis' own time in seconds: a Redis that has lost its memory must not give out a number, and
-- with it event ids, that were in use before.

local lease = redis.call('GET', KEYS[1])
if lease then
  local holder = string.match(lease, '^%d+:(.*)$')
  if holder ~= ARGV[3] or ARGV[3] == '' then
    redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
    return {'held', holder, redis.call('PTTL', KEYS[1])}
  end
end
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local epoch = string.format('%.0f', math.max(last + 1, tonumber(redis.call('TIME')[1])))
redis.call('SET', KEYS[2], epoch)
redis.call('SET', KEYS[1], epoch .. ':' .. ARGV[1], 'PX', ARGV[2])
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
return {'taken', epoch}
