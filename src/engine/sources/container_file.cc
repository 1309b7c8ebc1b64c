// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/container_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/byte_reader.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "engine/sources/limits.h"
#include "formats/codec/decode.h"

namespace vitrine::engine::sources {
namespace {

constexpr uint64_t kHeaderSize = 512;
constexpr size_t kMd5Digits = 32;
constexpr size_t kSha256Digits = 64;

Error Invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

bool IsHex(std::string_view text, size_t digits) {
  return text.size() == digits && FromHex(text).has_value();
}

// What follows the header, as a tar archive.
Result<codec::Output> Unpack(Bytes payload) {
  const bool gzip =
      payload.size() >= 2 && payload[0] == 0x1f && payload[1] == 0x8b;
  if (!gzip) return codec::Output(0);
  codec::Input input;
  input.bytes = payload;
  input.allowance = kContainerSizeMax;
  codec::Decoded decoded = codec::Gzip(input);
  if (decoded.end == codec::End::kCut) {
    return Error{Code::kLimit, "container too large"};
  }
  if (decoded.end != codec::End::kWhole) {
    return Invalid(std::string("the container's gzip stream is ") +
                   codec::EndName(decoded.end));
  }
  return std::move(decoded.out);
}

bool IsInfo(std::string_view name) { return name.ends_with(".info"); }

}  // namespace

Result<ContainerHeader> ReadContainerHeader(Bytes container) {
  if (container.size() < kHeaderSize) {
    return Invalid("too short for a signature container");
  }
  const std::string_view text = Trim(AsText(container.first(kHeaderSize)));
  const std::vector<std::string_view> fields = Split(text, ':');
  if (fields.size() < 8 || fields[0] != "ClamAV-VDB") {
    return Invalid("not a signature container");
  }
  ContainerHeader out;
  out.build_time = fields[1];
  const auto version = ParseDecimal(fields[2]);
  const auto signatures = ParseDecimal(fields[3]);
  const auto level = ParseDecimal(fields[4]);
  if (!version || !signatures || !level || *version > UINT32_MAX ||
      *level > UINT32_MAX) {
    return Invalid("bad number in the container's header");
  }
  out.version = static_cast<uint32_t>(*version);
  out.signatures = *signatures;
  out.level = static_cast<uint32_t>(*level);
  out.md5 = ToLowerText(fields[5]);
  out.builder = fields[7];
  return out;
}

Result<ContainerFile> ContainerFile::Open(Bytes container,
                                          const Options& options) {
  ContainerHeader header = TRY(ReadContainerHeader(container));
  const Bytes payload = container.subspan(kHeaderSize);
  if (options.check_md5) {
    if (!IsHex(header.md5, kMd5Digits) ||
        ToHex(crypto::Md5(payload)) != header.md5) {
      return Invalid("the container does not have the MD5 of its header");
    }
  }
  codec::Output unpacked = TRY(Unpack(payload));
  ContainerFile out(std::move(unpacked));
  out.header_ = std::move(header);
  const Bytes archive =
      out.unpacked_.size() > 0 ? out.unpacked_.bytes() : payload;
  out.members_ = TRY(ReadTar(archive));
  TRY(out.CheckInfo(options));
  return out;
}

// NAME.info: a line like the header, then name:size:sha256 a member, then
// a signature of its own.
Status ContainerFile::CheckInfo(const Options& options) {
  const auto info =
      std::find_if(members_.begin(), members_.end(),
                   [](const TarMember& member) { return IsInfo(member.name); });
  if (info == members_.end()) {
    if (!options.needs_info) return Ok();
    return Invalid("the container has no .info");
  }
  struct Promise {
    uint64_t size;
    std::string_view sha256;
  };
  std::map<std::string_view, Promise> promises;
  for (const std::string_view raw : Split(AsText(info->bytes), '\n')) {
    const std::vector<std::string_view> fields = Split(Trim(raw), ':');
    if (fields.size() != 3) continue;
    const auto size = ParseDecimal(fields[1]);
    if (!size || !IsHex(fields[2], kSha256Digits)) continue;
    promises[fields[0]] = {*size, fields[2]};
  }
  members_.erase(info);
  for (const TarMember& member : members_) {
    if (member.name == "COPYING") continue;
    const auto promise = promises.find(member.name);
    const std::string name(member.name);
    if (promise == promises.end()) {
      return Invalid(name + " is not in the container's .info");
    }
    if (promise->second.size != member.bytes.size() ||
        ToLowerText(promise->second.sha256) !=
            ToHex(crypto::Sha256(member.bytes))) {
      return Invalid(name + " does not have the SHA-256 of the .info");
    }
  }
  return Ok();
}

namespace {

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<ByteVector> FromBase64(std::string_view text) {
  ByteVector out;
  uint32_t bits = 0;
  int count = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<uint8_t>(bits >> count));
    }
  }
  return out;
}

}  // namespace

Result<std::vector<DetachedSignature>> ReadSignFile(std::string_view text) {
  std::vector<DetachedSignature> out;
  bool first = true;
  for (const std::string_view raw : Split(text, '\n')) {
    const std::string_view line = Trim(raw);
    if (std::exchange(first, false)) {
      if (line != "#clamsign-1.0") return Invalid("not a clamsign-1.0 file");
      continue;
    }
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string_view> fields = Split(line, ':');
    if (fields.size() != 4 || fields[2] != "pkcs7-pem") {
      return Invalid("unknown line in a signature file");
    }
    DetachedSignature signature;
    const auto min = fields[0].empty() ? 0 : ParseDecimal(fields[0]);
    const auto max = fields[1].empty() ? UINT32_MAX : ParseDecimal(fields[1]);
    auto bytes = FromBase64(fields[3]);
    if (!min || !max || *min > UINT32_MAX || *max > UINT32_MAX || !bytes) {
      return Invalid("bad number or base64 in a signature file");
    }
    signature.level_min = static_cast<uint32_t>(*min);
    signature.level_max = static_cast<uint32_t>(*max);
    signature.pkcs7 = std::move(*bytes);
    out.push_back(std::move(signature));
  }
  return out;
}

}  // namespace vitrine::engine::sources
