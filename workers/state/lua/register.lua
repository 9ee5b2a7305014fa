-- Give articles their numbers and append their fingerprints to the log: one call for some articles.
--
-- Registering comes before searching, and this script is atomic, so numbers are an order
-- on which all workers agree: of two versions of one story handled at the same moment,
-- the one with the higher number always finds the other in the log.
--
-- A higher version of a placed article is registered beside the one in force: it gets a number
-- and a log entry of its own, which takes its place when it is decided. What is under embargo,
-- or held back, is only looked up: it must not be found by others.
--
-- The event clock tells which articles have left the window (workers/process/sweep.py). It is the
-- newest event time seen, ticking on with the server's clock, bounded three ways against
-- dates that lie: a date in the future or none at all counts as the clock's own "now"; a
-- jump of more than 1/8 window needs two articles in a row; and until the first dated
-- article the clock is provisional. A date far in the past moves nothing.
--
-- KEYS[1] {NS}:articles
-- ARGV  1 key prefix   2 group         3 window ms   4 epoch ms
--       5 '1' to delete an acknowledged entry
--       6.. for each article: entry id, article id, version, published ms or '', payload,
--           until when it is held back ('' not, '+inf' without end, or ms), '1' if that holds
--           whatever its version, sender, mandate (lua/mandate.lua), id of an article that it
--           replaces or ''
-- Returns for each article names and values by turns, absent ones left out. `kind` is one of
--   seen: has no effect, acknowledged here; with `story_id`
--   foreign: `about` is an article whose `owner` its sender may not speak for, and nothing was done;
--     with `number`, where a version of that is registered, and `killed`
--   busy: another version of it is registered and not decided
--   new, again, held: as workers/state/answers.py says of `Registered`, with its names

local P, group = ARGV[1], ARGV[2]
local window, epoch_ms = tonumber(ARGV[3]), tonumber(ARGV[4])
local delete = ARGV[5] == '1'
local FUTURE_MS = 300000 -- clocks of publishers differ by minutes, not hours
local WITHOUT_END = '+inf'
local clock_key = P .. KEY_CLOCK

local function acknowledge(entry, killed)
  redis.call('HDEL', P .. KEY_ERRORS, entry)
  redis.call('HDEL', P .. KEY_TRIES, entry)
  if redis.call('XACK', KEYS[1], group, entry) == 1 then
    redis.call('HINCRBY', P .. KEY_COUNTS, COUNT_REPEATED, 1)
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
  local clock = redis.call('HMGET', clock_key, CLOCK_EVENT_MS, CLOCK_AT_MS, CLOCK_JUMP, CLOCK_DATED)
  local now = server_ms()
  local event_now = now
  if clock[1] then event_now = math.min(now, tonumber(clock[1]) + math.max(0, now - tonumber(clock[2]))) end

  local event = tonumber(published)
  local dated = event and event <= now + FUTURE_MS
  if not dated then event = event_now end
  if not moves then return event end

  local jumped = clock[4] == '1' and event > event_now + window / 8
  if not clock[1] or (dated and clock[4] ~= '1') or (event > event_now and (not jumped or clock[3])) then
    redis.call('HSET', clock_key, CLOCK_EVENT_MS, string.format('%d', event), CLOCK_AT_MS, string.format('%d', now),
      CLOCK_DATED, dated and '1' or clock[4] or '0')
  end
  if jumped and not clock[3] then
    redis.call('HSET', clock_key, CLOCK_JUMP, '1')
  elseif clock[3] and not jumped then
    redis.call('HDEL', clock_key, CLOCK_JUMP)
  end
  return event
end

-- Whether an article that was not there yet is killed, by somebody who may speak for its sender.
local function is_killed(kills, version, sender)
  for _, kill in ipairs(cjson.decode(kills)) do
    if version <= kill[1] and covers(kill[3], sender) then return true end
  end
  return false
end

