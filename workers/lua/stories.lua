-- Where articles are placed now, and the state of the stories they are in.
--
-- KEYS[1] {NS}:articles    ARGV[1] key prefix    ARGV[2..] article ids
-- Returns {places, stories}: a place an article, in order: '' for an article that is not
-- held (never registered, dead, expired), '?' for one still undecided, else its story id
-- with mergers followed; a story as {id, sequence, count, lead article id, lead number,
-- opened ms, newest ms, languages}.

local P = ARGV[1]
local places, stories, known = {}, {}, {}
for i = 2, #ARGV do
  local record = redis.call('HMGET', P .. 'a:' .. ARGV[i], 'n', 's')
  local story = record[2]
  if not record[1] then
    places[i - 1] = ''
  elseif not story then
    places[i - 1] = '?'
  else
    local into = redis.call('HGET', P .. 's:' .. story, 'into')
    while into do
      story = into
      into = redis.call('HGET', P .. 's:' .. story, 'into')
    end
    places[i - 1] = story
    if not known[story] then
      known[story] = true
      local state = redis.call('HMGET', P .. 's:' .. story, 'q', 'c', 'l', 'ln', 'o', 'u', 'g')
      if state[1] then stories[#stories + 1] = {story, unpack(state)} else places[i - 1] = '' end
    elseif redis.call('EXISTS', P .. 's:' .. story) == 0 then
      places[i - 1] = ''
    end
  end
end
return {places, stories}
