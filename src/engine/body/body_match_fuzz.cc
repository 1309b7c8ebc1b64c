// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/body/body.h"
#include "engine/body/naive.h"
#include "engine/body/parse.h"

namespace vitrine::engine::body {
namespace {

class ListSink : public MatchSink {
 public:
  bool Add(const Match& match) override {
    ends.push_back(match.offset + match.length);
    return ends.size() < 10000;
  }
  std::vector<uint64_t> ends;
};

// Code from a hostile database may do nothing but fail.
void RunHostile(Bytes code, Bytes text) {
  ListSink sink;
  (void)FindAll(code, {text, nullptr}, 0, sink,
                Deadline::After(std::chrono::milliseconds(200)));
  for (uint64_t at = 0; at < std::min<size_t>(text.size(), 64); ++at) {
    (void)Check(code, {text, nullptr}, at, static_cast<int32_t>(at % 7));
  }
}

// The naive matcher may take exponential time: small things only.
constexpr size_t kNaivePatternMax = 48;
constexpr size_t kNaiveTextMax = 64;

void RunAgainstNaive(std::string_view hex, const Modifiers& m, Bytes text) {
  if (hex.size() > kNaivePatternMax || text.size() > kNaiveTextMax) return;
  const auto pattern = Compile("0", hex, "*", m, {0, true});
  if (!pattern.ok()) return;
  ListSink sink;
  const Status status = FindAll(pattern.value().code, {text, nullptr}, 0, sink,
                                Deadline::Never());
  if (!status.ok()) __builtin_trap();
  std::vector<uint64_t> expected;
  Form form{m.nocase || m.wide || m.fullword || m.ascii, m.nocase, false,
            m.fullword, true};
  const auto add = [&] {
    const auto variant = Parse(hex, form);
    if (!variant.ok()) __builtin_trap();
    for (const auto& found : naive::FindAll(variant.value(), text)) {
      expected.push_back(found.end);
    }
  };
  if (m.ascii || !m.wide) add();
  form.wide = m.wide;
  if (m.wide) add();
  std::ranges::sort(sink.ends);
  std::ranges::sort(expected);
  if (sink.ends != expected) __builtin_trap();
}

// What to do; how long the first piece is; the pieces.
void Run(Bytes data) {
  if (data.size() < 2) return;
  const uint8_t flags = data[0];
  const size_t split = std::min<size_t>(data[1], data.size() - 2);
  const Bytes first = data.subspan(2, split);
  const Bytes second = data.subspan(2 + split);
  if ((flags & 0x80) != 0) return RunHostile(first, second);
  RunAgainstNaive(
      AsText(first),
      {(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0},
      second);
}

}  // namespace
}  // namespace vitrine::engine::body

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::engine::body::Run({data, size});
  return 0;
}
