-- Stands in front of scripts that use it: what the server says of a stream's consumer group, by the
-- server's own words; nil where there is no such stream or group.

local function group_of(stream, name)
  if redis.call('EXISTS', stream) == 0 then return nil end
  for _, words in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local group = about(words)
    if group['name'] == name then return group end
  end
end

