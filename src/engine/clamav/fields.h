// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vitrine::engine::clamav {

// The fields of one line, without a copy and without an allocation: there are
// hundreds of thousands of them.
class Fields {
 public:
  static constexpr size_t kKept = 16;

  Fields(std::string_view line, char separator);

  // All fields, also those that are not kept.
  size_t size() const { return size_; }
  // "" for a field that is not there.
  std::string_view operator[](size_t index) const {
    return index < size_ && index < kKept ? fields_[index] : std::string_view();
  }

 private:
  std::array<std::string_view, kKept> fields_;
  size_t size_ = 0;
};

// As C's strtol with base 10 reads the start of `text`: blanks, a sign,
// digits; saturating. nullopt where there are no digits. `rest` is what
// follows.
std::optional<int64_t> LeadingNumber(std::string_view text,
                                     std::string_view* rest = nullptr);
// The same in the bases of C's literals: 0x.., 0.., else decimal.
std::optional<int64_t> LeadingLiteral(std::string_view text,
                                      std::string_view* rest = nullptr);

// Digits only, "" being 0, as ClamAV reads most of its numbers: what does not
// fit into 32 bits wraps. nullopt: something else than digits.
std::optional<uint32_t> Digits(std::string_view text);

}  // namespace vitrine::engine::clamav
