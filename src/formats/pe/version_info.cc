// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/version_info.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

// A node of the version resource: sizes, a type, a key, then aligned to four
// bytes a value, then aligned again the children, up to the node's end.
struct Node {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t key = 0;
  uint64_t key_end = 0;
  uint64_t value = 0;
  uint16_t value_size = 0;
};

constexpr uint64_t kNodeHeaderSize = 6;

uint64_t Align4(uint64_t at) { return (at + 3) & ~uint64_t{3}; }

// The first zero character at or after `at`, or `end`.
uint64_t TextEnd(const ByteReader& reader, uint64_t at, uint64_t end) {
  while (at + 2 <= end && reader.U16(at).value_or(0) != 0) at += 2;
  return std::min(at, end);
}

std::string LowBytes(const ByteReader& reader, uint64_t at, uint64_t end) {
  std::string text;
  for (; at + 2 <= end; at += 2) {
    text += static_cast<char>(*reader.U8(at));
  }
  return text;
}

// Offsets are of the file, alignment is that of the resource's start.
class Parser {
 public:
  Parser(const Image& image, uint64_t base, std::vector<VersionString>& out)
      : reader_(image.bytes), base_(base), out_(out) {}

  void Run(uint64_t size) {
    const auto root = At(base_, std::min(reader_.size(), base_ + size));
    if (!root || KeyOf(*root) != "VS_VERSION_INFO") return;
    uint64_t at = Aligned(root->value + root->value_size);
    while (const auto child = At(at, root->end)) {
      if (KeyOf(*child) == "StringFileInfo") Tables(*child);
      at = Aligned(child->end);
    }
  }

 private:
  uint64_t Aligned(uint64_t at) const { return base_ + Align4(at - base_); }

  std::string KeyOf(const Node& node) const {
    return LowBytes(reader_, node.key, node.key_end);
  }

  std::optional<Node> At(uint64_t at, uint64_t end) const {
    if (at >= end || end - at < kNodeHeaderSize) return std::nullopt;
    const auto size = reader_.U16(at);
    const auto value_size = reader_.U16(at + 2);
    if (!size || !value_size || *size < kNodeHeaderSize) return std::nullopt;
    Node node;
    node.start = at;
    node.end = std::min(end, at + *size);
    node.key = at + kNodeHeaderSize;
    node.key_end = TextEnd(reader_, node.key, node.end);
    node.value = Aligned(node.key_end + 2);
    node.value_size = *value_size;
    return node;
  }

  void Tables(const Node& info) {
    uint64_t at = info.value;
    while (const auto table = At(at, info.end)) {
      Strings(*table);
      at = Aligned(table->end);
    }
  }

  void Strings(const Node& table) {
    uint64_t at = table.value;
    while (const auto string = At(at, table.end)) {
      if (out_.size() >= kVersionStringCountMax) return;
      const uint64_t value_end = TextEnd(reader_, string->value, string->end);
      VersionString entry;
      entry.offset = string->key;
      entry.key = KeyOf(*string);
      if (string->value_size > 0) {
        entry.value = LowBytes(reader_, string->value, value_end);
      }
      out_.push_back(std::move(entry));
      at = Aligned(string->end);
    }
  }

  ByteReader reader_;
  uint64_t base_;
  std::vector<VersionString>& out_;
};

}  // namespace

std::vector<VersionString> ReadVersionInfo(const Image& image,
                                           const Resources& resources) {
  std::vector<VersionString> out;
  for (const Resource& resource : resources.entries) {
    if (resource.type == ResourceType::kVersion && resource.offset) {
      Parser(image, *resource.offset, out).Run(resource.size);
    }
  }
  return out;
}

}  // namespace vitrine::pe
