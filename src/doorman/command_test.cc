// SPDX-License-Identifier: Apache-2.0
#include "doorman/command.h"

#include <string>

#include "doorman/chunk_reader.h"
#include "doorman/limits.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

using namespace std::string_literals;
using State = Parsed::State;

TEST(Command, IsCompleteWithTheTerminatorOfItsPrefix) {
  EXPECT_EQ(State::kNeedMore, ParseCommand("", Session::kNo).state);
  EXPECT_EQ(State::kNeedMore, ParseCommand("z", Session::kNo).state);
  EXPECT_EQ(State::kNeedMore, ParseCommand("zPING\n", Session::kNo).state);
  EXPECT_EQ(State::kNeedMore, ParseCommand("nPING\0"s, Session::kNo).state);
  const std::string text = "zPING\0zEND\0"s;
  const Parsed parsed = ParseCommand(text, Session::kNo);
  EXPECT_EQ(State::kCommand, parsed.state);
  EXPECT_EQ(6u, parsed.consumed);
  EXPECT_EQ(Verb::kPing, parsed.command.verb);
  EXPECT_EQ('\0', parsed.command.terminator);
}

TEST(Command, OfTheOldStyleIsWhatThereIs) {
  const Parsed parsed = ParseCommand("FILDES\nx", Session::kNo);
  EXPECT_EQ(Verb::kFileDescriptor, parsed.command.verb);
  EXPECT_EQ(7u, parsed.consumed);
  EXPECT_EQ(Verb::kPing, ParseCommand("PING\0"s, Session::kNo).command.verb);
  EXPECT_EQ(State::kUnprefixed, ParseCommand("PING\n", Session::kYes).state);
}

TEST(Command, HasABoundedLength) {
  const std::string fits = "z" + std::string(kCommandBytes - 2, 'A') + "\0"s;
  EXPECT_EQ(State::kCommand, ParseCommand(fits, Session::kNo).state);
  const std::string long_one = "z" + std::string(kCommandBytes, 'A') + "\0"s;
  EXPECT_EQ(State::kTooLong, ParseCommand(long_one, Session::kNo).state);
  const std::string open = "z" + std::string(kCommandBytes - 2, 'A');
  EXPECT_EQ(State::kNeedMore, ParseCommand(open, Session::kNo).state);
}

TEST(Command, KeepsThePathAsItIs) {
  const auto path = [](const std::string& text) {
    return std::string(ParseCommand(text, Session::kNo).command.argument);
  };
  EXPECT_EQ("/a b\r\n", path("zSCAN /a b\r\n\0"s));
  EXPECT_EQ("/a\rb", path("nSCAN /a\rb\r\r\n"));
  EXPECT_EQ("/a", path("nSCAN /a\0b\n"s));
  EXPECT_EQ("oo", path("zMULTISCANfoo\0"s));
  EXPECT_EQ("", path("zSCAN \0"s));
}

TEST(ChunkReader, TellsContentFromFraming) {
  ChunkReader reader(10);
  const std::string text = "\0\0\0\3abc\0\0\0\0x"s;
  Bytes input = AsBytes(text);
  ChunkReader::Step step = reader.Read(input);
  EXPECT_EQ(ChunkReader::Step::State::kContent, step.state);
  EXPECT_EQ("abc", AsText(step.content));
  input = input.subspan(step.consumed);
  step = reader.Read(input);
  EXPECT_EQ(ChunkReader::Step::State::kEnd, step.state);
  EXPECT_EQ("x", AsText(input.subspan(step.consumed)));
}

TEST(ChunkReader, CountsAllChunksAgainstTheLimit) {
  ChunkReader reader(5);
  const std::string first = "\0\0\0\3abc"s;
  EXPECT_EQ(ChunkReader::Step::State::kContent,
            reader.Read(AsBytes(first)).state);
  ChunkReader same = reader;
  const std::string fits = "\0\0\0\2"s;
  EXPECT_EQ(ChunkReader::Step::State::kMore, reader.Read(AsBytes(fits)).state);
  const std::string exceeds = "\0\0\0\3"s;
  EXPECT_EQ(ChunkReader::Step::State::kTooLong,
            same.Read(AsBytes(exceeds)).state);
}

}  // namespace
}  // namespace vitrine::doorman
