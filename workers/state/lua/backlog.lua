-- What waits on a stream and what is pending, at one moment.
--
-- KEYS[1] the stream   ARGV[1] group   ARGV[2] pending entries to look at
-- Returns {server ms, length, last delivered id or '', lag as the server counts it or -1, pending,
-- longest idle ms of a pending entry, id of the first entry, of the first pending entry, of the
-- first that was not delivered}; ids are '' where there is none.

local S = KEYS[1]

local function first_id(from)
  local found = redis.call('XRANGE', S, from, '+', 'COUNT', 1)
  return found[1] and found[1][1] or ''
end

local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local length = redis.call('XLEN', S)
local delivered, lag, pending, idle, oldest = '', -1, 0, 0, ''
if redis.call('EXISTS', S) == 1 then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', S)) do
    local about = {}
    for at = 1, #group, 2 do about[group[at]] = group[at + 1] end
    if about['name'] == ARGV[1] then
      delivered, pending = about['last-delivered-id'], about['pending']
      lag = about['lag'] or -1
      for _, each in ipairs(redis.call('XPENDING', S, ARGV[1], '-', '+', ARGV[2])) do
        if oldest == '' then oldest = each[1] end
        idle = math.max(idle, each[3])
      end
    end
  end
end
local waiting = first_id(delivered == '' and '-' or '(' .. delivered)
return {now, length, delivered, lag, pending, idle, first_id('-'), oldest, waiting}
