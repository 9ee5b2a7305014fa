-- Why letters are dead: how many of some of them have each reason. Their bodies stay here.
--
-- KEYS[1] {NS}:dead   ARGV  1 key prefix   2 id before the first one ('' for the newest)
--       3 how many
-- Returns {id of the oldest one looked at or '', reason, number, reason, number, …}, newest first.

local from = ARGV[2] == '' and '+' or '(' .. ARGV[2]
local letters = redis.call('XREVRANGE', KEYS[1], from, '-', 'COUNT', ARGV[3])
local answer, places = {''}, {}
for _, letter in ipairs(letters) do
  answer[1] = letter[1]
  -- A quote inside of a JSON text has a backslash before it, so this is no text of an article's.
  local reason = string.match(letter[2][2] or '', '"reason":"([^"\\]*)"') or 'unknown'
  if not places[reason] then
    places[reason] = #answer + 2
    answer[#answer + 1] = reason
    answer[#answer + 1] = 0
  end
  answer[places[reason]] = answer[places[reason]] + 1
end
return answer
