-- Stands in front of scripts that use it: what the server says of a stream's consumer group, by the
-- server's own words; nil where there is no such stream or group.

local function group_of(stream, name)
  if redis.call('EXISTS', stream) == 0 then return nil end
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local about = {}
    for at = 1, #group, 2 do about[group[at]] = group[at + 1] end
    if about['name'] == name then return about end
  end
end

