// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/pcre.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <utility>

#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {
namespace {

uint32_t OptionsOf(uint8_t flags) {
  // UTF modes would make a search fail on the first byte that is not UTF-8.
  uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
  if ((flags & kPcreNocase) != 0) options |= PCRE2_CASELESS;
  if ((flags & kPcreDotAll) != 0) options |= PCRE2_DOTALL;
  if ((flags & kPcreMultiline) != 0) options |= PCRE2_MULTILINE;
  if ((flags & kPcreExtended) != 0) options |= PCRE2_EXTENDED;
  if ((flags & kPcreAnchored) != 0) options |= PCRE2_ANCHORED;
  if ((flags & kPcreDollarEnd) != 0) options |= PCRE2_DOLLAR_ENDONLY;
  if ((flags & kPcreUngreedy) != 0) options |= PCRE2_UNGREEDY;
  return options;
}

std::string MessageOf(int error) {
  PCRE2_UCHAR text[256] = {};
  pcre2_get_error_message(error, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

}  // namespace

struct Pcre::State {
  pcre2_code* code = nullptr;
  pcre2_match_data* match = nullptr;
  pcre2_match_context* context = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
  }
};

Pcre::Pcre(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pcre::~Pcre() = default;
Pcre::Pcre(Pcre&&) noexcept = default;
Pcre& Pcre::operator=(Pcre&&) noexcept = default;

Result<Pcre> Pcre::Compile(std::string_view expression, uint8_t flags) {
  auto state = std::make_unique<State>();
  int error = 0;
  PCRE2_SIZE at = 0;
  state->code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()),
                    expression.size(), OptionsOf(flags), &error, &at, nullptr);
  if (state->code == nullptr) {
    return Error{Code::kInvalid, "regular expression, character " +
                                     std::to_string(at) + ": " +
                                     MessageOf(error)};
  }
  state->match = pcre2_match_data_create(1, nullptr);
  state->context = pcre2_match_context_create(nullptr);
  if (state->match == nullptr || state->context == nullptr) {
    return Error{Code::kLimit, "no memory for a regular expression"};
  }
  pcre2_set_heap_limit(state->context, kRegexHeapKib);
  return Pcre(std::move(state));
}

Result<std::optional<Pcre::Span>> Pcre::Search(Bytes subject, size_t start,
                                               bool anchored,
                                               const PcreLimits& limits) {
  if (start > subject.size()) return std::optional<Span>();
  pcre2_set_match_limit(state_->context, limits.match);
  pcre2_set_depth_limit(state_->context, limits.recursion);
  const int found =
      pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(subject.data()),
                  subject.size(), start, anchored ? PCRE2_ANCHORED : 0,
                  state_->match, state_->context);
  if (found == PCRE2_ERROR_NOMATCH) return std::optional<Span>();
  if (found < 0) {
    return Error{Code::kLimit, "regular expression: " + MessageOf(found)};
  }
  const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(state_->match);
  // \K in a lookahead can put the start behind the end.
  return std::optional<Span>(
      Span{ends[0] < ends[1] ? ends[0] : ends[1], ends[1]});
}

Result<Pcre*> PcreCache::Get(std::string_view expression, uint8_t flags) {
  std::string key(1, static_cast<char>(flags));
  key += expression;
  if (const auto known = cache_.find(key); known != cache_.end()) {
    return &known->second;
  }
  Pcre made = TRY(Pcre::Compile(expression, flags));
  if (cache_.size() >= kRegexesCachedMax) cache_.clear();
  return &cache_.emplace(std::move(key), std::move(made)).first->second;
}

}  // namespace vitrine::engine::clamav
