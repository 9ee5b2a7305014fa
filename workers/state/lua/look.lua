-- A look at the server now and then.
--
-- KEYS[1] the stream   ARGV[1] key prefix   ARGV[2] group
-- Returns {server's seconds, microseconds, last number, 1 if the group is there}.

local time = redis.call('TIME')
local last = redis.call('HGET', ARGV[1] .. KEY_CLOCK, CLOCK_NUMBER) or '0'
return {time[1], time[2], tonumber(last), group_of(KEYS[1], ARGV[2]) and 1 or 0}
