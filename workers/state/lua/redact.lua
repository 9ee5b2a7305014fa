-- Put an event that quotes withdrawn text to the end of its stream, without the text.
--
-- KEYS[1] {NS}:stories   ARGV[1] key prefix   ARGV[2] entry id
-- ARGV[3] the event as JSON, redacted
-- Returns 1, or 0 if it was done before.

if redis.call('XDEL', KEYS[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', 'data', ARGV[3])
return 1
