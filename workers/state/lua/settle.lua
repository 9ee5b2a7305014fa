-- Say of entries that were in hand what became of them, where that was no end and no death.
--
-- Only of those that are pending with the consumer: another may have claimed them meanwhile. And
-- only of those that are still in the stream: from 7.0 on, XCLAIM takes a deleted one off the pending
-- list without a word, and nobody would bury it.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group   3 consumer
--       4 '1' to put back what lua/claim.lua noted, '' to leave it
--       5.. for each: entry id, ms that it is idle from now on
-- Returns how many were.

local P, group, consumer, back = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local tries = P .. KEY_TRIES
local settled = 0
for at = 5, #ARGV, 2 do
  local id = ARGV[at]
  -- A group that was lost is made anew, and delivers all again.
  local pending = redis.pcall('XPENDING', KEYS[1], group, id, id, 1, consumer)[1]
  if pending and redis.call('XRANGE', KEYS[1], id, id)[1] then
    local deliveries = pending[4]
    local failures, limit
    if back then
      local text = redis.call('HGET', tries, id) or ''
      failures, limit = string.match(text, ' (%d+):(%d+) %x*$')
      if failures then deliveries = deliveries - 1 end
    end
    redis.call('XCLAIM', KEYS[1], group, consumer, 0, id, 'IDLE', ARGV[at + 1], 'RETRYCOUNT', deliveries, 'JUSTID')
    if limit == '0' then
      redis.call('HDEL', tries, id)
    elseif limit then
      redis.call('HSET', tries, id, failures .. ':' .. limit)
    end
    settled = settled + 1
  end
end
return settled
