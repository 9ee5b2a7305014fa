-- Move one input entry to the dead-letter stream, once.
--
-- Only while the entry is on the pending list is a letter written, so two workers that give up
-- on one entry write one. The letter comes first: what a script has done stays done when a later
-- command of it fails, and a stream may take nothing more (lua/present.lua). An article that was
-- registered by this entry and is undecided is forgotten with it: articles waiting for its decision
-- go on without it, and a retried letter starts anew.
--
-- KEYS[1] the stream the input came from  KEYS[2] {NS}:dead
-- ARGV  1 key prefix  2 group  3 entry id  4 article id or ''  5 letter JSON
--       6 '1' to delete the acknowledged entry
-- Returns 1 if the letter was written.

local P = ARGV[1]
if not redis.pcall('XPENDING', KEYS[1], ARGV[2], ARGV[3], ARGV[3], 1)[1] then return 0 end
redis.call('XADD', KEYS[2], '*', 'data', ARGV[5])
ended(ARGV[3], COUNT_DEAD, ARGV[6] == '1')
if KEYS[1] ~= P .. KEY_ARTICLES then redis.call('HINCRBY', P .. KEY_COUNTS, MISSED_DEAD_COMMANDS, 1) end
if ARGV[4] ~= '' then
  local record_key = P .. KEY_ARTICLE .. ARGV[4]
  local record = redis.call('HMGET', record_key, ARTICLE_PENDING_ENTRY, ARTICLE_PENDING_NUMBER)
  if record[1] == ARGV[3] then
    redis.call('HDEL', record_key, ARTICLE_PENDING_NUMBER, ARTICLE_PENDING_VERSION, ARTICLE_PENDING_EVENT_MS, ARTICLE_PENDING_ENTRY)
    local else_there = redis.call('HMGET', record_key, ARTICLE_NUMBER, ARTICLE_HELD_VERSION, ARTICLE_KILLED, ARTICLE_KILLS)
    if not else_there[1] and not else_there[2] and (not else_there[3] or else_there[4]) then
      redis.call('HDEL', record_key, ARTICLE_OWNER) -- nothing of it was sent, then
    end
    local id = record[2] .. '-0'
    if redis.call('XRANGE', P .. KEY_LOG, id, id)[1] then
      local marker = string.format('%d', redis.call('HGET', P .. KEY_CLOCK, CLOCK_NUMBER) + 1)
      redis.call('XADD', P .. KEY_LOG, marker .. '-0', LOG_GONE, record[2])
      redis.call('HSET', P .. KEY_CLOCK, CLOCK_NUMBER, marker)
      redis.call('XDEL', P .. KEY_LOG, id)
    end
  end
end
return 1
