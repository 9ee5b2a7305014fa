-- Where articles are placed now, and the figures of the stories they are in.
--
-- KEYS[1] {NS}:articles    ARGV[1] key prefix
-- ARGV[2] a list in JSON, for each article two words: id, and the number under which it was found
--         (empty for any version)
-- Returns {places, stories, rules revision}. A place: {'', ''} for an article, or a version of
-- it, that is not held (never registered, replaced, killed, dead, expired), {'?', number} for one
-- still undecided, else {story id with mergers followed, member as in s:STORY}. A story:
-- {id, then its figures, in the order of workers/state/story_hash.py}.

local P = ARGV[1]
local places, stories, known, ended_in = {}, {}, {}, {}

-- Its member in a story, mergers followed; the figures are read with the first one.
local function member_in(story, id)
  local story_key = P .. KEY_STORY .. story
  if known[story] then return redis.call('HGET', story_key, STORY_MEMBER .. id), story end
  local found = redis.call('HMGET', story_key, STORY_MEMBER .. id,
    STORY_REVISION, STORY_SEQUENCE, STORY_ARTICLE_COUNT, STORY_LEAD_ID, STORY_LEAD_NUMBER,
    STORY_BORN, STORY_HIGHEST, STORY_LANGUAGES, STORY_INDEPENDENT_SOURCES, STORY_RULED)
  if found[1] then
    known[story] = true
    stories[#stories + 1] = {story, unpack(found, 2, 11)}
  elseif not found[2] then
    -- One that merged has no figures: these are where it went.
    ended_in[story] = survivor(story)
    if ended_in[story] ~= story then return member_in(ended_in[story], id) end
  end
  return found[1], story
end

local function place_of(id, number)
  local record = redis.call('HMGET', P .. KEY_ARTICLE .. id, ARTICLE_NUMBER, ARTICLE_STORY, ARTICLE_PENDING_NUMBER)
  local story = record[2]
  if record[3] and (record[3] == number or (number == '' and not story)) then return {'?', record[3]} end
  if not story then return {'', ''} end
  if number ~= '' and record[1] ~= number then return {'', ''} end
  local member, home = member_in(ended_in[story] or story, id)
  return member and {home, member} or {'', ''}
end

local asked = cjson.decode(ARGV[2])
for at = 1, #asked, 2 do places[#places + 1] = place_of(asked[at], asked[at + 1]) end
return {places, stories, redis.call('HGET', P .. KEY_CLOCK, CLOCK_RULES) or ''}
