// SPDX-License-Identifier: Apache-2.0
#include "formats/html/html.h"

namespace vitrine::html {

// Characters beyond Latin-1 are left out: signatures are ASCII.
ByteVector FromUtf16(Bytes page) {
  bool big = false;
  if (page.size() >= 2) {
    big =
        (page[0] == 0xfe && page[1] == 0xff) || (page[0] == 0 && page[1] != 0);
    const bool marked = (page[0] == 0xff && page[1] == 0xfe) ||
                        (page[0] == 0xfe && page[1] == 0xff);
    if (marked) page = page.subspan(2);
  }
  ByteVector out;
  out.reserve(page.size() / 2);
  for (size_t i = 0; i + 1 < page.size(); i += 2) {
    const uint8_t low = page[big ? i + 1 : i];
    const uint8_t high = page[big ? i : i + 1];
    if (high == 0) out.push_back(low);
  }
  return out;
}

}  // namespace vitrine::html
