-- Take a stream's last id down to one that no entry of it is above.
--
-- Servers up to Redis 7.0 do it where no entry is above. Newer ones not even below an id that was
-- ever deleted: there the stream is made anew, with its entries, its groups, and what these have
-- pending, as they were.

local MOST_WORDS = 6000 -- a command of a script takes no more; an article's entry has two

local function append(stream, fields, id)
  redis.call('XADD', stream, id or '*', unpack(fields, 1, math.min(#fields, MOST_WORDS)))
end

local function groups_of(stream)
  local groups = redis.call('XINFO', 'GROUPS', stream)
  for at, words in ipairs(groups) do groups[at] = about(words) end
  return groups
end

local function make_anew(stream, aside)
  local groups, pending = groups_of(stream), {}
  for at, group in ipairs(groups) do
    local count = group['pending']
    pending[at] = count > 0 and redis.call('XPENDING', stream, group['name'], '-', '+', count) or {}
  end
  redis.call('RENAME', stream, aside)
  for _, group in ipairs(groups) do
    redis.call('XGROUP', 'CREATE', stream, group['name'], group['last-delivered-id'], 'MKSTREAM')
  end
  local after, found = '-', nil
  repeat
    found = redis.call('XRANGE', aside, after, '+', 'COUNT', 100)
    for _, entry in ipairs(found) do
      append(stream, entry[2], entry[1])
      after = '(' .. entry[1]
    end
  until #found == 0
  for at, group in ipairs(groups) do
    for _, each in ipairs(pending[at]) do
      redis.call('XCLAIM', stream, group['name'], each[2], 0, each[1],
        'IDLE', each[3], 'RETRYCOUNT', each[4], 'FORCE', 'JUSTID')
    end
  end
  redis.call('DEL', aside)
end

-- `aside`: name of a key that is free.
local function set_back(stream, last, aside)
  if not redis.pcall('XSETID', stream, last).err then return end
  make_anew(stream, aside)
  if redis.call('EXISTS', stream) == 1 then redis.call('XSETID', stream, last) end
end
