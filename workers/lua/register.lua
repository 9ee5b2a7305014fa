-- Give articles their numbers, append their fingerprints to the log, file them in the LSH
-- buckets and return the numbers that were there before each: one call for some articles.
--
-- Registering comes before searching, and this script is atomic, so numbers are an order
-- on which all workers agree: of two versions of one story handled at the same moment,
-- the one with the higher number always finds the other in its buckets and in the log.
--
-- The event clock tells which articles have left the window (workers/sweep.py). It is the
-- newest event time seen, ticking on with the server's clock, bounded three ways against
-- dates that lie: a date in the future or none at all counts as the clock's own "now"; a
-- jump of more than 1/8 window needs two articles in a row; and until the first dated
-- article the clock is provisional. A date far in the past moves nothing.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group         3 window ms   4 epoch ms   5 shards
--       6 ids kept a bucket            7 '1' to delete an acknowledged entry
--       8.. for each article: entry id, article id, version, published ms or '', payload,
--           bucket keys of 8 bytes each
-- Returns for each article {'seen', story id}: decided before, acknowledged here; or
--         {'new' | 'again', number, event ms, candidates (4 bytes each), floor}.

local P, group = ARGV[1], ARGV[2]
local window, epoch_ms, shards, cap = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local delete = ARGV[7] == '1'
local FUTURE_MS = 300000 -- clocks of publishers differ by minutes, not hours

local function register(entry, id, version, published, payload, bands)
  local record_key = P .. 'a:' .. id
  local record = redis.call('HMGET', record_key, 'n', 's', 't', 'v')
  if record[2] then
    if redis.call('XACK', KEYS[1], group, entry) == 1 then
      redis.call('HINCRBY', P .. 'counts', 'repeated', 1)
      if delete then redis.call('XDEL', KEYS[1], entry) end
    end
    if version > tonumber(record[4]) then redis.call('HSET', record_key, 'v', version) end
    return {'seen', record[2]}
  end

  local clock_key = P .. 'clock'
  local clock = redis.call('HMGET', clock_key, 'event', 'at', 'jump', 'dated', 'floor')
  local kind, number, event

  if record[1] then
    kind, number, event = 'again', tonumber(record[1]), tonumber(record[3])
  else
    kind = 'new'
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local event_now = now
    if clock[1] then event_now = math.min(now, tonumber(clock[1]) + math.max(0, now - tonumber(clock[2]))) end

    event = tonumber(published)
    local dated = event and event <= now + FUTURE_MS
    if not dated then event = event_now end

    local jumped = clock[4] == '1' and event > event_now + window / 8
    if not clock[1] or (dated and clock[4] ~= '1') or (event > event_now and (not jumped or clock[3])) then
      redis.call('HSET', clock_key, 'event', string.format('%d', event), 'at', string.format('%d', now), 'dated', dated and '1' or clock[4] or '0')
    end
    if jumped and not clock[3] then
      redis.call('HSET', clock_key, 'jump', '1')
    elseif clock[3] and not jumped then
      redis.call('HDEL', clock_key, 'jump')
    end

    number = redis.call('HINCRBY', clock_key, 'n', 1)
    redis.call('HSET', record_key, 'n', number, 'v', version, 't', string.format('%d', event))
    redis.call('XADD', P .. 'log', number .. '-0', 'a', id, 'p', payload, 't', string.format('%d', event))

    -- Epochs: "smallest number:largest number" of the articles in each.
    local own = string.format('%d', math.floor(event / epoch_ms))
    local span = redis.call('HGET', P .. 'epochs', own)
    local first = span and string.match(span, '^%d+') or number
    redis.call('HSET', P .. 'epochs', own, first .. ':' .. number)
  end

  local packed = struct.pack('>I4', number)
  local found = {}
  for at = 1, #bands, 8 do
    local key = P .. 'lsh:' .. struct.unpack('>I4', bands, at) % shards
    local field = string.sub(bands, at, at + 7)
    local bucket = redis.call('HGET', key, field)
    if bucket then found[#found + 1] = bucket end
    if kind == 'new' then
      bucket = (bucket or '') .. packed
      if #bucket > 4 * cap then bucket = string.sub(bucket, -4 * cap) end
      redis.call('HSET', key, field, bucket)
    end
  end
  return {kind, number, event, table.concat(found), tonumber(clock[5] or '0')}
end

local answers = {}
for at = 8, #ARGV, 6 do
  answers[#answers + 1] = register(ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4], ARGV[at + 5])
end
return answers
