// SPDX-License-Identifier: Apache-2.0
// What the server says, byte for byte, as clamd 1.4.6 was seen to say it;
// tests/doorman compares the two directly where clamd is installed.
#include <fcntl.h>

#include <string>

#include "doorman/server_room.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

using namespace std::string_literals;

class ProtocolTest : public testing::Test, protected ServerRoom {};

TEST_F(ProtocolTest, AnswersSimpleCommandsInEachForm) {
  Start();
  EXPECT_EQ("PONG\0"s, Ask("zPING\0"s));
  EXPECT_EQ("PONG\n", Ask("nPING\n"));
  EXPECT_EQ("PONG\n", Ask("nPING\r\n"));
  EXPECT_EQ("PONG\n", Ask("PING\n"));
  EXPECT_EQ("PONG\n", Ask("PING"));
  EXPECT_EQ("ClamAV 1.4.6\0"s, Ask("zVERSION\0"s));
  EXPECT_EQ("ClamAV 1.4.6\n", Ask("VERSION"));
  EXPECT_EQ(std::string(kVersionCommands) + "\n", Ask("nVERSIONCOMMANDS\n"));
  EXPECT_EQ("", Ask("nDETSTATS\n"));
  EXPECT_EQ("", Ask("DETSTATSCLEAR\n"));
}

TEST_F(ProtocolTest, KnowsOnlySomeCommandsWithoutPrefix) {
  Start();
  for (const char* text : {"VERSIONCOMMANDS", "STATS", "END", "IDSESSION",
                           "INSTREAM\n", "ALLMATCHSCAN /x\n", "FOO", "SCAN",
                           "ping", "PING x", "GET / HTTP/1.1\r\n\r\n"}) {
    EXPECT_EQ("UNKNOWN COMMAND\n", Ask(text)) << text;
  }
}

TEST_F(ProtocolTest, EndsUnknownCommandsByTheTerminatorOfTheirPrefix) {
  Start();
  EXPECT_EQ("UNKNOWN COMMAND\0"s, Ask("zEND\0"s));
  EXPECT_EQ("UNKNOWN COMMAND\0"s, Ask("z\0"s));
  EXPECT_EQ("UNKNOWN COMMAND\n", Ask("nSCAN\n"));
  EXPECT_EQ("UNKNOWN COMMAND\0"s, Ask("zPING x\0"s));
  EXPECT_EQ("UNKNOWN COMMAND\0"s, Ask("zPING\r\0"s));
}

TEST_F(ProtocolTest, AnswersOneCommandOutsideASession) {
  Start();
  EXPECT_EQ("PONG\0"s, Ask("zPING\0zVERSION\0"s));
  EXPECT_EQ("PONG\n", Ask("PING\nVERSION\n"));
}

TEST_F(ProtocolTest, TakesCommandsInPieces) {
  Start();
  Client client = Connect();
  for (const std::string& piece : {"z"s, "PI"s, "NG"s}) {
    client.Send(piece);
    EXPECT_TRUE(client.Quiet(20));
  }
  client.Send("\0"s);
  EXPECT_EQ("PONG\0"s, client.ReadAll());
}

TEST_F(ProtocolTest, SaysNothingToACommandThatIsTooLong) {
  Start();
  EXPECT_EQ("", Ask("z" + std::string(100000, 'A') + "\0"s));
  EXPECT_EQ("UNKNOWN COMMAND\n", Ask(std::string(5000, 'A')));
}

TEST_F(ProtocolTest, ShowsStats) {
  settings_.idle_timeout = std::chrono::seconds(10);
  Start();
  const std::string text = Ask("nSTATS\n");
  EXPECT_TRUE(text.starts_with(
      "POOLS: 1\n\nSTATE: VALID PRIMARY\nTHREADS: live 1  idle 0 max 4 "
      "idle-timeout 10\nQUEUE: 0 items\n\tSTATS 0.0000"))
      << text;
  EXPECT_TRUE(text.ends_with("M\nEND\n")) << text;
}

