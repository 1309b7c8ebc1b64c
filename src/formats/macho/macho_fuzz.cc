// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/macho/limits.h"
#include "formats/macho/macho.h"
#include "formats/macho/universal.h"
#include "formats/recording_sink.h"

namespace macho = vitrine::macho;

// Accepting a file is a promise: images lie inside it, and what is read of
// them together is bounded.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::RecordingSink sink(1000);
  const bool unpacked =
      macho::Unpack({data, size}, vitrine::Deadline::Never(), sink).ok();
  if (sink.broke_contract || (!unpacked && !sink.seen.empty())) {
    __builtin_trap();
  }
  const auto parsed = macho::Parse({data, size});
  if (!parsed.ok()) return 0;
  const macho::File& file = parsed.value();
  if (!file.fat_magic && file.images.size() != 1) __builtin_trap();
  if (file.architectures.size() > macho::kArchitecturesMax) __builtin_trap();
  size_t segments = 0;
  size_t sections = 0;
  for (const macho::Image& image : file.images) {
    if (image.bytes.size() > size) __builtin_trap();
    segments += image.segments.size();
    for (const macho::Segment& segment : image.segments) {
      if (segment.name.size() > 16) __builtin_trap();
      sections += segment.sections.size();
    }
  }
  if (segments > macho::kCommandsMax) __builtin_trap();
  if (sections > macho::kSectionsMax) __builtin_trap();
  for (const macho::Architecture& architecture : file.architectures) {
    if (architecture.image && *architecture.image >= file.images.size()) {
      __builtin_trap();
    }
  }
  const auto layout = macho::Layout(file);
  if (layout.sections.size() > sections) __builtin_trap();
  macho::IsBroken(file);
  return 0;
}
