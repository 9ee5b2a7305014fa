-- Memory of a namespace by families of keys, most of it from samples.
--
-- KEYS[1] {NS}:articles (names the slot)
-- ARGV  1 key prefix   2 nodes of a stream to look at   3 SCAN cursor   4 keys to scan at least
--       5 how many LSH shards follow, their numbers, then numbers of articles
-- Returns {log, other streams, the LSH shards named, articles found, their bytes, bytes of their
--   stories an article, the namespace's other fixed keys, feeds in this piece of the scan, cursor
--   of the next piece}; in bytes, but for the number of articles and the cursor.

local P = ARGV[1]
local function bytes(key) return redis.call('MEMORY', 'USAGE', key, 'SAMPLES', ARGV[2]) or 0 end
local function sum(names)
  local total = 0
  for _, name in ipairs(names) do total = total + bytes(P .. name) end
  return total
end

local lsh, shards = 0, tonumber(ARGV[5])
for i = 6, 5 + shards do lsh = lsh + bytes(P .. 'lsh:' .. ARGV[i]) end

-- An article that is drawn from the log leads to its story: stories are drawn as often as they
-- have articles, so bytes by articles is what makes up for it.
local found, articles, stories = 0, 0, 0
for i = 6 + shards, #ARGV do
  local entry = redis.call('XRANGE', P .. 'log', ARGV[i] .. '-0', '+', 'COUNT', 1)[1]
  if entry and entry[2][1] == 'a' then
    local record = P .. 'a:' .. entry[2][2]
    found, articles = found + 1, articles + bytes(record)
    local story = redis.call('HGET', record, 's')
    local into = story and redis.call('HGET', P .. 's:' .. story, 'into')
    while into do
      story = into
      into = redis.call('HGET', P .. 's:' .. story, 'into')
    end
    local count = story and tonumber(redis.call('HGET', P .. 's:' .. story, 'c'))
    if count then stories = stories + bytes(P .. 's:' .. story) / count end
  end
end

-- Only feeds' keys have names that nothing else tells.
local feeds, cursor, seen = 0, ARGV[3], 0
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', P .. 'feed*', 'COUNT', 500)
  cursor, seen = page[1], seen + 500
  for _, key in ipairs(page[2]) do feeds = feeds + bytes(key) end
until cursor == '0' or seen >= tonumber(ARGV[4])

return {
  bytes(P .. 'log'), sum({'articles', 'stories', 'dead', 'commands', 'rulings'}), lsh,
  found, articles, math.floor(stories),
  sum({'clock', 'epochs', 'counts', 'errors', 'rules', 'held', 'would', 'embargoes', 'purges', 'replay', 'switching'}),
  feeds, cursor,
}