TEST_F(ProtocolTest, ReloadsWhenAsked) {
  Start();
  EXPECT_EQ("RELOADING\0"s, Ask("zRELOAD\0"s));
  EXPECT_EQ(1, scanning_->reloads);
}

TEST_F(ProtocolTest, RefusesShutdownUnlessAllowed) {
  Start();
  EXPECT_EQ("UNKNOWN COMMAND\0"s, Ask("zSHUTDOWN\0"s));
  EXPECT_EQ("PONG\0"s, Ask("zPING\0"s));
  Stop();
  settings_.allow_shutdown = true;
  Start();
  EXPECT_EQ("", Ask("SHUTDOWN\n"));
  thread_.join();
}

TEST_F(ProtocolTest, ScansStreams) {
  Start();
  EXPECT_EQ("stream: OK\0"s, Ask("zINSTREAM\0"s + Chunk("hello") + Chunk("")));
  EXPECT_EQ("stream: OK\0"s, Ask("zINSTREAM\0"s + Chunk("")));
  EXPECT_EQ("stream: TestSig.UNOFFICIAL FOUND\n",
            Ask("nINSTREAM\n" + Chunk("MAL") + Chunk("MARK") + Chunk("")));
  EXPECT_EQ("stream: TestSig.UNOFFICIAL FOUND\n",
            Ask("nINSTREAM\r\n" + Chunk("MALMARK") + Chunk("")));
}

TEST_F(ProtocolTest, ScansAStreamOnceThatIsClean) {
  Start();
  const std::string good = "zINSTREAM\0"s + Chunk("good") + Chunk("");
  const std::string bad = "zINSTREAM\0"s + Chunk("MALMARK") + Chunk("");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ("stream: OK\0"s, Ask(good));
    EXPECT_EQ("stream: TestSig.UNOFFICIAL FOUND\0"s, Ask(bad));
  }
  EXPECT_EQ(4, scanning_->scans);
  EXPECT_EQ(
      "1: stream: OK\0"s
      "2: PONG\0"s,
      Ask("zIDSESSION\0"s + good + "zPING\0zEND\0"s));
  EXPECT_EQ(4, scanning_->scans);
  Ask("zRELOAD\0"s);
  while (scanning_->scans == 4) Ask(good);  // Forgotten with the database.
}

TEST_F(ProtocolTest, ScansAStreamThatComesByteByByte) {
  Start();
  Client client = Connect();
  for (const char c : "zINSTREAM\0"s + Chunk("MALMARK") + Chunk("")) {
    ASSERT_TRUE(client.Send({&c, 1}));
  }
  EXPECT_EQ("stream: TestSig.UNOFFICIAL FOUND\0"s, client.ReadAll());
}

TEST_F(ProtocolTest, AnswersAClientThatHalfClosedAfterItsStream) {
  Start();
  Client client = Connect();
  client.Send("zINSTREAM\0"s + Chunk("MALMARK") + Chunk(""));
  client.HalfClose();
  EXPECT_EQ("stream: TestSig.UNOFFICIAL FOUND\0"s, client.ReadAll());
}

TEST_F(ProtocolTest, DropsAStreamThatEndsEarly) {
  Start();
  Client client = Connect();
  client.Send("zINSTREAM\0"s + Chunk("MALMARK"));
  client.HalfClose();
  EXPECT_EQ("", client.ReadAll());
  EXPECT_EQ(0, scanning_->scans);
}

TEST_F(ProtocolTest, TakesAStreamAtTheLimit) {
  Start();
  EXPECT_EQ(
      "stream: OK\0"s,
      Ask("zINSTREAM\0"s + Chunk(std::string(100 << 10, 'a')) + Chunk("")));
}

TEST_F(ProtocolTest, RefusesAStreamBeyondTheLimitWithoutAReset) {
  Start();
  const std::string refusal = "INSTREAM size limit exceeded. ERROR\0"s;
  EXPECT_EQ(refusal, Ask("zINSTREAM\0\x7f\xff\xff\xff"s + "AAAA"));
  EXPECT_EQ(refusal, Ask("zINSTREAM\0\xff\xff\xff\xff"s + "AAAA"));
  Client client = Connect();
  // Larger than all buffers between the two: the client is still sending when
  // the answer comes.
  EXPECT_TRUE(client.Send("zINSTREAM\0"s + Chunk(std::string(8 << 20, 'a')) +
                          Chunk("")));
  EXPECT_EQ(refusal, client.ReadAll());
}

