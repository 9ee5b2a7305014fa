-- Take what waits on the articles stream, as XREADGROUP does, but not more bytes than wanted.
--
-- A count alone bounds nothing: 500 entries may be gigabytes. So what waits is measured first, an
-- entry at a time. Nobody comes between, so just what was measured is delivered.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group   3 consumer   4 how many at most   5 bytes of all at most
--       6 bytes of one at most: where all may have as many, the first is taken whatever its size
-- Returns {entry id, fields, bytes} for each; of one that is larger only the beginning of its fields.

local S, most, bytes, largest = KEYS[1], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local group = group_of(S, ARGV[2])
if not group then return redis.error_reply('NOGROUP the consumer group of ' .. S .. ' is gone') end

local last, count, sum = group['last-delivered-id'], 0, 0
while count < most do
  local entry = redis.call('XRANGE', S, '(' .. last, '+', 'COUNT', 1)[1]
  if not entry then break end
  sum = sum + size_of(entry[2])
  if sum > bytes and (count > 0 or bytes < largest) then break end
  last, count = entry[1], count + 1
end
if count == 0 then return {} end

local answer = {}
local read = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', count, 'STREAMS', S, '>')
for _, entry in ipairs(read[1][2]) do answer[#answer + 1] = told(entry, largest) end
return answer
