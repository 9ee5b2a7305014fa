-- Where articles are placed now, and the figures of the stories they are in.
--
-- KEYS[1] {NS}:articles    ARGV[1] key prefix
-- ARGV[2] for each article two lines: id, and the number under which it was found (empty for any
--         version)
-- Returns {places, stories, rules revision}. A place: {'', ''} for an article, or a version of
-- it, that is not held (never registered, replaced, killed, dead, expired), {'?', number} for one
-- still undecided, else {story id with mergers followed, member as in s:STORY}. A story:
-- {id, then its figures, in the order of workers/state/story_hash.py}.

local P = ARGV[1]
local places, stories, known = {}, {}, {}

local function place_of(id, number)
  local record = redis.call('HMGET', P .. KEY_ARTICLE .. id, ARTICLE_NUMBER, ARTICLE_STORY, ARTICLE_PENDING_NUMBER)
  local story = record[2]
  if record[3] and (record[3] == number or (number == '' and not story)) then return {'?', record[3]} end
  if not story then return {'', ''} end
  if number ~= '' and record[1] ~= number then return {'', ''} end
  story = survivor(story)
  local story_key = P .. KEY_STORY .. story
  local member = redis.call('HGET', story_key, STORY_MEMBER .. id)
  if not member then return {'', ''} end
  if not known[story] then
    known[story] = true
    stories[#stories + 1] = {story, unpack(redis.call('HMGET', story_key,
      STORY_REVISION, STORY_SEQUENCE, STORY_ARTICLE_COUNT, STORY_LEAD_ID, STORY_LEAD_NUMBER,
      STORY_BORN, STORY_HIGHEST, STORY_LANGUAGES, STORY_INDEPENDENT_SOURCES, STORY_RULED))}
  end
  return {story, member}
end

for id, number in string.gmatch(ARGV[2], '([^\n]*)\n([^\n]*)\n') do
  places[#places + 1] = place_of(id, number)
end
return {places, stories, redis.call('HGET', P .. KEY_CLOCK, CLOCK_RULES) or ''}
