-- Place one article: state, events and acknowledgement in one atomic step.
--
-- A story's hash holds q (sequence of its last event), c (articles), l and ln (lead's
-- article id and number), hn (highest number of a member), o and u (event ms of the first
-- and the newest member), g (languages, comma-separated), m<number> → article id for each
-- member, x<story id> for each story merged into it. A merged story's hash keeps only
-- `into`, so its id resolves for as long as the surviving story is held.
--
-- Decisions are made outside on a snapshot. They hold only if every story involved is
-- still at the sequence the decision saw; otherwise nothing changes and the worker decides
-- again. An article already placed is only acknowledged.
--
-- KEYS[1] {NS}:articles   KEYS[2] {NS}:stories
-- ARGV  1 key prefix  2 group  3 entry id  4 article id  5 number  6 event ms
--       7 story id    8 sequence it must have, 0 to open it      9 count after
--      10 languages after  11 event JSON  12 '1' to delete the acknowledged entry
--      13 '1' if the model does not know the article's language
--      14.. for each story that merges into it: id, sequence it must have, event JSON with
--           an empty article_ids, which is filled here
-- Returns 'placed', 'already', 'unregistered' or 'conflict'.

local P, id, number, event = ARGV[1], ARGV[4], ARGV[5], tonumber(ARGV[6])
local record_key = P .. 'a:' .. id

local function acknowledge(outcome)
  if redis.call('XACK', KEYS[1], ARGV[2], ARGV[3]) == 1 then
    redis.call('HINCRBY', P .. 'counts', outcome, 1)
    if ARGV[12] == '1' then redis.call('XDEL', KEYS[1], ARGV[3]) end
  end
end

-- Only here, inside the atomic step, is it known who the members are.
local function with_members(event_json, numbers, members)
  table.sort(numbers)
  local ids = {}
  for i, member in ipairs(numbers) do ids[i] = cjson.encode(members[member]) end
  local from, to = string.find(event_json, '"article_ids":[]', 1, true)
  return string.sub(event_json, 1, from - 1) .. '"article_ids":[' .. table.concat(ids, ',') .. ']' .. string.sub(event_json, to + 1)
end

local record = redis.call('HMGET', record_key, 'n', 's')
if record[2] then
  acknowledge('repeated')
  return 'already'
end
if record[1] ~= number then return 'unregistered' end

local story_key = P .. 's:' .. ARGV[7]
local expected = tonumber(ARGV[8])
if tonumber(redis.call('HGET', story_key, 'q') or '0') ~= expected then return 'conflict' end
for i = 14, #ARGV, 3 do
  if redis.call('HGET', P .. 's:' .. ARGV[i], 'q') ~= ARGV[i + 1] then return 'conflict' end
end

if expected == 0 then
  redis.call('HSET', story_key, 'l', id, 'ln', number, 'hn', number, 'o', ARGV[6], 'u', ARGV[6])
  redis.call('HINCRBY', P .. 'counts', 'opened', 1)
else
  redis.call('HINCRBY', P .. 'counts', 'joined', 1)
end

local bounds = redis.call('HMGET', story_key, 'hn', 'o', 'u')
local highest, first, newest = tonumber(bounds[1]), tonumber(bounds[2]), tonumber(bounds[3])
highest, first, newest = math.max(highest, tonumber(number)), math.min(first, event), math.max(newest, event)

for i = 14, #ARGV, 3 do
  local merged, merged_key = ARGV[i], P .. 's:' .. ARGV[i]
  local fields = redis.call('HGETALL', merged_key)
  local numbers, members = {}, {}
  for f = 1, #fields, 2 do
    local name, value = fields[f], fields[f + 1]
    local mark = string.sub(name, 1, 1)
    if mark == 'm' then
      redis.call('HSET', story_key, name, value)
      numbers[#numbers + 1] = tonumber(string.sub(name, 2))
      members[numbers[#numbers]] = value
    elseif mark == 'x' then
      redis.call('HSET', story_key, name, value)
      redis.call('HSET', P .. 's:' .. string.sub(name, 2), 'into', ARGV[7])
    elseif name == 'hn' then
      highest = math.max(highest, tonumber(value))
    elseif name == 'o' then
      first = math.min(first, tonumber(value))
    elseif name == 'u' then
      newest = math.max(newest, tonumber(value))
    end
  end
  redis.call('UNLINK', merged_key)
  redis.call('HSET', merged_key, 'into', ARGV[7])
  redis.call('HSET', story_key, 'x' .. merged, '')
  redis.call('XADD', KEYS[2], '*', 'data', with_members(ARGV[i + 2], numbers, members))
  redis.call('HINCRBY', P .. 'counts', 'merged', 1)
end

redis.call('HSET', story_key, 'q', expected + 1, 'c', ARGV[9], 'g', ARGV[10], 'm' .. number, id,
  'hn', string.format('%d', highest), 'o', string.format('%d', first), 'u', string.format('%d', newest))
redis.call('HSET', record_key, 's', ARGV[7])
redis.call('XADD', KEYS[2], '*', 'data', ARGV[11])
if ARGV[13] == '1' then redis.call('HINCRBY', P .. 'counts', 'other_language', 1) end
redis.call('HDEL', P .. 'errors', ARGV[3])
acknowledge('placed')
return 'placed'
