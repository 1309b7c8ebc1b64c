// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/text.h"
#include "engine/clamav/auxiliary.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"
#include "engine/clamav/target_block.h"

// Small formats: .pwdb, .idb, .crb, .cfg, .ign.
namespace vitrine::engine::clamav {
namespace {

constexpr size_t kSha1Size = 20;
constexpr size_t kIconHashSize = 62;

void Add(ir::Auxiliary::Kind kind, std::string_view name, CodeWriter& code,
         Context& context) {
  context.program.auxiliaries.push_back(
      {kind, std::string(name), code.Take(), context.source});
}

// "" or a SHA-1 in hex.
std::optional<ByteVector> OptionalSha1(std::string_view text) {
  auto bytes = FromHex(text);
  if (!bytes || (!bytes->empty() && bytes->size() != kSha1Size)) {
    return std::nullopt;
  }
  return bytes;
}

bool Flag(std::string_view text) { return text == "1"; }

Error BadCode() { return Error{Code::kInvalid, "bad auxiliary code"}; }

}  // namespace

LineResult ReadIgnored(std::string_view line, Context& context) {
  return context.ignoring.Read(line);
}

// Name;TargetBlock;0|1;Password
LineResult ReadPassword(std::string_view line, Context& context) {
  const Fields fields(line, ';');
  if (fields.size() < 4) {
    return Refuse("bad-field-count", "a password has four fields");
  }
  if (context.Ignores(fields[0])) return kSkipped;
  // A target block without a target will do here.
  std::string block_text(fields[1]);
  if (block_text.find("Target:") == std::string::npos) {
    block_text += ",Target:0";
  }
  const Result<TargetBlock> block = ParseTargetBlock(block_text);
  if (!block.ok()) {
    // clamscan 1.4 refuses these, too, rather than skip them.
    return Refuse("bad-target-block", block.error().message);
  }
  ByteVector password;
  if (fields[2] == "0") {
    const Bytes text = AsBytes(fields[3]);
    password.assign(text.begin(), text.end());
  } else if (fields[2] == "1") {
    auto bytes = FromHex(fields[3]);
    if (!bytes) return Refuse("bad-password", "the password is not hex");
    password = std::move(*bytes);
  } else {
    return Refuse("bad-kind", "a password is of kind 0 (text) or 1 (hex)");
  }
  CodeWriter code;
  code.U16(
      static_cast<uint16_t>(block.value().container.value_or(FileType::kANY)));
  code.Counted(password);
  Add(ir::Auxiliary::Kind::kPassword, fields[0], code, context);
  return kTaken;
}

std::vector<std::string> ReadPasswords(std::span<const Bytes> codes,
                                       FileType container) {
  std::vector<std::string> out;
  for (const Bytes code : codes) {
    CodeReader in(code);
    const auto type = static_cast<FileType>(in.U16());
    const std::string_view password = in.CountedText();
    if (!in.ok()) continue;
    if (type == FileType::kANY || type == container) out.emplace_back(password);
  }
  return out;
}

// CATEGORY:0xFLAGS:start:end
LineResult ReadConfig(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() < 2) {
    return Refuse("bad-field-count", "expected CATEGORY:0xFLAGS:level:level");
  }
  const auto from = Digits(fields[2]);
  const auto to = Digits(fields[3]);
  if (!from || !to) return Refuse("bad-level", "bad functionality level");
  std::string_view rest;
  const std::string_view text = fields[1];
  const auto flags = LeadingLiteral(text, &rest);
  if (!text.starts_with("0x") || !flags || !rest.empty() ||
      *flags > UINT32_MAX) {
    return Refuse("bad-flag", "flags are a hexadecimal number: 0x..");
  }
  if (*from > kFunctionalityLevel ||
      (fields.size() > 3 && *to < kFunctionalityLevel)) {
    return kSkipped;
  }
  CodeWriter code;
  code.Counted(fields[0]);
  code.U32(static_cast<uint32_t>(*flags));
  Add(ir::Auxiliary::Kind::kConfig, fields[0], code, context);
  return kTaken;
}

