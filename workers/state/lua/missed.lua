-- Entries that somebody trimmed or deleted before any worker read them: told once, by whoever looks.
--
-- Whatever was added has ended (and is counted), is pending, or waits; the rest was missed. No server
-- says how many wait behind a gap (the group's own lag and read counter are wrong there on some), so
-- it is told when it is plain: when nothing that was delivered is in the stream any more, all in it
-- waits; and where placed entries are deleted, all in it waits or is pending. What was missed before
-- this was first looked at is the base, and is not told.
--
-- KEYS[1] {NS}:articles   KEYS[2] {NS}:dead
-- ARGV  1 key prefix   2 group   3 '1' if placed entries are deleted
--       4 of how many the letter tells, '0' to look only   5 the letter, JSON
-- Returns {how many were missed and were not told before, last delivered id, id before which they
-- were, 1 if the letter was written}.

local P, deletes = ARGV[1], ARGV[3] == '1'
local counts_key = P .. KEY_COUNTS
local group = group_of(KEYS[1], ARGV[2])
if not group then return {0, '', '', 0} end
local stream = about(redis.call('XINFO', 'STREAM', KEYS[1]))
local added, length, pending = stream['entries-added'], stream['length'], group['pending']
local delivered, first = group['last-delivered-id'], stream['recorded-first-entry-id']
if not added then return {0, '', '', 0} end -- before 7.0 nobody counts

local function precedes(one, other)
  local ms, seq = string.match(one, '^(%d+)-(%d+)$')
  local other_ms, other_seq = string.match(other, '^(%d+)-(%d+)$')
  if ms == other_ms then ms, other_ms = seq, other_seq end
  -- As text: numbers of this length are not exact here.
  if #ms ~= #other_ms then return #ms < #other_ms end
  return ms < other_ms
end

local function pending_and_gone()
  local gone = 0
  if pending == 0 then return gone end
  for _, each in ipairs(redis.call('XPENDING', KEYS[1], ARGV[2], '-', '+', pending)) do
    if precedes(each[1], first) or not redis.call('XRANGE', KEYS[1], each[1], each[1])[1] then gone = gone + 1 end
  end
  return gone
end

local found = redis.call('HMGET', counts_key, COUNT_PLACED, COUNT_VERSIONS, COUNT_HELD, COUNT_KILLED,
  COUNT_REPEATED, COUNT_DEAD)
local ended = -tonumber(redis.call('HGET', counts_key, MISSED_DEAD_COMMANDS) or '0')
for at = 1, 6 do ended = ended + tonumber(found[at] or '0') end
local told = tonumber(redis.call('HGET', counts_key, COUNT_MISSED) or '0')
local known = redis.call('HGET', counts_key, MISSED_BASE)
local base = known and tonumber(known)
if not base and delivered == '0-0' and redis.call('EXISTS', counts_key) == 0 then base = 0 end

local missed
local all_wait = length == 0 or precedes(delivered, first)
local before = delivered
if all_wait then before = length == 0 and stream['last-generated-id'] or first end
if all_wait then
  missed = added - length - ended - pending
elseif deletes then
  missed = added - length - ended
  if not base or missed > base + told then missed = missed - pending_and_gone() end
else
  return {0, delivered, before, 0}
end

-- Below the base: entries that were delivered once more by a group made anew, and counted twice.
if not base or (all_wait and missed < base + told) then base = missed - told end
if known ~= string.format('%d', base) then redis.call('HSET', counts_key, MISSED_BASE, string.format('%d', base)) end
local untold = math.max(0, missed - base - told)
if untold > 0 and ARGV[4] == tostring(untold) then
  redis.call('XADD', KEYS[2], '*', 'data', ARGV[5])
  redis.call('HINCRBY', counts_key, COUNT_MISSED, untold)
  return {untold, delivered, before, 1}
end
return {untold, delivered, before, 0}
