-- Bring a stream back to the present whose last id lies in the future.
--
-- Who appends may choose the id. Behind the greatest one a stream takes nothing more, and behind one
-- of another century every id is of that century: no age is right, and nothing is trimmed by age.
-- Redis takes a stream's last id down only where no entry has a greater one. So those that have are
-- put aside, the last id and the groups that have read beyond it are set back, and what was put
-- aside comes again under ids of now. What of it was pending is delivered once more.
--
-- KEYS[1] the stream   KEYS[2] where its entries are put aside: whatever is there comes back
-- ARGV  1 key prefix   2 ms that an id may be ahead of the server's clock
-- Returns {entries that came again, id of the first of them as it was}; {0, ''} where all is well.

local S, ASIDE, P = KEYS[1], KEYS[2], ARGV[1]

local function ms_of(id) return tonumber(string.match(id, '^%d+')) end

if redis.call('EXISTS', S) == 0 then return {0, ''} end
local before = about(redis.call('XINFO', 'STREAM', S))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local latest = now + ARGV[2]
local is_ahead = ms_of(before['last-generated-id']) > latest
if not is_ahead and redis.call('EXISTS', ASIDE) == 0 then return {0, ''} end

local first = ''
if is_ahead then
  local beyond = string.format('%d', latest + 1)
  local groups = groups_of(S)
  local entry = redis.call('XRANGE', S, beyond, '+', 'COUNT', 1)[1]
  while entry do
    if first == '' then first = entry[1] end
    append(ASIDE, entry[2])
    redis.call('XDEL', S, entry[1])
    entry = redis.call('XRANGE', S, beyond, '+', 'COUNT', 1)[1]
  end
  for _, group in ipairs(groups) do
    local pending = redis.call('XPENDING', S, group['name'], beyond, '+', 100)
    while #pending > 0 do
      for _, each in ipairs(pending) do
        redis.call('XACK', S, group['name'], each[1])
        redis.call('HDEL', P .. KEY_ERRORS, each[1])
        redis.call('HDEL', P .. KEY_TRIES, each[1])
      end
      pending = redis.call('XPENDING', S, group['name'], beyond, '+', 100)
    end
  end
  -- Not below now: what was deleted had ids too.
  local top = redis.call('XREVRANGE', S, '+', '-', 'COUNT', 1)[1]
  local last = string.format('%d-0', now)
  if top and ms_of(top[1]) >= now then last = top[1] end
  for _, group in ipairs(groups) do
    if ms_of(group['last-delivered-id']) > latest then
      redis.call('XGROUP', 'SETID', S, group['name'], last)
    end
  end
  set_back(S, last, ASIDE .. ':old')
end

local moved = 0
local entry = redis.call('XRANGE', ASIDE, '-', '+', 'COUNT', 1)[1]
while entry do
  append(S, entry[2])
  redis.call('XDEL', ASIDE, entry[1])
  moved = moved + 1
  entry = redis.call('XRANGE', ASIDE, '-', '+', 'COUNT', 1)[1]
end
redis.call('DEL', ASIDE)
redis.call('HINCRBY', P .. KEY_COUNTS, COUNT_MENDED, moved)
-- What was added once more was not missed, nor is what a new stream has not counted (missed.lua).
if S == P .. KEY_ARTICLES and redis.call('HEXISTS', P .. KEY_COUNTS, MISSED_BASE) == 1 then
  local after = about(redis.call('XINFO', 'STREAM', S))
  local more = (after['entries-added'] or 0) - (before['entries-added'] or 0) -- 6.2 does not count
  redis.call('HINCRBY', P .. KEY_COUNTS, MISSED_BASE, more)
end
return {moved, first}
