-- Where articles are placed now, and the figures of the stories they are in.
--
-- KEYS[1] {NS}:articles    ARGV[1] key prefix
-- ARGV[2] for each article two lines: id, and the number under which it was found (empty for any
--         version)
-- Returns {places, stories, rules revision}. A place: {'', ''} for an article, or a version of
-- it, that is not held (never registered, replaced, killed, dead, expired), {'?', number} for one
-- still undecided, else {story id with mergers followed, member as in s:STORY}. A story:
-- {id, r, q, c, l, ln, b, hn, g, i, d} as in lua/change.lua.

local P = ARGV[1]
local places, stories, known = {}, {}, {}

local function place_of(id, number)
  local record = redis.call('HMGET', P .. 'a:' .. id, 'n', 's', 'pn')
  local story = record[2]
  if record[3] and (record[3] == number or (number == '' and not story)) then return {'?', record[3]} end
  if not story then return {'', ''} end
  if number ~= '' and record[1] ~= number then return {'', ''} end
  local into = redis.call('HGET', P .. 's:' .. story, 'into')
  while into do
    story = into
    into = redis.call('HGET', P .. 's:' .. story, 'into')
  end
  local member = redis.call('HGET', P .. 's:' .. story, 'm' .. id)
  if not member then return {'', ''} end
  if not known[story] then
    known[story] = true
    stories[#stories + 1] = {story, unpack(redis.call('HMGET', P .. 's:' .. story, 'r', 'q', 'c', 'l', 'ln', 'b', 'hn', 'g', 'i', 'd'))}
  end
  return {story, member}
end

for id, number in string.gmatch(ARGV[2], '([^\n]*)\n([^\n]*)\n') do
  places[#places + 1] = place_of(id, number)
end
return {places, stories, redis.call('HGET', P .. 'clock', 'rules') or ''}
