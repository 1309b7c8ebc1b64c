// SPDX-License-Identifier: Apache-2.0
// Paths of tiles and entry bundles: one spelling each.
#include <algorithm>

#include "tlog/bundle.h"
#include "tlog/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tlog;  // NOLINT(google-build-using-namespace)
  const vitrine::Bytes bytes(data, size);
  const auto tile = ParseTilePath(vitrine::AsText(bytes));
  if (tile.ok() && TilePath(tile.value()) != vitrine::AsText(bytes)) {
    __builtin_trap();
  }
  if (size == 0) return 0;
  const size_t count = data[0] + size_t{1};
  const vitrine::Bytes rest = bytes.subspan(1);
  if (const auto entries = ParseBundle(rest, count); entries.ok()) {
    vitrine::ByteVector again;
    for (const vitrine::Bytes entry : entries.value()) {
      if (!AppendToBundle(entry, again).ok()) __builtin_trap();
    }
    if (!std::equal(again.begin(), again.end(), rest.begin(), rest.end())) {
      __builtin_trap();
    }
  }
  const auto cut = CutBundle(rest, count);
  if (cut.ok() && !ParseBundle(cut.value(), count).ok()) __builtin_trap();
  return 0;
}
