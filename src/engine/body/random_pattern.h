// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

// Random patterns over few bytes, so that they match often; for tests.
namespace vitrine::engine::body {

class RandomPattern {
 public:
  explicit RandomPattern(uint32_t seed) : engine_(seed) {}

  std::string Pattern() {
    std::string out;
    const uint32_t atoms = 1 + Below(6);
    for (uint32_t i = 0; i < atoms; ++i) out += Atom();
    return out;
  }

  std::string Letters() {
    static constexpr const char* kLetters[] = {"",  "",  "",   "",   "i",
                                               "w", "f", "wa", "iw", "iwfa"};
    return kLetters[Below(10)];
  }

  std::string Text() {
    std::string out;
    const uint32_t size = Below(48);
    const bool wide = Below(3) == 0;
    for (uint32_t i = 0; i < size; ++i) {
      out += Below(8) == 0 ? " \n.-=\rAB"[Below(8)] : "abc"[Below(3)];
      if (wide) out += '\0';
    }
    return out;
  }

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_()) % n; }

 private:
  std::string Run(uint32_t low, uint32_t high) {
    std::string out;
    const uint32_t size = low + Below(high - low + 1);
    for (uint32_t i = 0; i < size; ++i) {
      out += '6';
      out += "123"[Below(3)];
    }
    return out;
  }

  std::string Branch(uint32_t kind) {
    static constexpr const char* kOdd[] = {
        "6?", "?1", "??61", "61{1}62", "(61|6162)63", "6262", "63", "61"};
    if (kind == 0) return Run(1, 1);
    if (kind == 1) return Run(2, 2);
    return kind == 2 ? Run(1, 3) : kOdd[Below(8)];
  }

  std::string Group() {
    std::string out = Below(6) == 0 ? "!(" : "(";
    const uint32_t kind = Below(4);
    const uint32_t branches = 1 + Below(3);
    for (uint32_t i = 0; i < branches; ++i) {
      if (i > 0) out += '|';
      out += Branch(kind);
    }
    return out + ')';
  }

  std::string Atom() {
    static constexpr const char* kSmall[] = {"??",  "6?",  "?1",  "{1}", "{2}",
                                             "(B)", "(L)", "(W)", "{3}", "??"};
    static constexpr const char* kGaps[] = {"*",     "{1-2}", "{-2}", "{1-}",
                                            "{0-1}", "{2-3}", "{0}",  "{3-2}"};
    static constexpr const char* kSingles[] = {"[0-2]", "[1-2]", "[1-1]",
                                               "[0-0]"};
    switch (Below(12)) {
      case 0:
      case 1:
        return kSmall[Below(10)];
      case 2:
      case 3:
        return Group();
      case 4:
        return kGaps[Below(8)] + Run(2, 3);
      case 5:
        return kSingles[Below(4)] + Run(1, 1);
      default:
        return Run(1, 3);
    }
  }

  std::mt19937 engine_;
};

}  // namespace vitrine::engine::body
