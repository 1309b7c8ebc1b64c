// SPDX-License-Identifier: Apache-2.0
// The recorder's reader over a segment that somebody else wrote: it must end,
// count every byte once, and give only records that mean one event.
#include <sys/mman.h>

#include "events/record.h"
#include "events/segment_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::events;  // NOLINT(google-build-using-namespace)
  static const vitrine::UniqueFd kFile(memfd_create("segment", MFD_CLOEXEC));
  if (ftruncate(kFile.get(), 0) != 0 ||
      pwrite(kFile.get(), data, size, 0) != static_cast<ssize_t>(size)) {
    return 0;
  }
  auto reader = SegmentReader::Open(vitrine::UniqueFd(dup(kFile.get())));
  if (!reader.ok()) return 0;
  uint64_t covered = kSegmentHeaderSize;
  for (;;) {
    const auto item = reader.value().Next(Tail::kFinished);
    if (!item.ok() || item.value().kind == SegmentItem::Kind::kEnd) break;
    if (item.value().kind == SegmentItem::Kind::kDamage) {
      covered += item.value().skipped;
      continue;
    }
    covered += kFrameHeaderSize + item.value().payload.size();
    const auto event = DecodeEvent(item.value().payload);
    if (!event.ok()) continue;
    const auto again = DecodeEvent(EncodeEvent(event.value()));
    if (!again.ok() || again.value() != event.value()) __builtin_trap();
  }
  if (covered != size && size > kSegmentHeaderSize) __builtin_trap();
  return 0;
}
