-- Put an event that quotes withdrawn text to the end of its stream, without the text.
--
-- KEYS[1] {NS}:stories   ARGV[1] key prefix   ARGV[2] entry id
-- ARGV[3] the event as JSON, redacted
-- Returns 1, or 0 if it was done before.

if not redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1] then return 0 end
redis.call('XADD', KEYS[1], '*', 'data', ARGV[3]) -- first: where it fails nothing is lost
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
