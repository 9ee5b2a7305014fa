-- Take what waits on the articles stream, as XREADGROUP does, but not more bytes than wanted.
--
-- A count alone bounds nothing: 500 entries may be gigabytes. So what waits is measured first, an
-- entry at a time. Nobody comes between, so just what was measured is delivered.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group   3 consumer   4 how many at most   5 bytes of all at most
--       6 bytes of one at most: where all may have as many, the first is taken whatever its size
-- Returns {entry id, fields} for each; if one is larger {entry id, fields, bytes}, of that one only
-- the beginning of its fields.

local DOZEN = 12
local S, most, bytes, largest = KEYS[1], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local group = group_of(S, ARGV[2])
if not group then return redis.error_reply('NOGROUP the consumer group of ' .. S .. ' is gone') end

-- By the dozen while they are small, as nearly all are: a call costs as much as measuring four.
local last, count, sum, step = group['last-delivered-id'], 0, 0, 1
local is_over, is_too_large = false, false
while count < most and not is_over do
  local found = redis.call('XRANGE', S, '(' .. last, '+', 'COUNT', math.min(step, most - count))
  if #found == 0 then break end
  for _, entry in ipairs(found) do
    local size = size_of(entry[2])
    is_over = sum + size > bytes and (count > 0 or bytes < largest)
    if is_over then break end
    sum, last, count = sum + size, entry[1], count + 1
    is_too_large = is_too_large or size > largest
    step = size * DOZEN * DOZEN < largest and DOZEN or 1
  end
end
if count == 0 then return {} end

local read = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', count, 'STREAMS', S, '>')[1][2]
if is_too_large then
  for at, entry in ipairs(read) do read[at] = told(entry, largest) end
end
return read