TEST_F(ProtocolTest, ScansDescriptors) {
  Start();
  const UniqueFd bad(open(MakeFile("bad", "MALMARK").c_str(), O_RDONLY));
  for (const std::string& command : {"zFILDES\0"s, "nFILDES\n"s, "FILDES\n"s}) {
    const std::string end(1, command[0] == 'z' ? '\0' : '\n');
    Client late = Connect();
    late.Send(command);
    EXPECT_TRUE(late.Quiet(20));
    late.SendDescriptors("\0"s, {bad.get()});
    const std::string reply = late.ReadAll();
    EXPECT_TRUE(reply.starts_with("fd[")) << reply;
    EXPECT_TRUE(reply.ends_with("]: TestSig.UNOFFICIAL FOUND" + end)) << reply;
    Client at_once = Connect();
    at_once.SendDescriptors(command + "\0"s, {bad.get()});
    EXPECT_TRUE(at_once.ReadAll().ends_with("FOUND" + end));
  }
}

TEST_F(ProtocolTest, RefusesWrongDescriptors) {
  Start();
  const UniqueFd folder(open(folder_.c_str(), O_RDONLY));
  const UniqueFd file(open(MakeFile("f", "fine").c_str(), O_RDONLY));
  EXPECT_EQ("No file descriptor received. ERROR\0"s, Ask("zFILDES\0\0"s));
  {
    Client client = Connect();
    client.SendDescriptors("zFILDES\0\0"s, {file.get(), file.get()});
    EXPECT_EQ("No file descriptor received. ERROR\0"s, client.ReadAll());
  }
  {
    Client client = Connect();
    client.SendDescriptors("nFILDES\nx", {folder.get()});
    EXPECT_TRUE(client.ReadAll().ends_with(": Not a regular file ERROR\n"));
  }
  {
    Client client = Connect();
    client.SendDescriptors("nFILDES\n", {file.get()});
    EXPECT_EQ(
        "PROTOCOL ERROR: ancillary data sent without FILDES. ERROR\0"
        "Error processing command. ERROR\0"s,
        client.ReadAll());
  }
  {
    Client client = Connect();
    client.SendDescriptors("zPING\0"s, {file.get()});
    EXPECT_EQ("PONG\0"s, client.ReadAll());
  }
}

TEST_F(ProtocolTest, NumbersRepliesOfASession) {
  Start();
  EXPECT_EQ(
      "1: PONG\0"s
      "2: ClamAV 1.4.6\0"s,
      Ask("zIDSESSION\0zPING\0zVERSION\0zEND\0zPING\0"s));
  Client client = Connect();
  client.Send("nIDSESSION\nnPING\n");
  EXPECT_EQ("1: PONG\n", client.ReadTo('\n'));
  client.Send("zPING\0"s);
  EXPECT_EQ("2: PONG\0"s, client.ReadTo('\0'));
  client.Send("zINSTREAM\0"s + Chunk("MALMARK") + Chunk(""));
  EXPECT_EQ("3: stream: TestSig.UNOFFICIAL FOUND\0"s, client.ReadTo('\0'));
  client.Send("nEND\n");
  EXPECT_EQ("", client.ReadAll());
}

TEST_F(ProtocolTest, AnswersFastScansOfASessionBeforeSlowOnes) {
  Start();
  Client client = Connect();
  client.Send("zIDSESSION\0zINSTREAM\0"s + Chunk("SLOW MALMARK") + Chunk("") +
              "zINSTREAM\0"s + Chunk("ok") + Chunk("") + "zEND\0"s);
  EXPECT_EQ("2: stream: OK\0"s, client.ReadTo('\0'));
  EXPECT_TRUE(client.Quiet());
  scanning_->Release();
  EXPECT_EQ("1: stream: TestSig.UNOFFICIAL FOUND\0"s, client.ReadAll());
}

