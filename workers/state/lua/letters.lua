-- Let go of the oldest dead letters: those over an age, and what is more than some bytes.
--
-- KEYS[1] {NS}:dead
-- ARGV  1 key prefix   2 ms that a letter is kept   3 bytes that all may take in memory
-- Returns how many were let go of; the next call goes on where there were too many for one.

local MOST = 1000 -- by one call
local dead = KEYS[1]
local time = redis.call('TIME')
local oldest = string.format('%d', time[1] * 1000 - ARGV[2])
local gone = 0

local function let_go(last, bytes)
  while bytes > 0 and gone < MOST do
    local letter = redis.call('XRANGE', dead, '-', last, 'COUNT', 1)[1]
    if not letter then return end
    bytes = bytes - size_of(letter[2])
    gone = gone + redis.call('XDEL', dead, letter[1])
  end
end

if redis.call('XLEN', dead) == 0 then return 0 end
let_go('(' .. oldest .. '-0', math.huge)
let_go('+', (redis.call('MEMORY', 'USAGE', dead, 'SAMPLES', 0) or 0) - ARGV[3])
if gone > 0 then redis.call('HINCRBY', ARGV[1] .. KEY_COUNTS, COUNT_LETTERS_TRIMMED, gone) end
return gone
