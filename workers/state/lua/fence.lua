-- Stands in front of every script but the one that begins an era: a worker of another one is
-- refused.
--
-- ARGV  1 key prefix   last: the worker's era, '' for any; taken off before the script sees it

local era = table.remove(ARGV)
if era ~= '' and redis.call('HGET', ARGV[1] .. KEY_CLOCK, CLOCK_ERA) ~= era then return 'ERA' end

