// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/icons.h"

#include <algorithm>
#include <map>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"
#include "formats/pe/resources.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kGroupHeaderSize = 6;
constexpr uint64_t kGroupEntrySize = 14;

uint32_t Extent(uint8_t claimed) { return claimed == 0 ? 256 : claimed; }

// RT_ICON resources by number; the first of each counts.
using Pictures = std::map<int32_t, const Resource*>;

Pictures FindPictures(const Resources& resources) {
  Pictures pictures;
  for (const Resource& resource : resources.entries) {
    if (resource.type == ResourceType::kIcon && resource.name &&
        !resource.name->is_text) {
      pictures.emplace(resource.name->id, &resource);
    }
  }
  return pictures;
}

// Appends the pictures of a group until there are `max_count`.
void ReadGroup(const Image& image, const Pictures& pictures,
               const Resource& group, size_t max_count,
               std::vector<Icon>& out) {
  const ByteReader reader(DataOf(image, group));
  const uint32_t count =
      std::min<uint32_t>(reader.U16(4).value_or(0), kGroupIconCountMax);
  for (uint32_t i = 0; i < count && out.size() < max_count; ++i) {
    const uint64_t at = kGroupHeaderSize + i * kGroupEntrySize;
    if (!reader.Contains(at, kGroupEntrySize)) return;
    Icon icon;
    if (group.name && !group.name->is_text) icon.group = group.name->id;
    icon.width = Extent(*reader.U8(at));
    icon.height = Extent(*reader.U8(at + 1));
    icon.bits_per_pixel = *reader.U16(at + 6);
    icon.id = *reader.U16(at + 12);
    const auto picture = pictures.find(icon.id);
    if (picture == pictures.end()) continue;
    icon.data = DataOf(image, *picture->second);
    if (!icon.data.empty()) out.push_back(icon);
  }
}

}  // namespace

std::vector<Icon> ReadIcons(const Image& image, uint32_t max_count) {
  std::vector<Icon> out;
  const auto resources = ReadResources(image);
  if (!resources) return out;
  const Pictures pictures = FindPictures(*resources);
  size_t groups = 0;
  for (const Resource& group : resources->entries) {
    if (!(group.type == ResourceType::kGroupIcon)) continue;
    if (out.size() >= max_count || ++groups > kIconGroupCountMax) break;
    ReadGroup(image, pictures, group, max_count, out);
  }
  return out;
}

}  // namespace vitrine::pe
