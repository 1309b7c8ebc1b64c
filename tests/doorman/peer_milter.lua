-- SPDX-License-Identifier: Apache-2.0
-- Sends two messages through clamav-milter: one clean, one with the word that
-- the signature looks for. The milter's socket is the variable `milter`. It asks
-- for neither HELO nor the end of the headers.
local function message(body)
  local conn = mt.connect(milter, 50, 0.2)
  if conn == nil then error("no connection to the milter") end
  mt.conninfo(conn, "client.example", "192.0.2.1")
  mt.mailfrom(conn, "<from@example.org>")
  mt.rcptto(conn, "<to@example.org>")
  mt.header(conn, "From", "from@example.org")
  mt.header(conn, "Subject", "a test")
  mt.bodystring(conn, body)
  local failure = mt.eom(conn)
  if failure ~= nil then error(failure) end
  local reply = mt.getreply(conn)
  mt.disconnect(conn)
  return reply
end

local clean = message("Hello, nothing here.\r\n")
if clean ~= SMFIR_ACCEPT and clean ~= SMFIR_CONTINUE then
  error("the clean message was not accepted: " .. tostring(clean))
end
local bad = message("Here is MALMARK for you.\r\n")
if bad ~= SMFIR_REJECT and bad ~= SMFIR_REPLYCODE then
  error("the bad message was not rejected: " .. tostring(bad))
end
