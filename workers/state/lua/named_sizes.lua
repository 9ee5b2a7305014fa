-- Memory that some keys of a namespace take together.
--
-- KEYS[1] {NS}:articles (names the slot)   ARGV[1] key prefix   ARGV[2] nodes of a stream to look at
-- ARGV[3..] the keys' names, behind the prefix
-- Returns their bytes; a key that is not there takes none.

local bytes = 0
for i = 3, #ARGV do
  bytes = bytes + (redis.call('MEMORY', 'USAGE', ARGV[1] .. ARGV[i], 'SAMPLES', ARGV[2]) or 0)
end
return bytes
