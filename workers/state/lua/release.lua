-- Send the articles whose embargo is over once more, as a new entry each.
--
-- Script and clock are the server's, so of many workers that call it at the same time one sends
-- an article, and none sends it early. What is held stays held until its entry is placed. Its owner
-- says it: whoever sent it was one, or spoke for it.
--
-- KEYS[1] {NS}:articles   ARGV[1] key prefix   ARGV[2] how many at most
-- Returns how many were sent.

local P = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', P .. KEY_EMBARGOES, '-inf', string.format('%d', now), 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  local article = redis.call('HGET', P .. KEY_HELD, id)
  if article then
    local owner = redis.call('HGET', P .. KEY_ARTICLE .. id, ARTICLE_OWNER)
    if owner then
      redis.call('XADD', KEYS[1], '*', 'data', article, 'sender', owner)
    else
      redis.call('XADD', KEYS[1], '*', 'data', article)
    end
    redis.call('HINCRBY', P .. KEY_COUNTS, COUNT_RELEASED, 1)
  end
  redis.call('ZREM', P .. KEY_EMBARGOES, id)
end
return #due
