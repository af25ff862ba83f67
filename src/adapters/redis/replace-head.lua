-- Replaces the first bytes of an entity's log, if they are those that the caller has read. Whatever was
-- appended behind them stays, also what came since. One step: no append falls between.
--
-- KEYS[1]  the log
-- ARGV[1]  how many bytes are replaced
-- ARGV[2]  their SHA-1, in hexadecimal digits
-- ARGV[3]  what they become
--
-- Answers 1, or 0 when the log begins otherwise; then nothing is changed.
local length = tonumber(ARGV[1])
local head = redis.call('GETRANGE', KEYS[1], 0, length - 1)
if #head ~= length or redis.sha1hex(head) ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3] .. redis.call('GETRANGE', KEYS[1], length, -1))
return 1
