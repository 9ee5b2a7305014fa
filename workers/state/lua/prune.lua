-- Take the names of dead consumers off a group.
--
-- A worker that is killed leaves its name. One that lives and waits may be taken off too: its next
-- read makes the name anew.
--
-- KEYS[1] the stream   ARGV  1 key prefix   2 group   3 ms without a sign
-- Returns how many were taken off.

local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[2])
local pruned = 0
for _, words in ipairs(consumers) do -- none where there is no such stream or group
  local consumer = about(words)
  if consumer['pending'] == 0 and consumer['idle'] >= tonumber(ARGV[3]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[2], consumer['name'])
    pruned = pruned + 1
  end
end
return pruned
