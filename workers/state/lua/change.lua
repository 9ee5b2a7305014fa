-- Write one step: state, events and acknowledgement, all or nothing.
--
-- Steps are decided outside (service/stories) on what was read before. They hold only if all of
-- it is still so: the revision of every story concerned, the number of every article. Otherwise
-- nothing changes and the worker decides again.
--
-- KEYS[1] the stream the input came from   KEYS[2] {NS}:stories
-- ARGV  1 key prefix   2 group   3 words, a line each: a client packs one long argument in a
--       tenth of the time that fifty short ones take, and no word holds a line break
-- Words 1 entry id, '' for none   2 '1' to delete the entry   3 how the entry is counted
--       4 revision that the rules must have, '*' for any   5 how many checks follow
--       6.. for each check: key without prefix, field, value it must have ('' for absent)
--       then operations: number of words, words. EVENT kind, json: tell it, count it. PLACE key,
--       number, version, event ms, story[, stories opened]: what was registered of an article is
--       in force, by the entry of this step. DROP number: take it off the log. REMIND article id:
--       an entry at the end of the log without a fingerprint, so that its story is looked at when
--       that leaves (lua/expired.lua). REFER key, article id, ms, mandate: note for so long that
--       the article replaces this one, if its sender may speak for the owner of what comes.
--       TALLY name: count it. Any other: a Redis command on a key without prefix.
-- Returns 1, or 0 if a check failed.

local P, WORD = ARGV[1], {}
local MOST_NOTES = 16 -- of articles that say that they replace one which is not there
for word in string.gmatch(ARGV[3] .. '\n', '([^\n]*)\n') do WORD[#WORD + 1] = word end
local entry = WORD[1]
local clock_key = P .. KEY_CLOCK
if WORD[4] ~= '*' and (redis.call('HGET', clock_key, CLOCK_RULES) or '') ~= WORD[4] then return 0 end
local at = 6
for _ = 1, tonumber(WORD[5]) do
  local value = redis.call('HGET', P .. WORD[at], WORD[at + 1])
  if (value or '') ~= WORD[at + 2] then return 0 end
  at = at + 3
end

-- What appends comes first, the log before all: what a script has done stays done when a later
-- command of it fails, and a stream may take nothing more (lua/present.lua). Said once more, a
-- marker or reminder in the log changes nothing; an event would be told twice.
local APPENDS = {DROP = 1, REMIND = 1, EVENT = 2, XADD = 2}

local function next_of(field)
  return string.format('%d', (redis.call('HGET', clock_key, field) or 0) + 1)
end

local function log(...)
  local number = next_of(CLOCK_NUMBER)
  redis.call('XADD', P .. KEY_LOG, number .. '-0', ...)
  redis.call('HSET', clock_key, CLOCK_NUMBER, number)
end

local function carry_out(name, at, words)
  if name == 'EVENT' then
    -- Only here is it known in which order events are told.
    local json = WORD[at + 3]
    local from, to = string.find(json, '"position":0', 1, true)
    local position = next_of(CLOCK_POSITION)
    redis.call('XADD', KEYS[2], '*', 'data', string.sub(json, 1, to - 1) .. position .. string.sub(json, to + 1))
    redis.call('HSET', clock_key, CLOCK_POSITION, position)
    redis.call('HINCRBY', P .. KEY_COUNTS, WORD[at + 2], 1)
  elseif name == 'PLACE' then
    local key = P .. WORD[at + 2]
    redis.call('HSET', key, ARTICLE_NUMBER, WORD[at + 3], ARTICLE_VERSION, WORD[at + 4],
      ARTICLE_EVENT_MS, WORD[at + 5], ARTICLE_STORY, WORD[at + 6], ARTICLE_ENTRY, entry)
    if words == 7 then redis.call('HSET', key, ARTICLE_OPENED, WORD[at + 7]) end
    redis.call('HDEL', key, ARTICLE_PENDING_NUMBER, ARTICLE_PENDING_VERSION, ARTICLE_PENDING_EVENT_MS,
      ARTICLE_PENDING_ENTRY, ARTICLE_HELD_VERSION, ARTICLE_REPLACED_BY, ARTICLE_REPLACED_FOR)
  elseif name == 'DROP' then
    -- The marker tells the workers that follow the log; the entry itself holds words of the text.
    local id = WORD[at + 2] .. '-0'
    if redis.call('XRANGE', P .. KEY_LOG, id, id)[1] then
      log(LOG_GONE, WORD[at + 2])
      redis.call('XDEL', P .. KEY_LOG, id)
    end
  elseif name == 'REMIND' then
    log(LOG_ARTICLE, WORD[at + 2], LOG_GONE, '0')
  elseif name == 'REFER' then
    -- For an article that is not there yet; one that was killed is remembered longer than this.
    local known = redis.call('HMGET', P .. WORD[at + 2], ARTICLE_KILLED, ARTICLE_PENDING_NUMBER, ARTICLE_HELD_VERSION,
      ARTICLE_REPLACED_FOR)
    if not known[1] then
      local notes = known[4] and cjson.decode(known[4]) or {}
      notes[#notes + 1] = {WORD[at + 3], WORD[at + 5]}
      if #notes > MOST_NOTES then table.remove(notes, 1) end
      redis.call('HSET', P .. WORD[at + 2], ARTICLE_REPLACED_BY, WORD[at + 3], ARTICLE_REPLACED_FOR, cjson.encode(notes))
      if not known[2] and not known[3] then redis.call('PEXPIRE', P .. WORD[at + 2], WORD[at + 4]) end
    end
  elseif name == 'TALLY' then
    redis.call('HINCRBY', P .. KEY_COUNTS, WORD[at + 2], 1)
  else
    redis.call(name, P .. WORD[at + 2], unpack(WORD, at + 3, at + words))
  end
end

for pass = 1, 3 do
  local from = at
  while from <= #WORD do
    local words, name = tonumber(WORD[from]), WORD[from + 1]
    if (APPENDS[name] or 3) == pass then carry_out(name, from, words) end
    from = from + words + 1
  end
end

if entry ~= '' then
  redis.call('HDEL', P .. KEY_ERRORS, entry)
  redis.call('HDEL', P .. KEY_TRIES, entry)
  if redis.call('XACK', KEYS[1], ARGV[2], entry) == 1 then
    redis.call('HINCRBY', P .. KEY_COUNTS, WORD[3], 1)
    if WORD[2] == '1' then redis.call('XDEL', KEYS[1], entry) end
  end
end
return 1
