// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/ledger_reader.h"
#include "ledger/segment.h"

namespace vitrine::ledger {
namespace {

namespace fs = std::filesystem;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() {
    char name[] = "/tmp/ledger.XXXXXX";
    root_ = mkdtemp(name);
    options_.folder = (root_ / "ledger").string();
  }
  ~LedgerTest() override { fs::remove_all(root_); }

  static Outbound Request(const std::string& target) {
    const std::string bytes = "GET " + target + " HTTP/1.1\r\n\r\n";
    return {"https://a", "",       "GET",
            target,      "update", ByteVector(bytes.begin(), bytes.end())};
  }
  std::unique_ptr<Ledger> Opened() {
    auto opened = Ledger::Open(options_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }
  // All records; `error` is what ended the reading.
  std::vector<Record> ReadAll(std::string* error = nullptr) {
    LedgerReader reader(options_.folder);
    std::vector<Record> records;
    for (;;) {
      auto next = reader.Next();
      if (!next.ok()) {
        if (error == nullptr) ADD_FAILURE() << next.error().message;
        if (error != nullptr) *error = next.error().message;
        return records;
      }
      if (!next.value()) return records;
      records.push_back(*std::move(next).value());
    }
  }
  std::string Path(const std::string& name = "00000001.ledger") const {
    return options_.folder + "/" + name;
  }
  static std::string Text(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  static void Put(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }

  fs::path root_;
  Ledger::Options options_;
};

TEST_F(LedgerTest, KeepsWhatGoesOutAndHowItEnded) {
  {
    const auto ledger = Opened();
    EXPECT_EQ(ledger->Append(Request("/1")).value(), 1u);
    EXPECT_TRUE(ledger->AppendResult({1, "done", 200, 5}).ok());
    // Before anything is closed or synced by us, others can read it.
    EXPECT_EQ(ReadAll().size(), 2u);
  }
  EXPECT_EQ(Opened()->Append(Request("/2")).value(), 3u);
  const auto records = ReadAll();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].request, Request("/1"));
  EXPECT_EQ(records[1].result, (Ended{1, "done", 200, 5}));
  EXPECT_EQ(records[2].request, Request("/2"));
  EXPECT_GT(records[0].time_ns, 1'700'000'000'000'000'000);
}

TEST_F(LedgerTest, HasOneWriter) {
  const auto ledger = Opened();
  EXPECT_EQ(Ledger::Open(options_).error().code, Code::kUnavailable);
}

TEST_F(LedgerTest, RefusesWhatItCouldNotShow) {
  const auto ledger = Opened();
  Outbound large = Request("/");
  large.bytes.resize(kRequestBytesMax + 1);
  EXPECT_EQ(ledger->Append(large).error().code, Code::kLimit);
  large = Request(std::string(kTextMax + 1, 'a'));
  large.bytes.clear();
  EXPECT_EQ(ledger->Append(large).error().code, Code::kLimit);
  large = Request("/");
  large.bytes.assign(kRequestBytesMax, 0);
  EXPECT_TRUE(ledger->Append(large).ok());
  EXPECT_EQ(ReadAll().size(), 1u);
}

TEST_F(LedgerTest, ALineTornAnywhereIsCutOffWithANote) {
  Opened()->Append(Request("/1")).value();
  const size_t good = Text(Path()).size();
  Opened()->Append(Request("/2")).value();
  const std::string whole = Text(Path());
  for (size_t size = good; size < whole.size(); size += 5) {
    Put(Path(), whole.substr(0, size));
    EXPECT_EQ(Opened()->Append(Request("/3")).value(), size == good ? 2u : 3u);
    const auto records = ReadAll();
    if (size == good) continue;
    ASSERT_EQ(records.size(), 3u) << size;
    EXPECT_EQ(records[1].kind, Record::Kind::kRepaired);
    EXPECT_EQ(records[1].repaired.bytes, size - good);
    EXPECT_EQ(records[2].request, Request("/3"));
  }
}

TEST_F(LedgerTest, ZerosAfterAPowerCutAreCutOff) {
  Opened()->Append(Request("/1")).value();
  const std::string good = Text(Path());
  Put(Path(), good + std::string(5000, '\0'));
  Opened();
  const auto records = ReadAll();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].repaired.bytes, 5000u);
  EXPECT_FALSE(fs::exists(Path("00000001.ledger.damaged-1")));
}

TEST_F(LedgerTest, AnInterruptedRepairIsFoundAgain) {
  Opened()->Append(Request("/1")).value();
  const size_t good = Text(Path()).size();
  Put(Path(), Text(Path()) + std::string(5000, 'x'));
  const std::string torn = Text(Path());
  Opened();
  const std::string note = Text(Path()).substr(good);
  // The note is there, whole or in part, and what it goes over is not cut yet.
  for (const size_t size : {size_t{10}, note.size()}) {
    std::string text = torn;
    text.replace(good, size, note.substr(0, size));
    Put(Path(), text);
    Opened();
    const auto records = ReadAll();
    EXPECT_EQ(records.back().kind, Record::Kind::kRepaired);
    EXPECT_EQ(records.size(), size == note.size() ? 3u : 2u);
  }
}

TEST_F(LedgerTest, ChangedLinesAreSeenAndKeptAside) {
  {
    const auto ledger = Opened();
    for (const char* target : {"/1", "/2", "/3"}) {
      ledger->Append(Request(target)).value();
    }
  }
  std::string text = Text(Path());
  text[text.find("/2")] = '_';
  Put(Path(), text);
  std::string error;
  EXPECT_EQ(ReadAll(&error).size(), 1u);
  EXPECT_NE(error.find("00000001.ledger:3: "), std::string::npos) << error;
  Opened()->Append(Request("/4")).value();
  EXPECT_EQ(Text(Path("00000001.ledger.damaged-1")), text);
  const auto records = ReadAll();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].kind, Record::Kind::kRepaired);
}

