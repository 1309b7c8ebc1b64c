// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/body/body.h"
#include "engine/body/parse.h"
#include "engine/body/random_pattern.h"

// The same random patterns and texts to clamscan and to us.
namespace vitrine::engine::body {
namespace {

namespace fs = std::filesystem;

// Counts are told apart up to here.
constexpr size_t kCountMax = 9;

class CountSink : public MatchSink {
 public:
  bool Add(const Match&) override { return ++count <= kCountMax; }
  size_t count = 0;
};

struct Signature {
  std::string hex;
  std::string letters;
};

Modifiers ModifiersOf(const std::string& letters) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  return {has('i'), has('w'), has('f'), has('a')};
}

// Two things of clamscan are left out. It overlooks alternatives before a
// part's first two fixed bytes if one is the start of another; and of several
// signatures that differ in a [n-m] only, it asks one's for all.
bool IsFair(const Signature& signature) {
  if (signature.hex.find('[') != std::string::npos) return false;
  const bool wide = signature.letters.find('w') != std::string::npos;
  const auto variant = Parse(signature.hex, {true, false, wide, false, true});
  if (!variant.ok()) return true;
  for (const Part& part : variant.value()) {
    bool before = false;
    for (const Element& e : part.elements) {
      if (e.kind == Element::Kind::kGeneric) return false;
      const bool fixed = e.kind == Element::Kind::kByte && e.mask == 0xff;
      const bool letter = e.kind == Element::Kind::kByte && e.mask == 0xdf;
      if (before && (fixed || letter)) break;
      before = fixed || letter;
    }
  }
  return true;
}

class ClamscanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v clamscan >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "clamscan is not installed";
    }
    folder_ = fs::path(::testing::TempDir()) /
              ("vitrine-clamscan-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }

  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  void Write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  // What clamscan says of `input` by the logical signatures `lines`.
  std::string Scan(const std::string& lines, const std::string& input) const {
    Write("t.ldb", lines);
    Write("input", input);
    const std::string command =
        "clamscan --stdout --no-summary --allmatch=yes --normalize=no -d " +
        (folder_ / "t.ldb").string() + ' ' + (folder_ / "input").string() +
        " 2>&1";
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return out;
    char buffer[4096];
    while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) {
      out.append(buffer, got);
    }
    ::pclose(pipe);
    return out;
  }

  // By signature, as clamscan counts; more than kCountMax is one more.
  std::vector<size_t> Counts(const std::vector<Signature>& signatures,
                             const std::string& input) const {
    std::string lines;
    for (size_t i = 0; i < signatures.size(); ++i) {
      const Signature& s = signatures[i];
      for (size_t n = 1; n <= kCountMax + 1; ++n) {
        lines += 'P' + std::to_string(i) + '_' + std::to_string(n) +
                 ";Engine:81-255,Target:0;0" +
                 (n > kCountMax ? ">" + std::to_string(kCountMax)
                                : "=" + std::to_string(n)) +
                 ';' + s.hex + (s.letters.empty() ? "" : "::" + s.letters) +
                 '\n';
      }
    }
    const std::string out = Scan(lines, input);
    EXPECT_EQ(out.find("ERROR"), std::string::npos) << out << lines;
    std::vector<size_t> counts(signatures.size());
    for (size_t at = 0; (at = out.find(": P", at)) != std::string::npos;) {
      at += 3;
      const size_t index = std::strtoul(out.c_str() + at, nullptr, 10);
      const size_t bar = out.find('_', at);
      if (bar == std::string::npos || index >= counts.size()) break;
      counts[index] = std::strtoul(out.c_str() + bar + 1, nullptr, 10);
    }
    return counts;
  }

  fs::path folder_;
};

TEST_F(ClamscanTest, CountsAsWeDo) {
  RandomPattern random(4711);
  for (int batch = 0; batch < 12 && !HasFailure(); ++batch) {
    std::vector<Signature> signatures;
    std::vector<ByteVector> codes;
    while (signatures.size() < 40) {
      Signature s{random.Pattern(), random.Letters()};
      const auto pattern =
          Compile("0", s.hex, "*", ModifiersOf(s.letters), {0, true});
      if (!pattern.ok() || !IsFair(s)) continue;
      codes.push_back(pattern.value().code);
      signatures.push_back(std::move(s));
    }
    for (int k = 0; k < 8; ++k) {
      // Binary enough to be no text, long enough to be looked at.
      const std::string input = "\1\2\3\4" + random.Text() + "\4\3\2";
      const std::vector<size_t> expected = Counts(signatures, input);
      for (size_t i = 0; i < codes.size(); ++i) {
        CountSink sink;
        ASSERT_TRUE(FindAll(codes[i], {AsBytes(input), nullptr}, 0, sink,
                            Deadline::Never())
                        .ok());
        EXPECT_EQ(sink.count, expected[i])
            << signatures[i].hex << "::" << signatures[i].letters << " on "
            << ::testing::PrintToString(input);
      }
    }
  }
}

TEST_F(ClamscanTest, RefusesWhatWeRefuse) {
  RandomPattern random(815);
  for (int i = 0; i < 300; ++i) {
    const Signature s{random.Pattern(), random.Letters()};
    const bool ours =
        Compile("0", s.hex, "*", ModifiersOf(s.letters), {0, true}).ok();
    const std::string line = "T;Engine:81-255,Target:0;0;" + s.hex +
                             (s.letters.empty() ? "" : "::" + s.letters) + '\n';
    const std::string out = Scan(line, "\1\2\3\4\5\6\7");
    EXPECT_EQ(out.find("ERROR") == std::string::npos, ours) << line << out;
  }
}

}  // namespace
}  // namespace vitrine::engine::body
