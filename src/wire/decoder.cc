// SPDX-License-Identifier: Apache-2.0
#include "wire/decoder.h"

#include <algorithm>

namespace vitrine::wire {

Bytes Decoder::GetBytes(uint64_t size) {
  if (failed_ || size > left()) {
    failed_ = true;
    return {};
  }
  const Bytes bytes = reader_.bytes().subspan(at_, size);
  at_ += size;
  return bytes;
}

std::string_view Decoder::GetText(uint64_t longest) {
  const auto size = Get<uint32_t>();
  if (size > longest) failed_ = true;
  return AsText(GetBytes(size));
}

uint32_t Decoder::GetCount(uint64_t least) {
  const auto count = Get<uint32_t>();
  if (count > left() / least) {
    failed_ = true;
    return 0;
  }
  return failed_ ? 0 : count;
}

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace vitrine::wire
