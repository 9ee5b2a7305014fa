-- Stands in front of scripts that use it: whether a mandate holds for an owner, as
-- service/stories/senders.py says. Its names are a text here, with a tab between them.

local function covers(mandate, owner)
  for name in string.gmatch(mandate, '[^\t]+') do
    if name == owner or name == '*' or (name == 'source' and string.sub(owner, 1, 7) == 'source:') then return true end
  end
  return false
end

