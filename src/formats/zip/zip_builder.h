// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "formats/codec/checksum.h"
#include "formats/zip/entry.h"

namespace vitrine::zip {

// For tests: ZIP archives, with lies wherever a test wants one.
struct Fields {
  std::string name = "a";
  std::string data;   // As it is stored.
  std::string plain;  // What the checksum and size speak of.
  uint16_t method = 0;
  uint16_t flags = 0;
  uint16_t version = 20;
  uint32_t packed_size = 0;
  uint32_t size = 0;
  uint32_t crc = 0;
  std::string extra;
};

inline std::string Le(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value);
    value >>= 8;
  }
  return out;
}

inline Fields Stored(std::string name, const std::string& plain) {
  Fields fields;
  fields.name = std::move(name);
  fields.data = plain;
  fields.plain = plain;
  fields.packed_size = static_cast<uint32_t>(plain.size());
  fields.size = static_cast<uint32_t>(plain.size());
  fields.crc = codec::Crc32(AsBytes(plain));
  return fields;
}

// The same with a DEFLATE stream of one stored block.
inline Fields Deflated(std::string name, const std::string& plain) {
  Fields fields = Stored(std::move(name), plain);
  const auto size = static_cast<uint16_t>(plain.size());
  fields.data =
      '\1' + Le(size, 2) + Le(static_cast<uint16_t>(~size), 2) + plain;
  fields.method = 8;
  fields.packed_size = static_cast<uint32_t>(fields.data.size());
  return fields;
}

inline std::string CommonFields(const Fields& f) {
  return Le(f.version, 2) + Le(f.flags, 2) + Le(f.method, 2) + Le(0, 2) +
         Le(0x5821, 2) + Le(f.crc, 4) + Le(f.packed_size, 4) + Le(f.size, 4) +
         Le(f.name.size(), 2) + Le(f.extra.size(), 2);
}

inline std::string LocalPart(const Fields& f) {
  return "PK\3\4" + CommonFields(f) + f.name + f.extra + f.data;
}

inline std::string CentralPart(const Fields& f, uint64_t offset) {
  return "PK\1\2" + Le(20, 2) + CommonFields(f) + Le(0, 2) + Le(0, 2) +
         Le(0, 2) + Le(0, 4) + Le(offset, 4) + f.name + f.extra;
}

inline std::string EndPart(uint64_t count, uint64_t size, uint64_t offset,
                           const std::string& comment = "") {
  return "PK\5\6" + Le(0, 4) + Le(count, 2) + Le(count, 2) + Le(size, 4) +
         Le(offset, 4) + Le(comment.size(), 2) + comment;
}

// Members one after the other, each in the directory as it is in its header.
class Builder {
 public:
  Builder& Add(const Fields& fields) { return Add(fields, fields); }
  Builder& Add(const Fields& local, const Fields& central) {
    central_ += CentralPart(central, body_.size());
    ++count_;
    return AddStray(local);
  }
  Builder& AddStray(const Fields& local) {
    body_ += LocalPart(local);
    return *this;
  }
  Builder& AddBytes(const std::string& bytes) {
    body_ += bytes;
    return *this;
  }
  Builder& AddCentral(const Fields& central, uint64_t offset) {
    central_ += CentralPart(central, offset);
    ++count_;
    return *this;
  }
  std::string Finish(const std::string& comment = "") const {
    return body_ + central_ +
           EndPart(count_, central_.size(), body_.size(), comment);
  }
  const std::string& body() const { return body_; }

 private:
  std::string body_;
  std::string central_;
  uint64_t count_ = 0;
};

}  // namespace vitrine::zip
