-- Gives the lease back if it is still ours, expired or not.
--
-- KEYS  1 lease  2 holder
-- ARGV  1 its value, `epoch:owner`  2 owner

if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
if redis.call('GET', KEYS[2]) == ARGV[2] and redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
return 1
