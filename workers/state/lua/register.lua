-- Give articles their numbers, append their fingerprints to the log, file them in the LSH
-- buckets and return the numbers that were there before each: one call for some articles.
--
-- Registering comes before searching, and this script is atomic, so numbers are an order
-- on which all workers agree: of two versions of one story handled at the same moment,
-- the one with the higher number always finds the other in its buckets and in the log.
--
-- A higher version of a placed article is registered beside the one in force: it gets a number
-- and a log entry of its own, which takes its place when it is decided. What is under embargo,
-- or held back, is only looked up: it must not be found by others.
--
-- An article's hash holds, of the version in force, n (number), v (version), t (event ms) and
-- s (story) and e (its entry); of one that is registered and not decided pn, pv, pt and pe (its
-- entry); and
-- hv: version that is held back; k: killed through this version; o: how many stories it opened;
-- f: id of an article that the feed says replaces it.
--
-- The event clock tells which articles have left the window (workers/process/sweep.py). It is the
-- newest event time seen, ticking on with the server's clock, bounded three ways against
-- dates that lie: a date in the future or none at all counts as the clock's own "now"; a
-- jump of more than 1/8 window needs two articles in a row; and until the first dated
-- article the clock is provisional. A date far in the past moves nothing.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group         3 window ms   4 epoch ms   5 shards
--       6 ids kept a bucket            7 '1' to delete an acknowledged entry
--       8.. for each article: entry id, article id, version, published ms or '', payload,
--           bucket keys of 8 bytes each, held until ms (0: not, -1: without end; 'x' behind it:
--           whatever its version)
-- Returns for each article one of
--   {'seen', story id}: has no effect, acknowledged here
--   {'busy'}: another version of it is registered and not decided
--   {'new' | 'again' | 'held', number, event ms, candidates (4 bytes each), floor,
--    then of the version in force: story id, number, version; held version; opened; killed through;
--    replaced by}

local P, group = ARGV[1], ARGV[2]
local window, epoch_ms, shards, cap = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local delete = ARGV[7] == '1'
local FUTURE_MS = 300000 -- clocks of publishers differ by minutes, not hours
local clock_key = P .. 'clock'

local function acknowledge(entry, killed)
  if redis.call('XACK', KEYS[1], group, entry) == 1 then
    redis.call('HINCRBY', P .. 'counts', 'repeated', 1)
    -- Of a killed article no text stays, whatever the settings say.
    if delete or killed then redis.call('XDEL', KEYS[1], entry) end
  end
end

local function server_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The article's event time; moves the clock unless it is only looked up.
local function event_time(published, moves)
  local clock = redis.call('HMGET', clock_key, 'event', 'at', 'jump', 'dated')
  local now = server_ms()
  local event_now = now
  if clock[1] then event_now = math.min(now, tonumber(clock[1]) + math.max(0, now - tonumber(clock[2]))) end

  local event = tonumber(published)
  local dated = event and event <= now + FUTURE_MS
  if not dated then event = event_now end
  if not moves then return event end

  local jumped = clock[4] == '1' and event > event_now + window / 8
  if not clock[1] or (dated and clock[4] ~= '1') or (event > event_now and (not jumped or clock[3])) then
    redis.call('HSET', clock_key, 'event', string.format('%d', event), 'at', string.format('%d', now), 'dated', dated and '1' or clock[4] or '0')
  end
  if jumped and not clock[3] then
    redis.call('HSET', clock_key, 'jump', '1')
  elseif clock[3] and not jumped then
    redis.call('HDEL', clock_key, 'jump')
  end
  return event
end

-- Who is in the buckets; files `number` there if it is given, in place of `old`.
local function mates(bands, number, old)
  local packed = number and struct.pack('>I4', number)
  local found = {}
  for at = 1, #bands, 8 do
    local key = P .. 'lsh:' .. struct.unpack('>I4', bands, at) % shards
    local field = string.sub(bands, at, at + 7)
    local bucket = redis.call('HGET', key, field)
    if bucket then found[#found + 1] = bucket end
    if packed then
      bucket = bucket or ''
      if old then
        -- Else the versions of one item would fill its buckets and push all others out.
        for place = 1, #bucket, 4 do
          if struct.unpack('>I4', bucket, place) == old then
            bucket = string.sub(bucket, 1, place - 1) .. string.sub(bucket, place + 4)
            break
          end
        end
      end
      bucket = bucket .. packed
      if #bucket > 4 * cap then bucket = string.sub(bucket, -4 * cap) end
      redis.call('HSET', key, field, bucket)
    end
  end
  return table.concat(found)
end

local function register(entry, id, version, published, payload, bands, held)
  local record_key = P .. 'a:' .. id
  local record = redis.call('HMGET', record_key, 'n', 'v', 's', 'pn', 'pv', 'pe', 'pt', 'hv', 'k', 'o', 'f')
  local placed, in_force, story = record[3] and tonumber(record[1]), tonumber(record[2] or '-1'), record[3]
  local always = string.sub(held, -1) == 'x'
  local until_ms = tonumber((string.gsub(held, 'x', '')))
  local is_held = until_ms == -1 or until_ms > server_ms()

  if record[9] and version <= tonumber(record[9]) then
    acknowledge(entry, true)
    return {'seen', ''}
  end
  local unchanged = story and version <= in_force
  local stale = record[8] and (version < tonumber(record[8]) or (is_held and version == tonumber(record[8])))
  if (unchanged or stale) and not (is_held and always and not record[8]) then
    acknowledge(entry)
    return {'seen', story or ''}
  end
  if record[4] and record[6] ~= entry and (is_held or version ~= tonumber(record[5])) then
    return {'busy'}
  end

  local kind, number, event
  if is_held then
    kind, event = 'held', event_time(published, false)
    number = tonumber(redis.call('HGET', clock_key, 'n') or '0') + 1
  elseif record[4] then
    kind, number, event = 'again', tonumber(record[4]), tonumber(record[7])
  else
    kind, event = 'new', event_time(published, true)
    number = redis.call('HINCRBY', clock_key, 'n', 1)
    redis.call('HSET', record_key, 'pn', number, 'pv', version, 'pt', string.format('%d', event), 'pe', entry)
    if not record[1] then redis.call('PERSIST', record_key) end
    redis.call('XADD', P .. 'log', number .. '-0', 'a', id, 'p', payload, 't', string.format('%d', event))

    -- Epochs: "smallest number:largest number" of the articles in each.
    local own = string.format('%d', math.floor(event / epoch_ms))
    local span = redis.call('HGET', P .. 'epochs', own)
    local first = span and string.match(span, '^%d+') or number
    redis.call('HSET', P .. 'epochs', own, first .. ':' .. number)
  end

  local found = mates(bands, kind == 'new' and number or nil, placed)
  return {
    kind, number, event, found, tonumber(redis.call('HGET', clock_key, 'floor') or '0'),
    story or '', placed or 0, in_force, tonumber(record[8] or '-1'), tonumber(record[10] or '0'), record[9] or '', record[11] or '',
  }
end

local answers = {}
for at = 8, #ARGV, 7 do
  answers[#answers + 1] = register(ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6])
end
return answers
