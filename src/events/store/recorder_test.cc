// SPDX-License-Identifier: Apache-2.0
#include "events/store/recorder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "events/sample_events.h"

namespace vitrine::events {
namespace {

namespace fs = std::filesystem;

class RecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    const bool memory = access("/dev/shm", W_OK) == 0;
    std::string folder =
        (memory ? "/dev/shm" : testing::TempDir()) + "/recorder.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
    fs::create_directory(root_ / "spool");
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<SpoolWriter> Writer(const std::string& name,
                                      uint64_t segment_bytes = kSegmentBytes) {
    return SpoolWriter::Open({(root_ / "spool" / name).string(), name,
                              segment_bytes, kFolderBytes})
        .value();
  }
  EventStore OpenStore(db::Mode mode = db::Mode::kReadWrite) const {
    return EventStore::Open((root_ / "events.db").string(), mode).value();
  }
  Recorder Open() const {
    return Recorder({(root_ / "spool").string(), "", 0, 0}, OpenStore());
  }
  static void Drain(Recorder& recorder) {
    for (;;) {
      const auto taken = recorder.Round();
      ASSERT_TRUE(taken.ok()) << taken.error().message;
      if (taken.value() == 0) return;
    }
  }
  std::vector<StoredEvent> Query(const EventQuery& query) const {
    std::vector<StoredEvent> events;
    EventStore store = OpenStore();
    EXPECT_TRUE(store
                    .ForEach(query,
                             [&](const StoredEvent& event) {
                               events.push_back(event);
                               return true;
                             })
                    .ok());
    return events;
  }
  size_t Segments(const std::string& writer) const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(root_ / "spool" / writer), {}));
  }

  fs::path root_;
};

TEST_F(RecorderTest, TakesEventsOnceAndDeletesWhatIsFinished) {
  auto writer = Writer("guard", 1000);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer->Append(FullEvent()).ok());
  Recorder recorder = Open();
  Drain(recorder);
  EXPECT_EQ(recorder.store().Count().value(), 20);
  EXPECT_EQ(Segments("guard"), 1u);  // The one that is still written.
  ASSERT_TRUE(writer->Append(FullEvent()).ok());
  Drain(recorder);
  EXPECT_EQ(recorder.store().Count().value(), 21);
  writer.reset();
  Drain(recorder);
  EXPECT_EQ(Segments("guard"), 0u);
  EXPECT_EQ(recorder.store().Count().value(), 21);
  const auto events = Query({});
  ASSERT_EQ(events.size(), 21u);
  EXPECT_EQ(events[0].event, FullEvent());
  EXPECT_EQ(events[0].origin.writer, "guard");
}

TEST_F(RecorderTest, GoesOnExactlyWhereAKilledOneWas) {
  constexpr uint64_t kEvents = 3000;
  auto writer = Writer("guard", 100'000);
  Event event = FullEvent();
  for (uint64_t i = 1; i <= kEvents; ++i) {
    event.count = i;
    ASSERT_TRUE(writer->Append(event).ok());
  }
  for (int round = 0; round < 12; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      Recorder recorder = Open();
      for (;;) static_cast<void>(recorder.Round());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  Recorder recorder = Open();
  Drain(recorder);
  std::multiset<uint64_t> counts;
  EventQuery query;
  query.event_class = Class::kDetection;
  for (const StoredEvent& stored : Query(query)) {
    counts.insert(stored.event.count);
  }
  EXPECT_EQ(counts.size(), kEvents);
  for (uint64_t i = 1; i <= kEvents; ++i) ASSERT_EQ(counts.count(i), 1u) << i;
}

TEST_F(RecorderTest, BelievesTheFolderAndNotTheHeader) {
  auto writer = Writer("doorman");
  ASSERT_TRUE(writer->Append(FullEvent()).ok());
  writer.reset();
  fs::rename(root_ / "spool/doorman", root_ / "spool/guard");
  Recorder recorder = Open();
  Drain(recorder);
  const auto events = Query({});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].origin.writer, "recorder");
  EXPECT_EQ(events[0].event.reason, "spool-damaged");
}

TEST_F(RecorderTest, TellsOfGapsAndDamageAndGoesOn) {
  auto writer = Writer("guard");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(writer->Append(FullEvent()).ok());
  writer.reset();
  for (const auto& entry : fs::directory_iterator(root_ / "spool/guard")) {
    std::fstream file(entry.path(),
                      std::ios::in | std::ios::out | std::ios::binary);
    const auto frame = (fs::file_size(entry.path()) - kSegmentHeaderSize) / 5;
    file.seekp(static_cast<long>(kSegmentHeaderSize + frame + 30));
    file << "????";
  }
  Recorder recorder = Open();
  Drain(recorder);
  std::set<std::string> reasons;
  size_t good = 0;
  for (const StoredEvent& stored : Query({})) {
    if (stored.event == FullEvent()) ++good;
    reasons.insert(stored.event.reason);
  }
  EXPECT_EQ(good, 4u);
  EXPECT_TRUE(reasons.contains("events-missing"));
  EXPECT_TRUE(reasons.contains("spool-damaged"));
}