TEST_F(LedgerTest, RemovedLinesAreSeen) {
  {
    const auto ledger = Opened();
    for (const char* target : {"/1", "/2", "/3"}) {
      ledger->Append(Request(target)).value();
    }
  }
  std::string text = Text(Path());
  const size_t second = text.find("\n2 ") + 1;
  text.erase(second, text.find('\n', second) + 1 - second);
  Put(Path(), text);
  std::string error;
  EXPECT_EQ(ReadAll(&error).size(), 1u);
  EXPECT_NE(error, "");
}

TEST_F(LedgerTest, RotationKeepsTheChainAndTheBound) {
  options_.segment_bytes = 1000;
  options_.total_bytes = 5000;
  {
    const auto ledger = Opened();
    for (int i = 0; i < 100; ++i) ledger->Append(Request("/x")).value();
  }
  const auto segments = ListSegments(options_.folder).value();
  EXPECT_GE(segments.size(), 3u);
  EXPECT_GT(segments.front(), 1u);
  uint64_t total = 0;
  for (const uint64_t index : segments) {
    total += fs::file_size(Path(SegmentName(index)));
  }
  EXPECT_LT(total, 6500u);
  const auto records = ReadAll();
  EXPECT_EQ(records.back().number, 100u);
  EXPECT_EQ(records.size(), 101 - records.front().number);
  // A segment that is not there any more, or begins otherwise, is missed.
  const std::string middle = Path(SegmentName(segments[1]));
  std::string text = Text(middle);
  char& digit = text[text.find('\n') - 1];
  digit = digit == '0' ? '1' : '0';
  Put(middle, text);
  std::string error;
  ReadAll(&error);
  EXPECT_NE(error.find("does not go on"), std::string::npos) << error;
  fs::remove(middle);
  error.clear();
  ReadAll(&error);
  EXPECT_NE(error.find("does not go on"), std::string::npos) << error;
}

TEST_F(LedgerTest, ASegmentThatCouldNotBeBegunEndsTheWriting) {
  options_.segment_bytes = 1;
  const auto ledger = Opened();
  EXPECT_TRUE(ledger->Append(Request("/1")).ok());
  // The head is written by the folder's name, and opened in the folder.
  fs::rename(options_.folder, root_ / "away");
  fs::create_directory(options_.folder);
  EXPECT_FALSE(ledger->Append(Request("/2")).ok());
  fs::remove_all(options_.folder);
  fs::rename(root_ / "away", options_.folder);
  EXPECT_EQ(ledger->Append(Request("/3")).error().code, Code::kUnavailable);
  EXPECT_EQ(ReadAll().size(), 1u);
}

TEST_F(LedgerTest, ASegmentWithoutAHeadIsKeptAside) {
  Opened()->Append(Request("/1")).value();
  Put(Path("00000002.ledger"), "nonsense\n");
  EXPECT_EQ(Opened()->Append(Request("/2")).value(), 3u);
  EXPECT_EQ(ReadAll().size(), 3u);
  EXPECT_TRUE(fs::exists(Path("00000002.ledger.damaged-1")));
}

TEST_F(LedgerTest, ReadersFollow) {
  options_.segment_bytes = 500;
  const auto ledger = Opened();
  LedgerReader reader(options_.folder);
  EXPECT_FALSE(reader.Next().value().has_value());
  for (uint64_t i = 1; i <= 20; ++i) {
    ledger->Append(Request("/x")).value();
    const auto next = reader.Next();
    ASSERT_TRUE(next.ok()) << next.error().message;
    ASSERT_TRUE(next.value().has_value());
    EXPECT_EQ(next.value()->number, i);
    EXPECT_FALSE(reader.Next().value().has_value());
  }
}

TEST_F(LedgerTest, NoLedgerIsNotAnEmptyOne) {
  EXPECT_EQ(LedgerReader(options_.folder).Next().error().code, Code::kNotFound);
}

TEST_F(LedgerTest, AFullDiskLeavesNoPartBehind) {
  const auto ledger = Opened();
  ledger->Append(Request("/1")).value();
  signal(SIGXFSZ, SIG_IGN);
  rlimit old;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit full = {Text(Path()).size() + 20, old.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  EXPECT_FALSE(ledger->Append(Request("/2")).ok());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_EQ(ReadAll().size(), 1u);
  EXPECT_EQ(ledger->Append(Request("/3")).value(), 2u);
  EXPECT_EQ(ReadAll().size(), 2u);
}

// What a killed writer had said was written, is.
TEST_F(LedgerTest, OutlivesAKilledWriter) {
  options_.segment_bytes = 2000;
  uint64_t promised = 0;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto ledger = Ledger::Open(options_);
      if (!ledger.ok()) _exit(1);
      for (;;) {
        const auto number = ledger.value()->Append(Request("/x"));
        if (!number.ok()) _exit(1);
        const uint64_t said = number.value();
        if (write(ends[1], &said, sizeof said) < 0) _exit(1);
      }
    }
    close(ends[1]);
    const auto hear = [&] {
      uint64_t said = 0;
      if (read(ends[0], &said, sizeof said) != sizeof said) return false;
      promised = said;
      return true;
    };
    for (int i = 0; i <= 3 * round; ++i) ASSERT_TRUE(hear());
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (hear()) {
    }
    close(ends[0]);
    const auto records = ReadAll();
    ASSERT_FALSE(records.empty());
    EXPECT_GE(records.back().number, promised);
  }
}

}  // namespace
}  // namespace vitrine::ledger
