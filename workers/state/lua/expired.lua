-- The stories whose every member lies below the floor of the fingerprint log.
--
-- Called with the articles that are about to leave the log. A story that still has a
-- member above the floor stays whole; it is met again when its last member leaves. Articles
-- without a story (killed, held back, dead) are forgotten here, but for what outlives them.
--
-- KEYS[1] {NS}:articles  ARGV[1] key prefix  ARGV[2] floor  ARGV[3..] article ids
-- Returns {id, HGETALL} for each story.

local P, floor = ARGV[1], tonumber(ARGV[2])
local over, known = {}, {}
for i = 3, #ARGV do
  local record_key = P .. KEY_ARTICLE .. ARGV[i]
  local record = redis.call('HMGET', record_key, ARTICLE_STORY, ARTICLE_PENDING_NUMBER, ARTICLE_HELD_VERSION, ARTICLE_KILLED)
  local story = record[1]
  if story then
    story = survivor(story)
    if not known[story] then
      known[story] = true
      local highest = redis.call('HGET', P .. KEY_STORY .. story, STORY_HIGHEST)
      if not highest then
        redis.call('UNLINK', record_key)
      elseif tonumber(highest) < floor then
        over[#over + 1] = {story, redis.call('HGETALL', P .. KEY_STORY .. story)}
      end
    end
  elseif not record[3] and not record[4] and not (record[2] and tonumber(record[2]) >= floor) then
    redis.call('UNLINK', record_key)
  end
end
return over
