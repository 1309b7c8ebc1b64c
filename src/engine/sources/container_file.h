// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/sources/tar_reader.h"
#include "formats/codec/output.h"

// ClamAV's signature containers: .cvd, .cld, .cud (reference §2.8).
namespace vitrine::engine::sources {

struct ContainerHeader {
  std::string build_time;
  uint32_t version = 0;
  uint64_t signatures = 0;
  uint32_t level = 0;
  std::string md5;  // Lower-case hex, of all after the header.
  std::string builder;
};

// From the first 512 bytes.
Result<ContainerHeader> ReadContainerHeader(Bytes container);

// A container with everything that its own digests promise checked; that says
// nothing about who made it. Keeps its databases in memory or, for a plain
// tar, refers to the bytes it was made of.
class ContainerFile {
 public:
  struct Options {
    // .cvd and .cud: the header's MD5 is that of the payload. Local updates
    // make a .cld's wrong.
    bool check_md5 = true;
    // Whether a container without NAME.info is refused.
    bool needs_info = true;
  };

  // kInvalid: no such container, or a digest does not hold.
  static Result<ContainerFile> Open(Bytes container, const Options& options);

  const ContainerHeader& header() const { return header_; }
  // Without NAME.info.
  const std::vector<TarMember>& members() const { return members_; }

 private:
  explicit ContainerFile(codec::Output unpacked)
      : unpacked_(std::move(unpacked)) {}

  Status CheckInfo(const Options& options);

  codec::Output unpacked_;
  ContainerHeader header_;
  std::vector<TarMember> members_;
};

// A `.sign` file: signatures for ranges of functionality levels.
struct DetachedSignature {
  uint32_t level_min = 0;
  uint32_t level_max = UINT32_MAX;
  ByteVector pkcs7;  // DER.
};
Result<std::vector<DetachedSignature>> ReadSignFile(std::string_view text);

}  // namespace vitrine::engine::sources
