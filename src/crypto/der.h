// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace vitrine::crypto {

// ASN.1 tags, as they are in the first byte.
enum class DerTag : uint8_t {
  kInteger = 0x02,
  kOctetString = 0x04,
  kNull = 0x05,
  kObjectIdentifier = 0x06,
  kBmpString = 0x1e,
  kGeneralizedTime = 0x18,
  kSequence = 0x30,
  kSet = 0x31,
  kContext0 = 0x80,
  kContext1 = 0x81,
  kContextConstructed0 = 0xa0,
  kContextConstructed1 = 0xa1,
};

// One value: its tag byte, its content, and it all. Views of the input.
struct DerValue {
  uint8_t tag = 0;
  Bytes content;
  Bytes whole;

  bool Is(DerTag wanted) const { return tag == static_cast<uint8_t>(wanted); }
};

// Reads values one after the other from hostile bytes. Definite lengths and
// one-byte tags only: what does not fit ends the input. Total; allocates
// nothing.
class DerReader {
 public:
  explicit DerReader(Bytes bytes) : rest_(bytes) {}

  bool AtEnd() const { return rest_.empty(); }
  std::optional<DerValue> Next();
  // The next value if it has this tag; else the reader stays where it is.
  std::optional<DerValue> Next(DerTag tag);

 private:
  Bytes rest_;
};

// "1.2.840.113549.1.7.2" of an object identifier's content; empty if it is no
// such.
std::string OidText(Bytes content);

}  // namespace vitrine::crypto
