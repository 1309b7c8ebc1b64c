// SPDX-License-Identifier: Apache-2.0
// A whole client's input, in pieces: the first byte of the input says how long
// they are. Reads commands, and the streams that INSTREAM begins.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "doorman/chunk_reader.h"
#include "doorman/command.h"
#include "doorman/limits.h"

namespace {

using namespace vitrine;           // NOLINT(google-build-using-namespace)
using namespace vitrine::doorman;  // NOLINT(google-build-using-namespace)

constexpr uint64_t kStreamMax = 1000;

void Require(bool condition) {
  if (!condition) __builtin_trap();
}

class Reading {
 public:
  void Take(std::string_view piece) {
    left_ += piece;
    while (!left_.empty() && !ended_ && (chunks_ ? Chunk() : Line())) {
    }
  }

 private:
  bool Line() {
    const Parsed parsed =
        ParseCommand(left_, session_ ? Session::kYes : Session::kNo);
    if (parsed.state != Parsed::State::kCommand) {
      ended_ = parsed.state != Parsed::State::kNeedMore;
      // What is kept for later is bounded.
      Require(ended_ || left_.size() < kCommandBytes);
      return false;
    }
    Require(parsed.consumed > 0 && parsed.consumed <= left_.size());
    Require(parsed.consumed <= kCommandBytes);
    const std::string_view argument = parsed.command.argument;
    Require(argument.empty() || (argument.data() >= left_.data() &&
                                 argument.data() + argument.size() <=
                                     left_.data() + parsed.consumed));
    Require(argument.find(parsed.command.terminator) == std::string_view::npos);
    if (session_) Require(left_[0] == 'n' || left_[0] == 'z');
    if (parsed.command.verb == Verb::kIdSession) session_ = true;
    if (parsed.command.verb == Verb::kInStream) {
      chunks_.emplace(kStreamMax);
      content_ = 0;
    }
    left_.erase(0, parsed.consumed);
    return true;
  }

  bool Chunk() {
    const ChunkReader::Step step = chunks_->Read(AsBytes(left_));
    Require(step.consumed > 0 && step.consumed <= left_.size());
    content_ += step.content.size();
    Require(content_ <= kStreamMax);
    if (step.state == ChunkReader::Step::State::kEnd) chunks_.reset();
    if (step.state == ChunkReader::Step::State::kTooLong) ended_ = true;
    left_.erase(0, step.consumed);
    return true;
  }

  std::string left_;
  bool session_ = false;
  bool ended_ = false;
  std::optional<ChunkReader> chunks_;
  uint64_t content_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t piece = size_t{data[0]} + 1;
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  Reading reading;
  while (!rest.empty()) {
    const size_t taken = std::min(piece, rest.size());
    reading.Take(rest.substr(0, taken));
    rest.remove_prefix(taken);
  }
  return 0;
}
