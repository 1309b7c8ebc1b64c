// SPDX-License-Identifier: Apache-2.0
// What opening a compiled database costs: medians of kRounds, each in a process
// of its own, with the file in the page cache. usage: vdb_bench FILE.vdb
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "engine/scan/scanner.h"
#include "engine/vdb/database.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace)

constexpr int kRounds = 31;

enum Figure : int {
  kOpenWall,
  kOpenProcessor,
  kOpenResident,
  kScannerWall,
  kScanWall,
  kScanResident,
  kFigures
};
constexpr const char* kNames[kFigures] = {
    "open, ms",           "open, ms of the processor", "open, MB resident",
    "make a scanner, ms", "scan a small text, ms",     "all of it, MB resident",
};

double Milliseconds(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 +
         static_cast<double>(now.tv_nsec) / 1e6;
}

double ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

bool Measure(const char* path, std::array<double, kFigures>& figures) {
  const double resident = ResidentMegabytes();
  const double processor = Milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  const double begin = Milliseconds(CLOCK_MONOTONIC);
  auto database = engine::vdb::Database::Open(path);
  const double opened = Milliseconds(CLOCK_MONOTONIC);
  if (!database.ok()) {
    std::fprintf(stderr, "%s\n", database.error().message.c_str());
    return false;
  }
  figures[kOpenWall] = opened - begin;
  figures[kOpenProcessor] = Milliseconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
  figures[kOpenResident] = ResidentMegabytes() - resident;
  const double made_from = Milliseconds(CLOCK_MONOTONIC);
  engine::scan::Scanner scanner(std::move(database).value(), {}, {});
  const double made = Milliseconds(CLOCK_MONOTONIC);
  std::string text;
  for (int i = 0; i < 40; ++i) text += "A line of text like many others.\n";
  const auto report = scanner.Scan(AsBytes(text), Deadline::Never());
  figures[kScannerWall] = made - made_from;
  figures[kScanWall] = Milliseconds(CLOCK_MONOTONIC) - made;
  figures[kScanResident] = ResidentMegabytes() - resident;
  return report.alerts.empty();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::printf("vdb_bench: name a database to measure its opening\n");
    return 0;
  }
  std::vector<double> rounds[kFigures];
  for (int round = 0; round < kRounds; ++round) {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) return 1;
    const pid_t child = fork();
    if (child == 0) {
      std::array<double, kFigures> figures = {};
      const bool good = Measure(argv[1], figures);
      _exit(good && write(ends[1], figures.data(), sizeof figures) ==
                        static_cast<ssize_t>(sizeof figures)
                ? 0
                : 1);
    }
    close(ends[1]);
    std::array<double, kFigures> figures = {};
    const bool got = read(ends[0], figures.data(), sizeof figures) ==
                     static_cast<ssize_t>(sizeof figures);
    close(ends[0]);
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0 || !got) return 1;
    for (int i = 0; i < kFigures; ++i) rounds[i].push_back(figures[i]);
  }
  for (int i = 0; i < kFigures; ++i) {
    std::sort(rounds[i].begin(), rounds[i].end());
    std::printf("%-28s %7.2f  (%.2f to %.2f)\n", kNames[i],
                rounds[i][kRounds / 2], rounds[i].front(), rounds[i].back());
  }
  return 0;
}
