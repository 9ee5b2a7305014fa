-- Note that an entry failed with an error when it was tried alone, and the error.
--
-- In a trial (lua/claim.lua) it counts on from what was before, whoever else was in hand. At its
-- first delivery it counts once, however often a batch is repeated for a server that was away.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group   3 entry id   4 the error
-- Returns 1 if it was pending.

local P, id = ARGV[1], ARGV[3]
if not redis.pcall('XPENDING', KEYS[1], ARGV[2], id, id, 1)[1] then return 0 end
local text = redis.call('HGET', P .. KEY_TRIES, id) or '0:0'
local before = string.match(text, ' (%d+):%d+ %x*$')
local failures = before and before + 1 or math.max(1, tonumber(string.match(text, '^%d+')))
redis.call('HSET', P .. KEY_TRIES, id, string.format('%d:1', failures))
redis.call('HSET', P .. KEY_ERRORS, id, ARGV[4])
return 1
