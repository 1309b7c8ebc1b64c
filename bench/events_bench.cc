// SPDX-License-Identifier: Apache-2.0
// What telling costs: the time of one append to a spool, events a second into
// the store, and the same append while the recorder takes and deletes. Prints a
// line a figure. usage: events_bench FOLDER
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "events/store/recorder.h"

namespace {

using namespace vitrine;          // NOLINT(google-build-using-namespace)
using namespace vitrine::events;  // NOLINT(google-build-using-namespace)
using Clock = std::chrono::steady_clock;

constexpr int kEvents = 200'000;

// As a denied open is told.
Event Denial() {
  Event event = Make(DetectionActivity::kCreate);
  event.severity = Severity::kHigh;
  event.action = Action::kDenied;
  event.disposition = Disposition::kBlocked;
  event.verdict = Verdict::kFound;
  event.message = "A file was opened";
  event.path = "/home/somebody/Downloads/a-name-of-usual-length.bin";
  event.device = 1;
  event.inode = 2;
  event.size = 3;
  event.pid = 4;
  event.process = "/usr/bin/somebody";
  event.rules = {"Some.Rule.Of.Usual.Length-1234567-0"};
  event.database = "1";
  return event;
}

void Latency(const char* what, SpoolWriter& writer, int events) {
  std::vector<double> us;
  us.reserve(static_cast<size_t>(events));
  const Event event = Denial();
  for (int i = 0; i < events; ++i) {
    const auto begun = Clock::now();
    if (!writer.Append(event).ok()) std::puts("append failed");
    us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun)
                     .count());
  }
  std::sort(us.begin(), us.end());
  const auto at = [&us](double share) {
    return us[static_cast<size_t>(share * static_cast<double>(us.size() - 1))];
  };
  std::printf(
      "%s: append p50 %.1f us, p99 %.1f us, p99.9 %.1f us, max %.0f us\n", what,
      at(0.5), at(0.99), at(0.999), us.back());
}

std::unique_ptr<SpoolWriter> Open(const std::string& root) {
  return std::move(SpoolWriter::Open({root + "/spool/guard", "guard",
                                      kSegmentBytes, uint64_t{4} << 30}))
      .value();
}

Recorder OpenRecorder(const std::string& root, uint64_t bytes_max) {
  return Recorder(
      {root + "/spool", "", 90, bytes_max},
      std::move(EventStore::Open(root + "/events.db", db::Mode::kReadWrite))
          .value());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string root = std::string(argv[1]) + "/events_bench";
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root);
  {
    const auto writer = Open(root);
    Latency("alone", *writer, kEvents);
  }
  {
    Recorder recorder = OpenRecorder(root, 0);
    const auto begun = Clock::now();
    uint64_t taken = 0;
    for (;;) {
      const auto round = recorder.Round();
      if (!round.ok() || round.value() == 0) break;
      taken += round.value();
    }
    const double seconds =
        std::chrono::duration<double>(Clock::now() - begun).count();
    std::printf(
        "taken: %llu events, %.0f a second, store %.1f MB\n",
        static_cast<unsigned long long>(taken),
        static_cast<double>(taken) / seconds,
        static_cast<double>(std::filesystem::file_size(root + "/events.db")) /
            1e6);
  }
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> erased = 0;
  std::jthread recorder_thread([&] {
    Recorder recorder = OpenRecorder(root, 10 << 20);
    while (!stop) {
      static_cast<void>(recorder.Round());
      const auto step = recorder.RetainStep(0);
      if (step.ok()) erased += static_cast<uint64_t>(step.value());
    }
  });
  const auto writer = Open(root);
  Latency("with recorder and retention", *writer, kEvents);
  stop = true;
  recorder_thread.join();
  std::printf("retention deleted %llu events meanwhile\n",
              static_cast<unsigned long long>(erased.load()));
  std::filesystem::remove_all(root);
  return 0;
}
