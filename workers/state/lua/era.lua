-- Which history of the namespace this is: the era, a random word in the clock's hash.
--
-- A server that was killed, or a replica that took over, lacks what was written last, and gives the
-- same numbers, revisions and positions to other things. So each server begins an era of its
-- own, before any worker's first command reaches it (workers/state/era.py).
--
-- KEYS[1] {NS}:articles   ARGV  1 key prefix   2 word for an era that begins now
--       3 '' or an era that must not go on
-- Returns the era, the one before ('' if its memory must not be kept), the last number when it
-- ended, and the floor now.

local clock = ARGV[1] .. KEY_CLOCK
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  .. string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local known = redis.call('HMGET', clock, CLOCK_SERVER, CLOCK_ERA)
if known[1] ~= server or not known[2] or known[2] == ARGV[3] then
  local was = known[2] ~= ARGV[3] and known[2] or ''
  local since = redis.call('HGET', clock, CLOCK_NUMBER) or '0'
  redis.call('HSET', clock, CLOCK_SERVER, server, CLOCK_ERA, ARGV[2], CLOCK_WAS, was, CLOCK_SINCE, since)
end
local now = redis.call('HMGET', clock, CLOCK_ERA, CLOCK_WAS, CLOCK_SINCE, CLOCK_FLOOR)
return {now[1], now[2], tonumber(now[3]), tonumber(now[4] or '0')}