TEST_F(RecorderTest, IgnoresWhatIsNoSegment) {
  fs::create_directory(root_ / "spool/guard");
  SpoolId id{};
  const std::string name = SegmentName(id, 0);
  fs::create_symlink("/etc/passwd", root_ / "spool/guard" / name);
  std::ofstream(root_ / "spool/guard/other") << "x";
  ASSERT_EQ(mkfifo((root_ / "spool/guard" / SegmentName(id, 1)).c_str(), 0600),
            0);
  Recorder recorder = Open();
  Drain(recorder);
  EXPECT_EQ(recorder.store().Count().value(), 0);
}

TEST_F(RecorderTest, DropsWhatADeadWriterNeverNamed) {
  const fs::path folder = root_ / "spool/guard";
  fs::create_directory(folder);
  const fs::path left = folder / ("." + SegmentName(SpoolId{}, 0));
  const fs::path fresh = folder / ("." + SegmentName(SpoolId{}, 1));
  std::ofstream(left) << "x";
  std::ofstream(fresh) << "x";
  fs::last_write_time(left,
                      fs::file_time_type::clock::now() - std::chrono::hours(1));
  Recorder recorder = Open();
  Drain(recorder);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(fresh));
}

TEST_F(RecorderTest, QueriesByTimeClassVerdictAndRule) {
  auto writer = Writer("guard");
  for (int i = 0; i < 10; ++i) {
    Event event = i % 2 == 0 ? FullEvent() : Make(ScanActivity::kStarted);
    event.time_ns = i + 1;
    if (i == 4) event.rules = {"Other.Rule"};
    ASSERT_TRUE(writer->Append(event).ok());
  }
  Recorder recorder = Open();
  Drain(recorder);
  EventQuery query;
  query.since_ns = 3;
  query.until_ns = 8;
  EXPECT_EQ(Query(query).size(), 6u);
  query.event_class = Class::kScan;
  EXPECT_EQ(Query(query).size(), 3u);
  query = {};
  query.verdict = Verdict::kFound;
  EXPECT_EQ(Query(query).size(), 5u);
  query.rule = config::Mask::Parse("Other.*").value();
  EXPECT_EQ(Query(query).size(), 1u);
  query = {};
  query.newest = 3;
  const auto newest = Query(query);
  ASSERT_EQ(newest.size(), 3u);
  EXPECT_EQ(newest[0].event.time_ns, 8);
  EXPECT_EQ(newest[2].event.time_ns, 10);
  query = {};
  query.after_id = newest[1].id;
  EXPECT_EQ(Query(query).size(), 1u);
}

TEST_F(RecorderTest, RetentionDropsTheOldestInSmallSteps) {
  auto writer = Writer("guard");
  constexpr int64_t kDayNs = int64_t{86'400} * 1'000'000'000;
  for (int64_t i = 0; i < 2000; ++i) {
    Event event = FullEvent();
    event.time_ns = (i < 1200 ? 1 : 50) * kDayNs + i;
    ASSERT_TRUE(writer->Append(event).ok());
  }
  Recorder::Options options;
  options.spool = (root_ / "spool").string();
  options.age_max_days = 30;
  Recorder recorder(options, OpenStore());
  Drain(recorder);
  EXPECT_EQ(recorder.RetainStep(60 * kDayNs).value(), 500);
  EXPECT_EQ(recorder.RetainStep(60 * kDayNs).value(), 500);
  EXPECT_EQ(recorder.RetainStep(60 * kDayNs).value(), 200);
  EXPECT_EQ(recorder.RetainStep(60 * kDayNs).value(), 0);
  EXPECT_EQ(recorder.store().Count().value(), 800);
  // By size: the rest goes until it fits.
  EXPECT_EQ(recorder.store().RetainStep(0, 1).value(), 500);
  EXPECT_EQ(Query({})[0].event.time_ns, 50 * kDayNs + 1700);
}

TEST_F(RecorderTest, AStoreOfAnotherVersionOrADamagedOneIsRefused) {
  OpenStore();
  {
    auto database =
        db::Database::Open((root_ / "events.db").string(), db::Mode::kReadWrite)
            .value();
    ASSERT_TRUE(database.Run("PRAGMA user_version = 7").ok());
  }
  const std::string path = (root_ / "events.db").string();
  EXPECT_EQ(EventStore::Open(path, db::Mode::kReadWrite).error().code,
            Code::kInvalid);
  std::ofstream(path) << std::string(5000, 'x');
  fs::remove(path + "-wal");
  EXPECT_EQ(EventStore::Open(path, db::Mode::kReadWrite).error().code,
            Code::kInvalid);
}

}  // namespace
}  // namespace vitrine::events
