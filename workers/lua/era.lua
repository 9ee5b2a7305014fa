-- Which history of the namespace this is: the era, a random word in the clock's hash.
--
-- A server that was killed, or a replica that took over, lacks what was written last, and gives the
-- same numbers, revisions and positions to other things. So each server begins an era of its
-- own, before any worker's first command reaches it (workers/era.py).
--
-- KEYS[1] {NS}:articles   ARGV  1 key prefix   2 word for an era that begins now
--       3 '' or an era that must not go on
-- Returns the era.

local clock = ARGV[1] .. 'clock'
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  .. string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local known = redis.call('HMGET', clock, 'server', 'era')
if known[1] == server and known[2] and known[2] ~= ARGV[3] then return known[2] end
redis.call('HSET', clock, 'server', server, 'era', ARGV[2])
return ARGV[2]
