-- Let go of the oldest dead letters: those over an age, and what is more than some bytes.
--
-- KEYS[1] {NS}:dead
-- ARGV  1 key prefix   2 ms that a letter is kept   3 bytes that all may take in memory
-- Returns how many were let go of; the next call goes on where there were too many for one.

local MOST, ROUNDS = 1000, 8 -- by one call, and how often it asks what they take
local dead = KEYS[1]
local time = redis.call('TIME')
local oldest = string.format('%d', time[1] * 1000 - ARGV[2])
local gone = 0

local function let_go(last, count)
  for _ = 1, count do
    local letter = redis.call('XRANGE', dead, '-', last, 'COUNT', 1)[1]
    if not letter or gone == MOST then return end
    gone = gone + redis.call('XDEL', dead, letter[1])
  end
end

if redis.call('XLEN', dead) == 0 then return 0 end
let_go('(' .. oldest .. '-0', MOST)
-- A server takes more than the letters' bytes, each version otherwise: so a few, and ask again.
for _ = 1, ROUNDS do
  local length = redis.call('XLEN', dead)
  if length == 0 or redis.call('MEMORY', 'USAGE', dead, 'SAMPLES', 0) <= tonumber(ARGV[3]) then break end
  let_go('+', math.ceil(length / 16))
end
if gone > 0 then redis.call('HINCRBY', ARGV[1] .. KEY_COUNTS, COUNT_LETTERS_TRIMMED, gone) end
return gone
