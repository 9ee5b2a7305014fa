-- Stands in front of scripts that use it: an entry has come to its end. ARGV[2] is the group.

local errors_key, tries_key = ARGV[1] .. KEY_ERRORS, ARGV[1] .. KEY_TRIES
local any_failed = redis.call('EXISTS', errors_key, tries_key) > 0

local function ended(entry, counted, deletes)
  if any_failed then
    redis.call('HDEL', errors_key, entry)
    redis.call('HDEL', tries_key, entry)
  end
  if redis.call('XACK', KEYS[1], ARGV[2], entry) == 0 then return end
  redis.call('HINCRBY', ARGV[1] .. KEY_COUNTS, counted, 1)
  if deletes then redis.call('XDEL', KEYS[1], entry) end
end

