-- Figures of a namespace at one moment.
--
-- KEYS[1] {NS}:articles (names the slot)   ARGV[1] key prefix   ARGV[2..] names of streams
-- Returns {lengths of the streams, counts as HGETALL, held articles, rules, id of the newest dead
-- letter or '', used memory, most memory or 0, keys that were evicted}.

local P = ARGV[1]
local lengths = {}
for i = 2, #ARGV do lengths[#lengths + 1] = redis.call('XLEN', P .. ARGV[i]) end
local newest = redis.call('XREVRANGE', P .. KEY_DEAD, '+', '-', 'COUNT', 1)
local memory = redis.pcall('INFO', 'memory')
local stats = redis.pcall('INFO', 'stats')
if type(memory) ~= 'string' then memory, stats = '', '' end -- an ACL without INFO
return {
  lengths, redis.call('HGETALL', P .. KEY_COUNTS), redis.call('HLEN', P .. KEY_HELD), redis.call('HLEN', P .. KEY_RULES),
  newest[1] and newest[1][1] or '',
  string.match(memory, 'used_memory:(%d+)') or '0', string.match(memory, 'maxmemory:(%d+)') or '0',
  string.match(stats, 'evicted_keys:(%d+)') or '0',
}
