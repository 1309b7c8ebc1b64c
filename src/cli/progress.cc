// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "cli/number.h"
#include "cli/walker.h"

namespace vitrine::cli {
namespace {

constexpr auto kPeriod = std::chrono::milliseconds(200);

uint64_t SizeOf(const WalkItem& item) {
  struct stat status;
  const bool inside = item.folder != nullptr;
  const int failed = fstatat(inside ? item.folder->get() : AT_FDCWD,
                             inside ? item.name.c_str() : item.path.c_str(),
                             &status, inside ? AT_SYMLINK_NOFOLLOW : 0);
  return failed != 0 ? 0 : static_cast<uint64_t>(status.st_size);
}

}  // namespace

Progress::Progress(const std::vector<std::string>& paths,
                   const WalkOptions& options)
    : shown_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {
  if (!shown_) return;
  counter_ = std::jthread([this, paths, options](std::stop_token stop) {
    Count(stop, paths, options);
  });
}

Progress::~Progress() { Clear(); }

void Progress::Count(std::stop_token stop,
                     const std::vector<std::string>& paths,
                     const WalkOptions& options) {
  const auto walker = Walker::Create(paths, options);
  if (!walker.ok()) return;
  while (const auto item = walker.value()->Next()) {
    if (stop.stop_requested()) return;
    if (item->kind == WalkItem::Kind::kInput) return;  // Of unknown size.
    if (item->kind != WalkItem::Kind::kFile) continue;
    files_ += 1;
    bytes_ += SizeOf(*item);
  }
  counted_ = true;
}

void Progress::Update(const Summary& summary) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kPeriod) return;
  last_ = now;
  const std::chrono::duration<double> elapsed = now - start_;
  const std::string line =
      "\r\x1b[K" + Line(summary, counted_ ? files_.load() : 0,
                        counted_ ? bytes_.load() : 0, elapsed.count());
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  on_screen_ = true;
}

void Progress::Clear() {
  if (!on_screen_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

std::string Progress::Line(const Summary& done, uint64_t files_total,
                           uint64_t bytes_total, double seconds) {
  std::string line = WithCommas(done.files);
  if (files_total > 0) line += " of " + WithCommas(files_total);
  line += " files";
  const auto bytes = static_cast<double>(done.bytes_read);
  const double rate = seconds > 0 ? bytes / seconds : 0;
  line += ", " + Decimals(rate / 1e6, 1) + " MB/s";
  if (files_total > 0 && bytes_total > done.bytes_read && rate > 0) {
    const double left = (static_cast<double>(bytes_total) - bytes) / rate;
    line += ", " + Decimals(left, 0) + " s left";
  }
  if (done.alerts > 0) line += ", " + Counted(done.alerts, "alert");
  return line;
}

}  // namespace vitrine::cli