Result<ConfigEntry> ReadConfigEntry(Bytes code) {
  CodeReader in(code);
  ConfigEntry out;
  out.category = in.CountedText();
  out.flags = in.U32();
  if (!in.ok()) return BadCode();
  return out;
}

// Name:Group1:Group2:IconHash
LineResult ReadIcon(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() != 4) {
    return Refuse("bad-field-count", "an icon has four fields");
  }
  const auto hash = FromHex(fields[3]);
  if (!hash || hash->size() != kIconHashSize) {
    return Refuse("bad-digest", "an icon hash has 124 hex digits");
  }
  const uint8_t edge = (*hash)[0];
  if (edge != 16 && edge != 24 && edge != 32) {
    return Refuse("bad-size", "icons are 16, 24 or 32 pixels wide");
  }
  if (context.Ignores(fields[0])) return kSkipped;
  CodeWriter code;
  code.Counted(fields[1]);
  code.Counted(fields[2]);
  code.Counted(*hash);
  Add(ir::Auxiliary::Kind::kIcon, fields[0], code, context);
  return kTaken;
}

Result<IconRule> ReadIconRule(Bytes code) {
  CodeReader in(code);
  IconRule out;
  out.group1 = in.CountedText();
  out.group2 = in.CountedText();
  const Bytes hash = in.Counted();
  if (!in.ok() || hash.size() != kIconHashSize) return BadCode();
  out.hash.assign(hash.begin(), hash.end());
  return out;
}

// Name;Trusted;Subject;Serial;Pubkey;Exponent;CodeSign;TimeSign;CertSign;
// NotBefore;Comment[;min[;max]]
LineResult ReadCertificate(std::string_view line, Context& context) {
  const Fields fields(line, ';');
  if (fields.size() < 11 || fields.size() > 13) {
    return Refuse("bad-field-count",
                  "a certificate has eleven to thirteen fields");
  }
  const auto fit = LevelsFit(fields[11], fields[12], fields.size() == 13);
  if (!fit) return Refuse("bad-level", "bad functionality level");
  if (!*fit) return kSkipped;
  if (fields[1] != "0" && fields[1] != "1") {
    return Refuse("bad-flag", "Trusted is 0 or 1");
  }
  const auto subject = OptionalSha1(fields[2]);
  const auto serial = OptionalSha1(fields[3]);
  if (!subject || subject->empty() || !serial) {
    return Refuse("bad-digest", "subject and serial are SHA-1 in hex");
  }
  const auto modulus = FromHex(fields[4]);
  const auto exponent = FromHex(fields[5]);
  if (!modulus || modulus->empty() || !exponent) {
    return Refuse("bad-key", "the public key is not hex");
  }
  const auto not_before = Digits(fields[9]);
  if (!not_before) return Refuse("bad-time", "NotBefore is a number");
  CodeWriter code;
  code.U8(static_cast<uint8_t>(
      (Flag(fields[1]) ? 1 : 0) | (Flag(fields[6]) ? 2 : 0) |
      (Flag(fields[7]) ? 4 : 0) | (Flag(fields[8]) ? 8 : 0)));
  code.Counted(*subject);
  code.Counted(*serial);
  code.Counted(*modulus);
  code.Counted(*exponent);
  code.U64(*not_before);
  Add(ir::Auxiliary::Kind::kCertificate, fields[0], code, context);
  return kTaken;
}

Result<CertificateRule> ReadCertificateRule(Bytes code) {
  CodeReader in(code);
  const auto bytes = [&in] {
    const Bytes part = in.Counted();
    return ByteVector(part.begin(), part.end());
  };
  CertificateRule out;
  const uint8_t flags = in.U8();
  out.trusted = (flags & 1) != 0;
  out.code_signing = (flags & 2) != 0;
  out.time_stamping = (flags & 4) != 0;
  out.certificate_signing = (flags & 8) != 0;
  out.subject_sha1 = bytes();
  out.serial_sha1 = bytes();
  out.modulus = bytes();
  out.exponent = bytes();
  out.not_before = static_cast<int64_t>(in.U64());
  if (!in.ok()) return BadCode();
  return out;
}

}  // namespace vitrine::engine::clamav
