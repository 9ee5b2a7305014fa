-- How many entries of a stream come behind an entry, up to a number.
--
-- KEYS[1] the stream   ARGV[1] key prefix   ARGV[2] entry id   ARGV[3] how many at most
-- Returns {how many, id of the last one counted}.

local found = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3])
return {#found, found[#found] and found[#found][1] or ARGV[2]}
