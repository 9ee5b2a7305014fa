-- Put an event that quotes withdrawn text to the end of its stream, without the text.
--
-- KEYS[1] {NS}:stories   ARGV[1] entry id   ARGV[2] the event as JSON, redacted
-- Returns 1, or 0 if it was done before.

if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', 'data', ARGV[2])
return 1