local function foreign(owner, about, number, killed)
  local refusal = {'kind', 'foreign', 'owner', owner, 'about', about, 'number', tonumber(number or '0')}
  if killed then
    refusal[#refusal + 1] = 'killed'
    refusal[#refusal + 1] = killed
  end
  return refusal
end

local function register(entry, id, version, published, payload, held_until, at_any_version, sender, mandate, replaces)
  local record_key = P .. KEY_ARTICLE .. id
  local in_force, in_force_version, story, pending, pending_version, pending_entry, pending_ms, held, killed, opened,
    replaced_by, replaced_for, owner, kills =
    unpack(redis.call('HMGET', record_key, ARTICLE_NUMBER, ARTICLE_VERSION, ARTICLE_STORY,
      ARTICLE_PENDING_NUMBER, ARTICLE_PENDING_VERSION, ARTICLE_PENDING_ENTRY, ARTICLE_PENDING_EVENT_MS,
      ARTICLE_HELD_VERSION, ARTICLE_KILLED, ARTICLE_OPENED,
      ARTICLE_REPLACED_BY, ARTICLE_REPLACED_FOR, ARTICLE_OWNER, ARTICLE_KILLS))
  local is_held = held_until == WITHOUT_END or (held_until ~= '' and tonumber(held_until) > server_ms())

  if owner and not covers(mandate, owner) then
    return foreign(owner, id, in_force or pending, not in_force and not pending and not held and killed)
  end
  if (kills and is_killed(kills, version, sender)) or (not kills and killed and version <= tonumber(killed)) then
    acknowledge(entry, true)
    return {'kind', 'seen'}
  end
  local unchanged = story and version <= tonumber(in_force_version or '-1')
  local stale = held and (version < tonumber(held) or (is_held and version == tonumber(held)))
  if (unchanged or stale) and not (is_held and at_any_version and not held) then
    acknowledge(entry)
    return {'kind', 'seen', 'story_id', story or ''}
  end
  local replaced_owner
  if replaces ~= '' and replaces ~= id then
    replaced_owner = redis.call('HGET', P .. KEY_ARTICLE .. replaces, ARTICLE_OWNER)
    -- One that is registered came before what it replaces: it stays, and replaces nothing.
    if replaced_owner and not covers(mandate, replaced_owner) and pending_entry ~= entry then
      return foreign(replaced_owner, replaces)
    end
  end
  if replaced_for then
    replaced_by = nil
    for _, note in ipairs(cjson.decode(replaced_for)) do
      if covers(note[2], owner or sender) then replaced_by = note[1] end
    end
    redis.call('HDEL', record_key, ARTICLE_REPLACED_FOR)
    if replaced_by then
      redis.call('HSET', record_key, ARTICLE_REPLACED_BY, replaced_by)
    else
      redis.call('HDEL', record_key, ARTICLE_REPLACED_BY)
    end
  end
  if pending and pending_entry ~= entry and (is_held or version ~= tonumber(pending_version)) then
    return {'kind', 'busy'}
  end

  local kind, number, event
  if is_held then
    kind, event = 'held', event_time(published, false)
    number = tonumber(redis.call('HGET', clock_key, CLOCK_NUMBER) or '0') + 1
  elseif pending then
    kind, number, event = 'again', tonumber(pending), tonumber(pending_ms)
  else
    kind, event = 'new', event_time(published, true)
    number = tonumber(redis.call('HGET', clock_key, CLOCK_NUMBER) or '0') + 1
    -- The log first: where it takes nothing, the article is not registered without an entry of it.
    redis.call('XADD', P .. KEY_LOG, number .. '-0', LOG_ARTICLE, id, LOG_PAYLOAD, payload,
      LOG_EVENT_MS, string.format('%d', event))
    redis.call('HSET', clock_key, CLOCK_NUMBER, number)
    redis.call('HSET', record_key, ARTICLE_PENDING_NUMBER, number, ARTICLE_PENDING_VERSION, version,
      ARTICLE_PENDING_EVENT_MS, string.format('%d', event), ARTICLE_PENDING_ENTRY, entry)
    if not in_force then redis.call('PERSIST', record_key) end
    if not owner then redis.call('HSET', record_key, ARTICLE_OWNER, sender) end

    -- Epochs: "smallest number:largest number" of the articles in each.
    local own = string.format('%d', math.floor(event / epoch_ms))
    local span = redis.call('HGET', P .. KEY_EPOCHS, own)
    local first = span and string.match(span, '^%d+') or number
    redis.call('HSET', P .. KEY_EPOCHS, own, first .. ':' .. number)
  end

  local answer = {
    'kind', kind, 'number', number, 'event_ms', event,
    'floor', tonumber(redis.call('HGET', clock_key, CLOCK_FLOOR) or '0'),
  }
  local function tell(name, value)
    if value then
      answer[#answer + 1] = name
      answer[#answer + 1] = value
    end
  end
  tell('story_id', story)
  tell('old_number', story and tonumber(in_force))
  tell('old_version', in_force_version)
  tell('held_version', held)
  tell('opened', opened)
  tell('killed', killed)
  tell('replaced_by', replaced_by)
  tell('replaced_owner', replaced_owner)
  tell('owner', owner)
  tell('kills', kills)
  return answer
end

local answers = {}
for at = 6, #ARGV, 10 do
  answers[#answers + 1] = register(ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4],
    ARGV[at + 5], ARGV[at + 6] == '1', ARGV[at + 7], ARGV[at + 8], ARGV[at + 9])
end
return answers
