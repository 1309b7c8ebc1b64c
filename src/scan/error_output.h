// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::scan {

// What one scanner writes to its error output: text of a process that may have
// been taken over, on its way to a terminal or a log. It comes through a pipe
// that the scanner can neither block on nor make anybody wait with: what does
// not fit is gone. Shown are whole lines, each with the scanner's number before
// it and with control characters spelled out, until kErrorBytesMax; what comes
// then is not even read. Thread-compatible.
class ErrorOutput {
 public:
  static Result<ErrorOutput> Create();

  // The scanner's end; closed by Begin().
  int writer() const { return writer_.get(); }
  // The scanner has been started, and is called that.
  void Begin(const std::string& name);

  // Readable when there is something to Read(); never blocks.
  int reader() const { return reader_.get(); }
  // Appends to `lines` what has come. False: there will be no more, do not
  // wait for it.
  bool Read(std::vector<std::string>& lines);
  // The scanner has ended: all that is left, a line without an end included.
  void Finish(std::vector<std::string>& lines);

 private:
  ErrorOutput(UniqueFd reader, UniqueFd writer)
      : reader_(std::move(reader)), writer_(std::move(writer)) {}
  void Add(std::string_view text, std::vector<std::string>& lines);
  void EndLine(std::vector<std::string>& lines);

  UniqueFd reader_;
  UniqueFd writer_;
  std::string name_;
  std::string line_;  // What came of the line that has not ended.
  size_t taken_ = 0;
  bool done_ = false;
};

// Writes a line to our own error output, unless it would have to wait: a
// scanner's words are not worth a verdict that comes late.
void ShowLine(const std::string& line);

}  // namespace vitrine::scan
