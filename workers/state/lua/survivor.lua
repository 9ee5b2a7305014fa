-- Stands in front of scripts that use it: the story that a story ended in, mergers followed; itself
-- if it did not merge.

local function survivor(story)
  local into = redis.call('HGET', ARGV[1] .. KEY_STORY .. story, STORY_INTO)
  while into do
    story = into
    into = redis.call('HGET', ARGV[1] .. KEY_STORY .. story, STORY_INTO)
  end
  return story
end

