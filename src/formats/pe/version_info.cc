// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/version_info.h"

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

}  // namespace vitrine::pe
