// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/body/body.h"

namespace vitrine::engine::body {
namespace {

class CountSink : public MatchSink {
 public:
  bool Add(const Match& match) override {
    // No match may reach beyond the text, nor lie before the last.
    if (match.offset < last_ || match.offset > kText.size() ||
        match.length > kText.size() - match.offset) {
      __builtin_trap();
    }
    last_ = match.offset;
    return true;
  }

  static constexpr std::string_view kText = "abcabc a.b\na\0b\0c\0 aabbcc";

 private:
  uint64_t last_ = 0;
};

// Letters, target and language; an offset; a line feed; the pattern.
void Run(Bytes data) {
  if (data.empty()) return;
  const uint8_t flags = data[0];
  std::string_view text = AsText(data.subspan(1));
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return;
  const Modifiers modifiers{(flags & 1) != 0, (flags & 2) != 0,
                            (flags & 4) != 0, (flags & 8) != 0};
  const Options options{(flags & 16) != 0 ? 1 : 0, (flags & 32) != 0};
  const auto pattern = Compile("0", text.substr(line + 1), text.substr(0, line),
                               modifiers, options);
  if (!pattern.ok()) {
    if (pattern.error().code != Code::kInvalid) __builtin_trap();
    return;
  }
  CountSink sink;
  const Status status =
      FindAll(pattern.value().code, {AsBytes(CountSink::kText), nullptr}, 0,
              sink, Deadline::Never());
  // What we compiled ourselves, we can run.
  if (!status.ok()) __builtin_trap();
}

}  // namespace
}  // namespace vitrine::engine::body

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::engine::body::Run({data, size});
  return 0;
}
