-- What waits on a stream and what is pending, at one moment.
--
-- KEYS[1] the stream   ARGV[1] key prefix   ARGV[2] group   ARGV[3] pending entries to look at
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
local group = group_of(S, ARGV[2])
if group then
  delivered, pending = group['last-delivered-id'], group['pending']
  lag = group['lag'] or -1
  for _, each in ipairs(redis.call('XPENDING', S, ARGV[2], '-', '+', ARGV[3])) do
    if oldest == '' then oldest = each[1] end
    idle = math.max(idle, each[3])
  end
end
local waiting = first_id(delivered == '' and '-' or '(' .. delivered)
return {now, length, delivered, lag, pending, idle, first_id('-'), oldest, waiting}
