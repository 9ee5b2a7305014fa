-- Look through some entries of a stream for words, newest first, without sending them anywhere.
--
-- KEYS[1] the stream
-- ARGV  1 key prefix
--       2 group whose pending entries are looked through, '' for those of the stream itself
--       3 upper end, 4 lower end, as XREVRANGE takes them (of pending entries: the other way round,
--         since XPENDING only knows one direction)   5 how many   6.. the words
-- Returns {how many were looked through, id of the last of them or '', ids that hold a word ...}.

local S, group = KEYS[1], ARGV[2]
local answer = {0, ''}

local function look_at(id, fields)
  answer[1], answer[2] = answer[1] + 1, id
  for f = 2, #fields, 2 do
    for w = 6, #ARGV do
      if string.find(fields[f], ARGV[w], 1, true) then
        answer[#answer + 1] = id
        return
      end
    end
  end
end

if group == '' then
  for _, entry in ipairs(redis.call('XREVRANGE', S, ARGV[3], ARGV[4], 'COUNT', ARGV[5])) do
    look_at(entry[1], entry[2])
  end
else
  for _, pending in ipairs(redis.call('XPENDING', S, group, ARGV[4], ARGV[3], ARGV[5])) do
    local entry = redis.call('XRANGE', S, pending[1], pending[1])[1]
    look_at(pending[1], entry and entry[2] or {})
  end
end
return answer
