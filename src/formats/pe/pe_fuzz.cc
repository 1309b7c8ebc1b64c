// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "formats/pe/checksum.h"
#include "formats/pe/debug.h"
#include "formats/pe/exports.h"
#include "formats/pe/icons.h"
#include "formats/pe/imports.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"
#include "formats/pe/resources.h"
#include "formats/pe/rich.h"
#include "formats/pe/version_info.h"

namespace vitrine::pe {
namespace {

void Require(bool condition) {
  if (!condition) __builtin_trap();
}

void Run(Bytes bytes) {
  IsBroken(bytes);
  const auto parsed = Parse(bytes);
  if (!parsed.ok()) return;
  const Image& image = parsed.value();
  Require(image.directories.size() == kDirectoryCount);
  Require(image.sections.size() <= image.section_count);
  for (const Section& section : image.sections) {
    FullName(image, section);
    if (const auto at = RvaToOffset(image, section.virtual_address)) {
      Require(*at < bytes.size());
    }
    Require(RawData(image, section).size() <= bytes.size());
  }
  const ExecutableLayout layout = Layout(image);
  Require(std::is_sorted(layout.version_strings.begin(),
                         layout.version_strings.end()));
  const Overlay overlay = FindOverlay(image);
  Require(overlay.size == 0 || overlay.offset + overlay.size == bytes.size());
  const Imports imports = ReadImports(image);
  Require(imports.function_count <= kImportedFunctionCountMax);
  ImphashText(imports);
  ReadDelayedImports(image);
  Require(ReadExports(image).functions.size() <= kExportCountMax);
  if (const auto resources = ReadResources(image)) {
    for (const Resource& resource : resources->entries) {
      Require(DataOf(image, resource).size() <= resource.size);
    }
    Require(ReadVersionInfo(image, *resources).size() <=
            kVersionStringCountMax);
  }
  Require(ReadIcons(image, 100).size() <= 100);
  if (const auto rich = ReadRichHeader(image)) {
    Require(rich->clear.size() == rich->raw.size() / 4 * 4);
  }
  PdbPath(image);
  CalculateChecksum(image);
}

}  // namespace
}  // namespace vitrine::pe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::pe::Run({data, size});
  return 0;
}
