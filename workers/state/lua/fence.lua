-- Stands in front of every other script: a worker of another era is refused.
--
-- ARGV  1 key prefix   last: the worker's era, '' for any; taken off before the script sees it

local era = table.remove(ARGV)
if era ~= '' and redis.call('HGET', ARGV[1] .. 'clock', 'era') ~= era then return 'ERA' end

