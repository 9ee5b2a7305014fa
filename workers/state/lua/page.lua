-- Some entries of a stream, oldest first, not more bytes than wanted.
--
-- KEYS[1] the stream
-- ARGV  1 key prefix   2 from which id on, 3 up to which, as XRANGE takes them   4 how many at most
--       5 bytes at most, of one and of all; the first one is told whatever its size
-- Returns {entry id, fields, bytes} for each; of one that is larger only the beginning of its fields.

local from, most, bytes = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local answer, sum = {}, 0
while #answer < most do
  local entry = redis.call('XRANGE', KEYS[1], from, ARGV[3], 'COUNT', 1)[1]
  if not entry then break end
  sum = sum + size_of(entry[2])
  if #answer > 0 and sum > bytes then break end
  answer[#answer + 1] = told(entry, bytes)
  from = '(' .. entry[1]
end
return answer
