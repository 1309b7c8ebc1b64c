// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/base64.h"

#include <algorithm>

namespace vitrine::engine::strings {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::vector<ByteVector> Base64Forms(Bytes text, std::string_view alphabet) {
  if (alphabet.size() != kBase64AlphabetSize) alphabet = kStandard;
  std::vector<ByteVector> forms;
  for (size_t before = 0; before < 3; ++before) {
    // Bit i of the text is bit before * 8 + i of the encoded stream; a
    // character is known if all its six bits are the text's.
    const size_t begin = (before * 8 + 5) / 6;
    const size_t end = (before + text.size()) * 8 / 6;
    ByteVector form;
    for (size_t c = begin; c < end; ++c) {
      size_t value = 0;
      for (size_t bit = c * 6 - before * 8; bit < c * 6 - before * 8 + 6;
           ++bit) {
        const size_t one = text[bit / 8] >> (7 - bit % 8) & 1;
        value = value << 1 | one;
      }
      form.push_back(static_cast<uint8_t>(alphabet[value]));
    }
    const bool known =
        std::find(forms.begin(), forms.end(), form) != forms.end();
    if (!form.empty() && !known) forms.push_back(std::move(form));
  }
  return forms;
}

}  // namespace vitrine::engine::strings
