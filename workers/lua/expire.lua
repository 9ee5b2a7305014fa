-- Forget the stories whose every member lies below the floor of the fingerprint log.
--
-- Called with the articles that are about to leave the log. A story that still has a
-- member above the floor stays whole; it is met again when its last member leaves.
--
-- KEYS[1] {NS}:articles  ARGV[1] key prefix  ARGV[2] floor  ARGV[3..] article ids
-- Returns how many stories were forgotten.

local P, floor = ARGV[1], tonumber(ARGV[2])
local forgotten = 0
for i = 3, #ARGV do
  local record_key = P .. 'a:' .. ARGV[i]
  local story = redis.call('HGET', record_key, 's')
  if story then
    local into = redis.call('HGET', P .. 's:' .. story, 'into')
    while into do
      story = into
      into = redis.call('HGET', P .. 's:' .. story, 'into')
    end
    local story_key = P .. 's:' .. story
    local highest = redis.call('HGET', story_key, 'hn')
    if not highest then
      redis.call('UNLINK', record_key)
    elseif tonumber(highest) < floor then
      local fields = redis.call('HGETALL', story_key)
      for f = 1, #fields, 2 do
        local mark = string.sub(fields[f], 1, 1)
        if mark == 'm' then redis.call('UNLINK', P .. 'a:' .. fields[f + 1]) end
        if mark == 'x' then redis.call('UNLINK', P .. 's:' .. string.sub(fields[f], 2)) end
      end
      redis.call('UNLINK', story_key)
      forgotten = forgotten + 1
    end
  end
end
return forgotten
