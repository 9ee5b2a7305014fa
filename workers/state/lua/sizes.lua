-- Memory that some of the server's keys take, by families of a namespace.
--
-- KEYS[1] {NS}:articles (names the slot)   ARGV[1] key prefix   ARGV[2] SCAN cursor
-- ARGV[3] how many keys, about   ARGV[4..] beginnings of the names of each family, behind the prefix
-- Returns {next cursor, keys of the server, keys looked at, then bytes of each family in these}.

local P = ARGV[1]
local page = redis.call('SCAN', ARGV[2], 'COUNT', ARGV[3])
local bytes = {}
for family = 4, #ARGV do bytes[family] = 0 end
for _, key in ipairs(page[2]) do
  if string.sub(key, 1, #P) == P then
    for family = 4, #ARGV do
      if string.sub(key, #P + 1, #P + #ARGV[family]) == ARGV[family] then
        bytes[family] = bytes[family] + (redis.call('MEMORY', 'USAGE', key) or 0)
        break
      end
    end
  end
end
return {page[1], redis.call('DBSIZE'), #page[2], unpack(bytes, 4, #ARGV)}
