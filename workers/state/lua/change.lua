-- Write steps, each with its state, events and acknowledgement, all or nothing.
--
-- Steps are decided outside (service/stories) on what was read before. One holds only if all of
-- it is still so: the revision of every story concerned, the number of every article. Otherwise
-- nothing of it is written, and the worker decides again.
--
-- KEYS[1] the stream the input came from   KEYS[2] {NS}:stories
-- ARGV  1 key prefix   2 group   3.. for each step: its words, then its events, JSON in two parts
--       each: only here is it known in which order events are told, and their positions go between
-- Words, a list in JSON: the server reads it in half the time that splitting a text takes, and a
--   client packs it in a third of the time that fifty arguments take. None is a number: of a great
--   one Lua would drop digits.
--       1 entry id, '' for none   2 '1' to delete the entry   3 how the entry is counted
--       4 revision that the rules must have, '*' for any   5 how many events follow the words
--       6 of how many keys fields are checked
--       7.. for each such key: key without prefix, number of fields, fields, value each must have
--       ('' for absent)
--       then operations: number of words, words. EVENT kind: tell the next event, count it.
--       PLACE key, number, version, event ms, story[, stories opened]: what was registered of an
--       article is in force, by the entry of this step. DROP number: take it off the log. REMIND
--       article id: an entry at the end of the log without a fingerprint, so that its story is
--       looked at when that leaves (lua/expired.lua). REFER key, article id, ms, mandate: note for
--       so long that the article replaces this one, if its sender may speak for the owner of what
--       comes. TALLY name: count it. Any other: a Redis command on a key without prefix.
-- Returns for each step 1, or 0 if a check failed.

local P = ARGV[1]
local MOST_NOTES = 16 -- of articles that say that they replace one which is not there
local clock_key, counts_key, log_key = P .. KEY_CLOCK, P .. KEY_COUNTS, P .. KEY_LOG

-- What appends comes first, the log before all: what a script has done stays done when a later
-- command of it fails, and a stream may take nothing more (lua/present.lua). Said once more, a
-- marker or reminder in the log changes nothing; an event would be told twice.
local APPENDS = {DROP = 1, REMIND = 1, EVENT = 2, XADD = 2}

local function log(...)
  local number = string.format('%d', (redis.call('HGET', clock_key, CLOCK_NUMBER) or 0) + 1)
  redis.call('XADD', log_key, number .. '-0', ...)
  redis.call('HSET', clock_key, CLOCK_NUMBER, number)
end

-- Where the operations begin; nil if a check failed.
local function behind_checks(words)
  local at = 7
  for _ = 1, tonumber(words[6]) do
    local count = tonumber(words[at + 1])
    local values = redis.call('HMGET', P .. words[at], unpack(words, at + 2, at + 1 + count))
    at = at + 1 + count
    for field = 1, count do
      if (values[field] or '') ~= words[at + field] then return nil end
    end
    at = at + count + 1
  end
  return at
end

local function place(key, entry, number, version, event_ms, story, opened)
  local record = {ARTICLE_NUMBER, number, ARTICLE_VERSION, version, ARTICLE_EVENT_MS, event_ms,
    ARTICLE_STORY, story, ARTICLE_ENTRY, entry}
  if opened then record[11], record[12] = ARTICLE_OPENED, opened end
  redis.call('HSET', key, unpack(record))
  redis.call('HDEL', key, ARTICLE_PENDING_NUMBER, ARTICLE_PENDING_VERSION, ARTICLE_PENDING_EVENT_MS,
    ARTICLE_PENDING_ENTRY, ARTICLE_HELD_VERSION, ARTICLE_REPLACED_BY, ARTICLE_REPLACED_FOR)
end

-- The marker tells the workers that follow the log; the entry itself holds words of the text.
local function drop(number)
  local id = number .. '-0'
  if redis.call('XRANGE', log_key, id, id)[1] then
    log(LOG_GONE, number)
    redis.call('XDEL', log_key, id)
  end
end

-- For an article that is not there yet; one that was killed is remembered longer than this.
local function refer(key, article_id, keep_ms, mandate)
  local known = redis.call('HMGET', key, ARTICLE_KILLED, ARTICLE_PENDING_NUMBER, ARTICLE_HELD_VERSION,
    ARTICLE_REPLACED_FOR)
  if known[1] then return end
  local notes = known[4] and cjson.decode(known[4]) or {}
  notes[#notes + 1] = {article_id, mandate}
  if #notes > MOST_NOTES then table.remove(notes, 1) end
  redis.call('HSET', key, ARTICLE_REPLACED_BY, article_id, ARTICLE_REPLACED_FOR, cjson.encode(notes))
  if not known[2] and not known[3] then redis.call('PEXPIRE', key, keep_ms) end
end

-- `events`: place of the argument before the step's next event. `position`: of the last event of all.
local function change(words, events, position)
  local entry, from = words[1], behind_checks(words)
  if not from then return 0 end

  local function carry_out(name, at, count)
    if name == 'EVENT' then
      position = position + 1
      local at_place = string.format('%d', position)
      redis.call('XADD', KEYS[2], '*', 'data', ARGV[events + 1] .. at_place .. ARGV[events + 2])
      events = events + 2
      redis.call('HSET', clock_key, CLOCK_POSITION, at_place)
      redis.call('HINCRBY', counts_key, words[at + 2], 1)
    elseif name == 'PLACE' then
      place(P .. words[at + 2], entry, unpack(words, at + 3, at + count))
    elseif name == 'DROP' then
      drop(words[at + 2])
    elseif name == 'REMIND' then
      log(LOG_ARTICLE, words[at + 2], LOG_GONE, '0')
    elseif name == 'REFER' then
      refer(P .. words[at + 2], unpack(words, at + 3, at + count))
    elseif name == 'TALLY' then
      redis.call('HINCRBY', counts_key, words[at + 2], 1)
    else
      redis.call(name, P .. words[at + 2], unpack(words, at + 3, at + count))
    end
  end

  for pass = 1, 3 do
    local at = from
    while at <= #words do
      local count, name = tonumber(words[at]), words[at + 1]
      if (APPENDS[name] or 3) == pass then carry_out(name, at, count) end
      at = at + count + 1
    end
  end

  if entry ~= '' then ended(entry, words[3], words[2] == '1') end
  return 1
end

local outcomes, at = {}, 3
while at <= #ARGV do
  local words = cjson.decode(ARGV[at])
  local clock = redis.call('HMGET', clock_key, CLOCK_RULES, CLOCK_POSITION)
  local holds = words[4] == '*' or words[4] == (clock[1] or '')
  outcomes[#outcomes + 1] = holds and change(words, at, tonumber(clock[2] or '0')) or 0
  at = at + 1 + 2 * tonumber(words[5])
end
return outcomes
