// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/resources.h"

#include <array>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kDirectorySize = 16;
constexpr uint64_t kEntrySize = 8;
constexpr uint64_t kDataEntrySize = 16;
constexpr uint32_t kHighBit = 0x80000000;
constexpr size_t kLevels = 3;  // Type, name, language.

// Walks the three levels. Offsets in it are relative to the directory, and may
// lead anywhere: entries and directories visited are counted.
class Walk {
 public:
  Walk(const Image& image, uint64_t base, Resources& out)
      : image_(image), tree_(image.bytes.subspan(base)), out_(out) {}

  void Visit(uint32_t directory, size_t level) {
    if (!tree_.Contains(directory, kDirectorySize)) return;
    // The field called characteristics is always zero.
    if (tree_.U32(directory) != 0) return;
    const uint32_t count =
        uint32_t{*tree_.U16(directory + 12)} + *tree_.U16(directory + 14);
    if (count > kResourceEntryCountMax) return;
    const uint64_t first = uint64_t{directory} + kDirectorySize;
    if (!tree_.Contains(first, count * kEntrySize)) return;
    for (uint32_t i = 0; i < count; ++i) {
      const uint64_t at = first + i * kEntrySize;
      if (++visited_ > kResourceVisitMax ||
          out_.entries.size() >= kResourceCountMax) {
        out_.cut = true;
        return;
      }
      const uint32_t child = *tree_.U32(at + 4);
      if (child == 0) return;
      path_[level] = NameOf(*tree_.U32(at));
      Descend(child, level);
    }
  }

 private:
  ResourceName NameOf(uint32_t name) const {
    ResourceName out;
    out.id = static_cast<int32_t>(name);
    if ((name & kHighBit) == 0) return out;
    const uint64_t at = name & ~kHighBit;
    const auto length = tree_.U16(at);
    if (!length || !tree_.Contains(at + 2, uint64_t{*length} * 2)) return out;
    out.is_text = true;
    out.text = tree_.bytes().subspan(at + 2, uint64_t{*length} * 2);
    return out;
  }

  void Descend(uint32_t child, size_t level) {
    const uint32_t at = child & ~kHighBit;
    if (at != child && level + 1 < kLevels) {
      Visit(at, level + 1);
      return;
    }
    if (!tree_.Contains(at, kDataEntrySize)) return;
    Resource resource;
    resource.rva = *tree_.U32(at);
    resource.size = *tree_.U32(at + 4);
    if (resource.size == 0 || resource.size >= kResourceSizeEnd) return;
    resource.type = *path_[0];
    resource.name = path_[1];
    resource.language = path_[2];
    resource.offset = RvaToOffset(image_, resource.rva);
    out_.entries.push_back(resource);
  }

  const Image& image_;
  ByteReader tree_;
  Resources& out_;
  // Where a branch ends early, levels below it are still those of the last.
  std::array<std::optional<ResourceName>, kLevels> path_;
  uint32_t visited_ = 0;
};

}  // namespace

std::optional<Resources> ReadResources(const Image& image) {
  const DataDirectory directory = image.directory(Directory::kResource);
  if (directory.address == 0) return std::nullopt;
  const auto base = RvaToOffset(image, directory.address);
  const ByteReader reader(image.bytes);
  if (!base || !reader.Contains(*base, kDirectorySize)) return std::nullopt;
  Resources out;
  out.timestamp = *reader.U32(*base + 4);
  out.version = {*reader.U16(*base + 8), *reader.U16(*base + 10)};
  Walk(image, *base, out).Visit(0, 0);
  return out;
}

Bytes DataOf(const Image& image, const Resource& resource) {
  if (!resource.offset) return {};
  return Clip(image.bytes, *resource.offset, resource.size);
}

}  // namespace vitrine::pe
