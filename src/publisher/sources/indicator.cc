// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/indicator.h"

#include "base/text.h"
#include "publisher/sources/limits.h"

namespace vitrine::publisher {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  Result<std::vector<std::string>> Run() {
    do {
      TRY(Observation());
    } while (Word("OR"));
    Blanks();
    if (!left_.empty()) return Unsupported();
    return std::move(digests_);
  }

 private:
  static Error Unsupported() {
    return {Code::kInvalid, "a pattern other than file digests joined by OR"};
  }

  Status Observation() {
    if (!Word("[")) return Unsupported();
    do {
      TRY(Comparison());
    } while (Word("OR"));
    if (!Word("]")) return Unsupported();
    return Ok();
  }

  Status Comparison() {
    if (digests_.size() == kPatternDigestsMax) {
      return Error{Code::kLimit, "a pattern with too many digests"};
    }
    if (!Word("file:hashes.")) return Unsupported();
    std::string kind;
    if (!Quoted(kind)) {
      while (!left_.empty() && IsAlnum(static_cast<uint8_t>(left_[0]))) {
        kind += left_[0];
        left_.remove_prefix(1);
      }
    }
    if (kind != "SHA-256" && kind != "SHA-1" && kind != "MD5") {
      return Error{Code::kInvalid, "a pattern with digests of another kind"};
    }
    std::string digest;
    if (!Word("=") || !Quoted(digest)) return Unsupported();
    digests_.push_back(std::move(digest));
    return Ok();
  }

  void Blanks() {
    while (!left_.empty() && IsSpace(static_cast<uint8_t>(left_[0]))) {
      left_.remove_prefix(1);
    }
  }

  bool Word(std::string_view word) {
    Blanks();
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }

  // Digests have nothing that would have to be escaped.
  bool Quoted(std::string& out) {
    Blanks();
    const size_t end = left_.find('\'', 1);
    if (!left_.starts_with('\'') || end == left_.npos) return false;
    out = left_.substr(1, end - 1);
    left_.remove_prefix(end + 1);
    return true;
  }

  std::string_view left_;
  std::vector<std::string> digests_;
};

}  // namespace

Result<std::vector<std::string>> DigestsOfPattern(std::string_view pattern) {
  return Reader(pattern).Run();
}

}  // namespace vitrine::publisher
