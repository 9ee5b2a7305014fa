-- Drop the articles that have left the log from some of the hashes of LSH buckets.
--
-- Numbers stand in a bucket in the order of registration, so those below the floor are its
-- beginning. A late article is filed under a new number like any other, and stays as long.
--
-- KEYS[1] {NS}:articles (names the slot)
-- ARGV  1 key prefix  2 floor  3 first shard  4 last shard
-- Returns how many buckets were emptied.

local floor = tonumber(ARGV[2])
local emptied = 0
for shard = tonumber(ARGV[3]), tonumber(ARGV[4]) do
  local key = ARGV[1] .. KEY_BUCKETS .. shard
  local fields = redis.call('HGETALL', key)
  for f = 1, #fields, 2 do
    local bucket, from = fields[f + 1], 1
    while from <= #bucket and struct.unpack('>I4', bucket, from) < floor do from = from + 4 end
    if from > #bucket then
      redis.call('HDEL', key, fields[f])
      emptied = emptied + 1
    elseif from > 1 then
      redis.call('HSET', key, fields[f], string.sub(bucket, from))
    end
  end
end
return emptied
