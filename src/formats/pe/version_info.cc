// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/version_info.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kNodeHeaderSize = 6;
constexpr uint64_t kFixedInfoSize = 52;

// A node of the version resource: sizes, a type, a key, then aligned to four
// bytes a value and the children. The sizes of outer nodes say where the next
// node is, and nothing about where inner nodes end: real resources are wrong.
struct Node {
  uint64_t value_size = 0;
  uint64_t key = 0;
  uint64_t content = 0;  // Of the value, or of the first child.
  uint64_t end = 0;
  uint64_t next = 0;
};

// Walks one resource. Offsets are of the file, alignment is that of the
// resource's start.
class Walk {
 public:
  Walk(const Image& image, uint64_t base, uint32_t& visited,
       std::vector<VersionString>& out)
      : reader_(image.bytes), base_(base), visited_(visited), out_(out) {}

  void Run() {
    const auto root = At(base_);
    if (!root || !KeyIs(*root, "VS_VERSION_INFO")) return;
    auto child = At(Aligned(root->content + kFixedInfoSize));
    while (child && KeyIs(*child, "VarFileInfo")) child = At(child->next);
    while (child && KeyIs(*child, "StringFileInfo")) {
      VisitTables(*child);
      child = At(child->next);
    }
  }

 private:
  uint64_t Aligned(uint64_t at) const {
    return base_ + ((at - base_ + 3) & ~uint64_t{3});
  }

  bool KeyIs(const Node& node, std::string_view key) const {
    for (size_t i = 0; i < key.size(); ++i) {
      if (reader_.U16(node.key + i * 2) != static_cast<uint8_t>(key[i])) {
        return false;
      }
    }
    return reader_.U16(node.key + key.size() * 2) == 0;
  }

  // Low bytes of UTF-16 up to a zero, the end of the file or `max_size`.
  std::string Text(uint64_t at, size_t max_size) const {
    std::string text;
    while (text.size() < max_size) {
      const auto character = reader_.U16(at + text.size() * 2);
      if (!character || *character == 0) break;
      text += static_cast<char>(*character);
    }
    return text;
  }

  // After the zero that ends the text at `at`; nullopt where none does.
  std::optional<uint64_t> TextEnd(uint64_t at) const {
    for (;; at += 2) {
      const auto character = reader_.U16(at);
      if (!character) return std::nullopt;
      if (*character == 0) return at + 2;
    }
  }

  // nullopt for nodes without a size and those cut by the end of the file.
  std::optional<Node> At(uint64_t at) {
    const auto size = reader_.U16(at);
    const auto value_size = reader_.U16(at + 2);
    // The root's size is what a careless resource editor gets wrong.
    if (!size || (*size == 0 && at != base_) || !value_size) {
      return std::nullopt;
    }
    if (++visited_ > kVersionVisitMax) return std::nullopt;
    Node node;
    node.value_size = *value_size;
    node.key = at + kNodeHeaderSize;
    const auto key_end = TextEnd(node.key);
    if (!key_end) return std::nullopt;
    node.content = Aligned(*key_end);
    node.end = at + *size;
    node.next = Aligned(node.end);
    return node;
  }

  void VisitTables(const Node& info) {
    for (uint64_t at = info.content; at < info.end;) {
      const auto table = At(at);
      if (!table) return;
      VisitStrings(*table);
      at = table->next;
    }
  }

  void VisitStrings(const Node& table) {
    for (uint64_t at = table.content; at < table.end;) {
      const auto string = At(at);
      if (!string || out_.size() >= kVersionStringCountMax) return;
      VersionString entry;
      entry.offset = string->key;
      entry.key = UpToNul(Text(string->key, kVersionKeySizeMax));
      if (string->value_size > 0) {
        if (!TextEnd(string->content)) return;
        entry.value = UpToNul(Text(string->content, kVersionValueSizeMax));
      }
      out_.push_back(std::move(entry));
      at = string->next;
    }
  }

  // Characters outside Latin-1 may have become a NUL.
  static std::string UpToNul(const std::string& text) {
    return text.substr(0, text.find('\0'));
  }

