-- Stands in front of scripts that use it: names and values by turns, as XINFO answers, by name.

local function about(words)
  local named = {}
  for at = 1, #words, 2 do named[words[at]] = words[at + 1] end
  return named
end

