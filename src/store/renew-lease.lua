-- Keeps the lease. It may have expired meanwhile: as long as the epoch is ours nobody else has had it.
--
-- KEYS  1 lease  2 epoch  3 standbys
-- ARGV  1 epoch  2 owner  3 time to live in ms
--
-- Answers {'held', who waits for it…}, {'another-owner'} or {'redis-forgot'}.

local known = tonumber(redis.call('GET', KEYS[2]) or '0')
local epoch = tonumber(ARGV[1])
if known > epoch then return {'another-owner'} end
if known < epoch then return {'redis-forgot'} end
local value = ARGV[1] .. ':' .. ARGV[2]
-- A Redis that has no memory left takes no SET, but lets what is there live on.
if redis.call('GET', KEYS[1]) == value then redis.call('PEXPIRE', KEYS[1], ARGV[3])
else redis.call('SET', KEYS[1], value, 'PX', ARGV[3]) end
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
return {'held', unpack(redis.call('ZRANGE', KEYS[3], 0, 99))}
