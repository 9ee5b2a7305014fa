-- Stands in front of scripts that use it: bytes of an entry's fields, and so many of the first ones.

local KEPT_BYTES = 65536 -- of what is too large: enough to find its id

local function size_of(fields)
  local bytes = 0
  for at = 1, #fields do bytes = bytes + #fields[at] end
  return bytes
end

local function beginning(fields, most)
  local kept = {}
  for at = 1, #fields, 2 do
    if most <= 0 then break end
    local name = string.sub(fields[at], 1, most)
    local value = string.sub(fields[at + 1], 1, most)
    kept[at], kept[at + 1] = name, value
    most = most - #name - #value - 1 -- 1: of empty ones there may be millions
  end
  return kept
end

-- An entry as it is told: what is over `most` bytes only by its beginning.
local function told(entry, most)
  local size = size_of(entry[2])
  return {entry[1], size > most and beginning(entry[2], KEPT_BYTES) or entry[2], size}
end