  ByteReader reader_;
  uint64_t base_;
  uint32_t& visited_;
  std::vector<VersionString>& out_;
};

// The same resource for those who believe its sizes. Offsets are of `bytes`.
class StrictWalk {
 public:
  StrictWalk(Bytes bytes, uint64_t base, uint32_t& visited,
             std::vector<uint64_t>& out)
      : reader_(bytes), base_(base), visited_(visited), out_(out) {}

  void Run() {
    const auto root = At(0, reader_.size());
    if (!root || root->value_size != kFixedInfoSize ||
        !KeyIs(*root, "VS_VERSION_INFO") ||
        reader_.U32(root->content) != kFixedInfoMagic) {
      return;
    }
    auto child = At(root->content + kFixedInfoSize, root->end);
    for (; child; child = At(child->next, root->end)) {
      if (!KeyIs(*child, "StringFileInfo")) continue;
      auto table = At(child->content, child->end);
      for (; table; table = At(table->next, child->end)) VisitStrings(*table);
    }
  }

 private:
  static constexpr uint32_t kFixedInfoMagic = 0xfeef04bd;
  // Records have to be larger, once they are aligned.
  static constexpr uint64_t kRecordSizeMin = 16;

  struct Part {
    uint64_t key = 0;
    uint64_t value_size = 0;
    uint64_t content = 0;
    uint64_t end = 0;
    uint64_t next = 0;
  };

  static uint64_t Aligned(uint64_t at) { return (at + 3) & ~uint64_t{3}; }

  bool KeyIs(const Part& part, std::string_view key) const {
    for (size_t i = 0; i <= key.size(); ++i) {
      const uint16_t wanted = i < key.size() ? static_cast<uint8_t>(key[i]) : 0;
      if (reader_.U16(part.key + i * 2) != wanted) return false;
    }
    return true;
  }

  // nullopt where the part does not end by `limit`.
  std::optional<Part> At(uint64_t at, uint64_t limit) {
    if (at >= limit || limit - at < kNodeHeaderSize) return std::nullopt;
    const auto size = reader_.U16(at);
    if (!size || *size < kNodeHeaderSize || *size > limit - at ||
        ++visited_ > kVersionVisitMax) {
      return std::nullopt;
    }
    Part part;
    part.value_size = reader_.U16(at + 2).value_or(0);
    part.key = at + kNodeHeaderSize;
    part.end = at + *size;
    part.next = Aligned(part.end);
    part.content = part.key;
    while (part.content < part.end &&
           reader_.U16(part.content).value_or(0) != 0) {
      part.content += 2;
    }
    part.content = Aligned(part.content + 2);
    return part;
  }

  void VisitStrings(const Part& table) {
    auto string = At(table.content, table.end);
    for (; string; string = At(string->next, table.end)) {
      const uint64_t start = string->key - kNodeHeaderSize;
      if (string->next > table.end || string->next - start <= kRecordSizeMin ||
          out_.size() >= kVersionStringCountMax) {
        return;
      }
      out_.push_back(base_ + string->key);
    }
  }

  ByteReader reader_;
  uint64_t base_;
  uint32_t& visited_;
  std::vector<uint64_t>& out_;
};

}  // namespace

std::vector<VersionString> ReadVersionInfo(const Image& image,
                                           const Resources& resources) {
  std::vector<VersionString> out;
  uint32_t visited = 0;
  for (const Resource& resource : resources.entries) {
    if (resource.type == ResourceType::kVersion && resource.offset) {
      Walk(image, *resource.offset, visited, out).Run();
    }
  }
  return out;
}

std::vector<uint64_t> WholeVersionStrings(const Image& image,
                                          const Resources& resources) {
  std::vector<uint64_t> out;
  uint32_t visited = 0;
  for (const Resource& resource : resources.entries) {
    if (resource.type == ResourceType::kVersion && resource.offset) {
      StrictWalk(DataOf(image, resource), *resource.offset, visited, out).Run();
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace vitrine::pe
