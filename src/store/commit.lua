-- One step of the engine, whole or not at all.
--
-- KEYS  1 epoch  2 tail  3 journal  4 contacts  5 agents  6 offers  7 closed  8 left  9… the lines that changed
-- ARGV  1 the writer's epoch
--       2 number of the first event
--       3 '1': what the hashes and the given lines hold is dropped first
--       4 count of earlier events, then for each its id and JSON: those that are not in the journal (any more) are added
--       then count of events, then each event as JSON
--       then for contacts, agents, offers, closed, left: count of pairs, then id, JSON ('' removes)
--       then for each line in the order of KEYS: count of pairs, then contact, score ('' removes)
--
-- Answers 'committed' (also when these events are in the journal already: nothing is written then, because what
-- follows them may have been written since), 'fenced' when a newer epoch exists, 'forgot' when Redis no longer holds
-- what it once acknowledged. All checks come before the first write, since Redis does not undo a script.

local epoch = tonumber(ARGV[1])
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known > epoch then return 'fenced' end
if known < epoch then return 'forgot' end

local earlier = tonumber(ARGV[4])
local first, count = tonumber(ARGV[2]), tonumber(ARGV[5 + 2 * earlier])
local last = first + count - 1
local written = 0
local tail = redis.call('GET', KEYS[2])
if tail then
  local tailEpoch, tailSeq = string.match(tail, '^(%d+)-(%d+)$')
  if tonumber(tailEpoch) > epoch then return 'fenced' end
  if tonumber(tailEpoch) == epoch then written = tonumber(tailSeq) end
end
if written < first - 1 then return 'forgot' end
if written >= first and (written >= last or ARGV[3] == '1') then return 'committed' end

if ARGV[3] == '1' then
  for i = 4, #KEYS do redis.call('DEL', KEYS[i]) end
end

-- Under the ids that they had, so that whoever has read them before knows them again.
if earlier > 0 then
  local newest = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
  local topEpoch, topSeq = string.match(newest and newest[1] or '0-0', '^(%d+)-(%d+)$')
  topEpoch, topSeq = tonumber(topEpoch), tonumber(topSeq)
  for i = 5, 3 + 2 * earlier, 2 do
    local itsEpoch, itsSeq = string.match(ARGV[i], '^(%d+)-(%d+)$')
    itsEpoch, itsSeq = tonumber(itsEpoch), tonumber(itsSeq)
    if itsEpoch > topEpoch or (itsEpoch == topEpoch and itsSeq > topSeq) then
      redis.call('XADD', KEYS[3], ARGV[i], 'e', ARGV[i + 1])
      topEpoch, topSeq = itsEpoch, itsSeq
    end
  end
  redis.call('SET', KEYS[2], string.format('%.0f-%.0f', topEpoch, topSeq))
end

local at = 6 + 2 * earlier
for seq = first, last do
  if seq > written then
    redis.call('XADD', KEYS[3], ARGV[1] .. '-' .. string.format('%.0f', seq), 'e', ARGV[at])
  end
  at = at + 1
end
if count > 0 then redis.call('SET', KEYS[2], ARGV[1] .. '-' .. string.format('%.0f', last)) end

for key = 4, 8 do
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

for key = 9, #KEYS do
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
