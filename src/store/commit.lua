-- One step of the engine, whole or not at all.
--
-- KEYS  1 epoch  2 tail  3 journal  4 contacts  5 agents  6 offers  7… the lines that changed
-- ARGV  1 the writer's epoch
--       2 number of the first event
--       3 '1': what the hashes and the given lines hold is dropped first
--       4 count of events, then each event as JSON
--       then for contacts, agents, offers: count of pairs, then id, JSON ('' removes)
--       then for each line in the order of KEYS: count of pairs, then contact, score ('' removes)
--
-- Answers 'committed' (also when these events are in the journal already: nothing is written then, because what
-- follows them may have been written since), 'fenced' when a newer epoch exists, 'forgot' when Redis no longer holds
-- what it once acknowledged. All checks come before the first write, since Redis does not undo a script.

local epoch = tonumber(ARGV[1])
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known > epoch then return 'fenced' end
if known < epoch then return 'forgot' end

local first, count = tonumber(ARGV[2]), tonumber(ARGV[4])
local last = first + count - 1
local written = 0
local tail = redis.call('GET', KEYS[2])
if tail then
  local tailEpoch, tailSeq = string.match(tail, '^(%d+)-(%d+)$')
  if tonumber(tailEpoch) > epoch then return 'fenced' end
  if tonumber(tailEpoch) == epoch then written = tonumber(tailSeq) end
end
if written < first - 1 then return 'forgot' end
if written >= first and written >= last then return 'committed' end

if ARGV[3] == '1' then
  for i = 4, #KEYS do redis.call('DEL', KEYS[i]) end
end

local at = 5
for seq = first, last do
  if seq > written then
    redis.call('XADD', KEYS[3], ARGV[1] .. '-' .. string.format('%.0f', seq), 'e', ARGV[at])
  end
  at = at + 1
end
if count > 0 then redis.call('SET', KEYS[2], ARGV[1] .. '-' .. string.format('%.0f', last)) end

for key = 4, 6 do
  local pairsLeft = tonumber(ARGV[at])
  at = at + 1
  while pairsLeft > 0 do
    if ARGV[at + 1] == '' then
      redis.call('HDEL', KEYS[key], ARGV[at])
    else
      redis.call('HSET', KEYS[key], ARGV[at], ARGV[at + 1])
    end
    at = at + 2
    pairsLeft = pairsLeft - 1
  end
end

for key = 7, #KEYS do
  local pairsLeft = tonumber(ARGV[at])
  at = at + 1
  while pairsLeft > 0 do
    if ARGV[at + 1] == '' then
      redis.call('ZREM', KEYS[key], ARGV[at])
    else
      redis.call('ZADD', KEYS[key], ARGV[at + 1], ARGV[at])
    end
    at = at + 2
    pairsLeft = pairsLeft - 1
  end
end
return 'committed'
