-- Articles' hashes and stories with all their members.
--
-- KEYS[1] {NS}:articles    ARGV[1] key prefix    ARGV[2] how many article ids follow
-- ARGV[3..] article ids, then story ids
-- Returns {records, stories}: a record as HGETALL gives it; {id, HGETALL} for each story named,
-- and each that the articles are in, mergers followed.

local P, count = ARGV[1], tonumber(ARGV[2])
local records, stories, known = {}, {}, {}

local function read(story)
  story = survivor(story)
  if known[story] then return end
  known[story] = true
  local fields = redis.call('HGETALL', P .. KEY_STORY .. story)
  if #fields > 0 then stories[#stories + 1] = {story, fields} end
end

for i = 3, 2 + count do
  local record = redis.call('HGETALL', P .. KEY_ARTICLE .. ARGV[i])
  records[#records + 1] = record
  for f = 1, #record, 2 do
    if record[f] == ARTICLE_STORY then read(record[f + 1]) end
  end
end
for i = 3 + count, #ARGV do read(ARGV[i]) end
return {records, stories}
