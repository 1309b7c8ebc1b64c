// SPDX-License-Identifier: Apache-2.0
#include "scan/error_output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/system_error.h"
#include "base/utf8.h"
#include "scan/limits.h"

namespace vitrine::scan {

Result<ErrorOutput> ErrorOutput::Create() {
  int ends[2];
  // Not waiting at the scanner's end as well: it must not be able to hang on
  // its own words, and the cage keeps it from changing that.
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return Unavailable("pipe");
  ErrorOutput output{UniqueFd(ends[0]), UniqueFd(ends[1])};
  // Best effort: the kernel may have a larger smallest size.
  (void)fcntl(ends[0], F_SETPIPE_SZ, static_cast<int>(kErrorPipeBytes));
  return output;
}

void ErrorOutput::Begin(const std::string& name) {
  name_ = name;
  writer_.Reset();
}

bool ErrorOutput::Read(std::vector<std::string>& lines) {
  char buffer[kErrorPipeBytes];
  while (!done_) {
    const size_t most = std::min(sizeof buffer, kErrorBytesMax - taken_);
    if (most == 0) {
      done_ = true;
      line_ += " (no more is shown)";
      EndLine(lines);
      break;
    }
    const ssize_t got = read(reader_.get(), buffer, most);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) {
      done_ = true;
      break;
    }
    taken_ += static_cast<size_t>(got);
    Add({buffer, static_cast<size_t>(got)}, lines);
  }
  return false;
}

void ErrorOutput::Finish(std::vector<std::string>& lines) {
  (void)Read(lines);
  done_ = true;
  if (!line_.empty()) EndLine(lines);
}

void ErrorOutput::Add(std::string_view text, std::vector<std::string>& lines) {
  for (const char c : text) {
    if (c == '\n' || line_.size() >= kErrorLineMax) EndLine(lines);
    if (c != '\n') line_ += c;
  }
}

void ErrorOutput::EndLine(std::vector<std::string>& lines) {
  lines.push_back(name_ + ": " + Printable(line_));
  line_.clear();
}

void ShowLine(const std::string& line) {
  pollfd room = {STDERR_FILENO, POLLOUT, 0};
  if (poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return;
  const std::string text = line + '\n';
  (void)!write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace vitrine::scan
