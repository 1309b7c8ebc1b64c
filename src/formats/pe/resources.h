// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/pe/pe.h"

namespace vitrine::pe {

enum class ResourceType : int32_t {
  kIcon = 3,
  kGroupIcon = 14,
  kVersion = 16,
};

// What an entry of the resource tree is called: a number or a text.
struct ResourceName {
  bool is_text = false;
  int32_t id = 0;  // Negative where it was to be a text outside the file.
  Bytes text;      // UTF-16, little-endian. A view of the image.

  bool operator==(ResourceType type) const {
    return !is_text && id == static_cast<int32_t>(type);
  }
};

struct Resource {
  ResourceName type;
  // Where the tree ends early: those of the resource before, or absent.
  std::optional<ResourceName> name;
  std::optional<ResourceName> language;
  uint32_t rva = 0;
  uint32_t size = 0;               // As claimed.
  std::optional<uint64_t> offset;  // In the file.
};

struct Resources {
  uint32_t timestamp = 0;
  Version version;
  std::vector<Resource> entries;  // In the order of the tree.
  bool cut = false;               // A limit of ours was reached.
};

// nullopt where there is no resource directory in the file.
std::optional<Resources> ReadResources(const Image& image);

// The resource's bytes, cut at the end of the file.
Bytes DataOf(const Image& image, const Resource& resource);

}  // namespace vitrine::pe
