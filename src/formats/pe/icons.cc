// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/icons.h"

#include "base/byte_reader.h"
#include "formats/pe/resources.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kGroupHeaderSize = 6;
constexpr uint64_t kGroupEntrySize = 14;

uint32_t Extent(uint8_t claimed) { return claimed == 0 ? 256 : claimed; }

// RT_ICON by number. Those without a group are shown by nothing.
const Resource* FindIcon(const Resources& resources, uint16_t id) {
  for (const Resource& resource : resources.entries) {
    if (resource.type == ResourceType::kIcon && !resource.name.is_text &&
        resource.name.id == id) {
      return &resource;
    }
  }
  return nullptr;
}

void ReadGroup(const Image& image, const Resources& resources,
               const Resource& group, uint32_t max_count,
               std::vector<Icon>& out) {
  const ByteReader reader(DataOf(image, group));
  const uint16_t count = reader.U16(4).value_or(0);
  for (uint32_t i = 0; i < count && out.size() < max_count; ++i) {
    const uint64_t at = kGroupHeaderSize + i * kGroupEntrySize;
    if (!reader.Contains(at, kGroupEntrySize)) return;
    Icon icon;
    icon.group = group.name.id;
    icon.width = Extent(*reader.U8(at));
    icon.height = Extent(*reader.U8(at + 1));
    icon.bits_per_pixel = *reader.U16(at + 6);
    icon.id = *reader.U16(at + 12);
    const Resource* picture = FindIcon(resources, icon.id);
    if (picture == nullptr) continue;
    icon.data = DataOf(image, *picture);
    if (!icon.data.empty()) out.push_back(icon);
  }
}

}  // namespace

std::vector<Icon> ReadIcons(const Image& image, uint32_t max_count) {
  std::vector<Icon> out;
  const auto resources = ReadResources(image);
  if (!resources) return out;
  for (const Resource& group : resources->entries) {
    if (out.size() >= max_count) break;
    if (group.type == ResourceType::kGroupIcon) {
      ReadGroup(image, *resources, group, max_count, out);
    }
  }
  return out;
}

}  // namespace vitrine::pe
