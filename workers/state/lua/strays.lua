-- Take entries off the log that no article and no marker has put there.
--
-- The log's ids are numbers, and the clock's hash holds the last one that was given. An entry behind
-- it is a stray, as one that somebody appended by hand under the time of day: behind it no article
-- could be registered any more.
--
-- KEYS[1] {NS}:articles (names the slot)   ARGV[1] key prefix
-- Returns the ids of what was taken off, the first hundred.

local log = ARGV[1] .. KEY_LOG
local number = redis.call('HGET', ARGV[1] .. KEY_CLOCK, CLOCK_NUMBER)
if not number or redis.call('EXISTS', log) == 0 then return {} end
local last, reached = number .. '-0', about(redis.call('XINFO', 'STREAM', log))['last-generated-id']
local ms, part = string.match(reached, '^(%d+)-(%d+)$')
if tonumber(ms) < tonumber(number) or (ms == number and part == '0') then return {} end

local found = {}
local stray = redis.call('XRANGE', log, '(' .. last, '+', 'COUNT', 1)[1]
while stray do
  if #found < 100 then found[#found + 1] = stray[1] end
  redis.call('XDEL', log, stray[1])
  stray = redis.call('XRANGE', log, '(' .. last, '+', 'COUNT', 1)[1]
end
set_back(log, last, ARGV[1] .. KEY_ASIDE .. KEY_LOG)
redis.call('HINCRBY', ARGV[1] .. KEY_COUNTS, COUNT_MENDED, #found)
return found