TEST_F(ProtocolTest, RefusesSomeCommandsInASession) {
  Start();
  const std::string refusal = "1: Command invalid inside IDSESSION. ERROR\0"s;
  for (const std::string& command :
       {"CONTSCAN /"s, "MULTISCAN /"s, "ALLMATCHSCAN /"s, "RELOAD"s, "FOO"s,
        "IDSESSION"s, ""s, "SCAN"s, "STATS x"s, "DETSTATS"s}) {
    EXPECT_EQ(refusal, Ask("zIDSESSION\0z"s + command + "\0zPING\0"s));
  }
}

TEST_F(ProtocolTest, WantsPrefixesInASession) {
  Start();
  const std::string refusal =
      "1: Only nCMDS\\n and zCMDS\\0 are accepted inside IDSESSION. ERROR\0"
      "1: Error processing command. ERROR\0"s;
  Client client = Connect();
  client.Send("zIDSESSION\0"s);
  EXPECT_TRUE(client.Quiet(20));
  client.Send("PING\n");
  EXPECT_EQ(refusal, client.ReadAll());
  // In the packet of the command before it is only seen when more comes.
  Client late = Connect();
  late.Send("zIDSESSION\0PING\n"s);
  EXPECT_TRUE(late.Quiet());
  late.Send("zPING\0"s);
  EXPECT_EQ(refusal, late.ReadAll());
}

TEST_F(ProtocolTest, ScansDescriptorsInASession) {
  Start();
  const UniqueFd bad(open(MakeFile("bad", "MALMARK").c_str(), O_RDONLY));
  const UniqueFd good(open(MakeFile("good", "fine").c_str(), O_RDONLY));
  Client client = Connect();
  client.SendDescriptors("zIDSESSION\0zFILDES\0\0"s, {bad.get()});
  EXPECT_TRUE(client.ReadTo('\0').starts_with("1: fd["));
  client.Send("zFILDES\0"s);
  client.SendDescriptors("\0"s, {good.get()});
  EXPECT_TRUE(client.ReadTo('\0').ends_with("]: OK\0"s));
  client.SendDescriptors("zPING\0"s, {good.get()});
  EXPECT_EQ(
      "3: PONG\0"
      "3: PROTOCOL ERROR: ancillary data sent without FILDES. ERROR\0"
      "3: Error processing command. ERROR\0"s,
      client.ReadAll());
}

TEST_F(ProtocolTest, TimesOut) {
  settings_.command_read_timeout = milliseconds(200);
  settings_.read_timeout = milliseconds(400);
  Start();
  for (const std::string& text :
       {""s, "z"s, "zPIN"s, "nPIN"s, "zFILDES\0"s, "zINSTREAM\0"s,
        "zINSTREAM\0\0\0\0\5ab"s, "zIDSESSION\0"s, "nIDSESSION\nnPI"s}) {
    EXPECT_EQ("COMMAND READ TIMED OUT\n", Ask(text));
  }
  // A byte now and then does not make a command take longer.
  Client client = Connect();
  while (client.Quiet(50) && client.Send("z")) {
  }
  EXPECT_EQ("COMMAND READ TIMED OUT\n", client.ReadAll());
}

TEST_F(ProtocolTest, NeverCallsOkWhatWasNotLookedAt) {
  Start();
  EXPECT_EQ("stream: Not fully scanned (max-recursion). ERROR\0"s,
            Ask("zINSTREAM\0"s + Chunk("LIMITED") + Chunk("")));
  EXPECT_EQ("stream: the scanner died, signal 11. ERROR\0"s,
            Ask("zINSTREAM\0"s + Chunk("BROKEN") + Chunk("")));
  Stop();
  settings_.limited = Limited::kFound;
  Start();
  EXPECT_EQ("stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0"s,
            Ask("zINSTREAM\0"s + Chunk("LIMITED") + Chunk("")));
}

}  // namespace
}  // namespace vitrine::doorman
