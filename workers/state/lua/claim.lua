-- Take entries over to try them together, and note beforehand that they kill their worker.
--
-- So no death has to be noticed: if the worker dies, what is noted stands; if it lives, it puts
-- the record back (lua/settle.lua). One that is tried alone has then failed once more; of several
-- nobody knows which it was, and only a part of them may be in hand together the next time.
--
-- {NS}:tries holds, by entry id, "failures:limit": how often the entry failed or died alone, and
-- how many may be in hand together at its next try. While it is tried, behind a space: the record
-- as it was ("0:0" for none), a space and the era. In another era that one is in force: whether
-- the worker died, or the server lost that it did not, can't be told.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group   3 consumer   4 ms that they must be idle
--       5 into how many parts they come if they kill their worker
--       6 bytes at most, of one and of all: what is beyond them is not claimed   7.. entry ids
-- Returns {{entry id, fields, bytes, deliveries} for each that was claimed, {entry id, deliveries}
-- for each that is pending though somebody deleted it}. Fields of one that is larger are cut.

local P, group, consumer, idle, parts = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local bytes, sum = tonumber(ARGV[6]), 0
local tries = P .. KEY_TRIES

local claimed, gone = {}, {}
for at = 7, #ARGV do
  local id = ARGV[at]
  local pending = redis.call('XPENDING', KEYS[1], group, 'IDLE', idle, id, id, 1)[1]
  if pending then
    -- Before it is claimed: from 7.0 on, XCLAIM forgets a deleted one without a word.
    local found = redis.call('XRANGE', KEYS[1], id, id)[1]
    if found then
      sum = sum + size_of(found[2])
      if #claimed > 0 and sum > bytes then break end
      local deliveries = pending[4] + 1
      redis.call('XCLAIM', KEYS[1], group, consumer, idle, id, 'RETRYCOUNT', deliveries, 'JUSTID')
      local entry = told(found, bytes)
      entry[4] = deliveries
      claimed[#claimed + 1] = entry
    else
      gone[#gone + 1] = {id, pending[4]}
    end
  end
end

for _, entry in ipairs(claimed) do
  local text = redis.call('HGET', tries, entry[1]) or '0:0'
  local failures, limit = string.match(text, '^(%d+):(%d+)')
  local was_failures, was_limit, its_era = string.match(text, ' (%d+):(%d+) (%x*)$')
  if its_era and its_era ~= era then failures, limit = was_failures, was_limit end
  local then_failures, then_limit = tonumber(failures), math.ceil(#claimed / parts)
  if #claimed == 1 then then_failures = then_failures + 1 end
  if tonumber(limit) > 0 then then_limit = math.min(then_limit, tonumber(limit)) end
  redis.call('HSET', tries, entry[1], string.format('%d:%d %s:%s %s', then_failures, then_limit, failures, limit, era))
end
return {claimed, gone}
