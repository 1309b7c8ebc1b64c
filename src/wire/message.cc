// SPDX-License-Identifier: Apache-2.0
#include "wire/message.h"

#include <algorithm>
#include <cstring>

#include "wire/decoder.h"
#include "wire/encoder.h"

namespace vitrine::wire {
namespace {

Error Wrong(const char* what) {
  return {Code::kInvalid, std::string("wire: ") + what};
}

void PutHead(Encoder& encoder, Kind kind) {
  encoder.Put(kMagic);
  encoder.Put(kVersion);
  encoder.Put(static_cast<uint16_t>(kind));
}

// Fails `decoder` unless the message begins as one of `kind` does.
void GetHead(Decoder& decoder, Kind kind) {
  const auto magic = decoder.Get<uint32_t>();
  const auto version = decoder.Get<uint16_t>();
  const auto number = decoder.Get<uint16_t>();
  if (magic != kMagic || version != kVersion ||
      number != static_cast<uint16_t>(kind)) {
    decoder.Refuse();
  }
}

std::string_view Cut(std::string_view text, size_t longest) {
  return text.substr(0, longest);
}

// A text that people will be shown.
std::string GetPrintable(Decoder& decoder, size_t longest) {
  const std::string_view text = decoder.GetText(longest);
  if (!IsPrintableAscii(text)) decoder.Refuse();
  return std::string(text);
}

std::string MadePrintable(std::string_view text, size_t longest) {
  std::string printable(Cut(text, longest));
  for (char& c : printable) {
    if (!IsPrintableAscii({&c, 1})) c = '?';
  }
  return printable;
}

}  // namespace

Result<Kind> KindOf(Bytes message) {
  Decoder decoder(message);
  const auto magic = decoder.Get<uint32_t>();
  const auto version = decoder.Get<uint16_t>();
  const auto kind = decoder.Get<uint16_t>();
  if (decoder.failed() || magic != kMagic) return Wrong("not a message");
  if (version != kVersion) return Wrong("a message of another version");
  if (kind < static_cast<uint16_t>(Kind::kHello) ||
      kind > static_cast<uint16_t>(Kind::kReportPart)) {
    return Wrong("a message of an unknown kind");
  }
  return static_cast<Kind>(kind);
}

ByteVector Encode(const Hello& hello) {
  ByteVector message;
  Encoder encoder(message);
  PutHead(encoder, Kind::kHello);
  encoder.PutText(Cut(hello.cage, kCageTextMax));
  return message;
}

Result<Hello> DecodeHello(Bytes message) {
  Decoder decoder(message);
  GetHead(decoder, Kind::kHello);
  Hello hello;
  hello.cage = decoder.GetText(kCageTextMax);
  const bool readable =
      std::all_of(hello.cage.begin(), hello.cage.end(), [](char c) {
        return c == '\n' || IsPrintableAscii({&c, 1});
      });
  if (!decoder.Finished() || !readable) return Wrong("damaged hello");
  return hello;
}

ByteVector Encode(const SetDatabase& set) {
  ByteVector message;
  Encoder encoder(message);
  PutHead(encoder, Kind::kSetDatabase);
  encoder.Put(set.generation);
  encoder.PutBytes(set.settings);
  return message;
}

Result<SetDatabase> DecodeSetDatabase(Bytes message) {
  Decoder decoder(message);
  GetHead(decoder, Kind::kSetDatabase);
  SetDatabase set;
  set.generation = decoder.Get<uint64_t>();
  set.settings = decoder.GetRest();
  if (!decoder.Finished()) return Wrong("damaged database message");
  return set;
}

ByteVector Encode(const Ready& ready) {
  ByteVector message;
  Encoder encoder(message);
  PutHead(encoder, Kind::kReady);
  encoder.Put(ready.generation);
  encoder.Put(static_cast<uint8_t>(ready.ok ? 1 : 0));
  encoder.PutText(MadePrintable(ready.error, kTextMax));
  return message;
}

Result<Ready> DecodeReady(Bytes message) {
  Decoder decoder(message);
  GetHead(decoder, Kind::kReady);
  Ready ready;
  ready.generation = decoder.Get<uint64_t>();
  const auto ok = decoder.Get<uint8_t>();
  ready.ok = ok == 1;
  ready.error = GetPrintable(decoder, kTextMax);
  if (!decoder.Finished() || ok > 1) return Wrong("damaged ready message");
  return ready;
}

void Encode(const ScanRequest& request, ByteVector& message) {
  message.clear();
  Encoder encoder(message);
  PutHead(encoder, Kind::kScanRequest);
  encoder.Put(request.id);
  encoder.Put(request.left_ms);
  encoder.Put(request.flags);
  const std::string_view path = request.path;
  encoder.PutText(path.size() > kPathMax ? path.substr(path.size() - kPathMax)
                                         : path);
  encoder.PutText(Cut(request.owner, kOwnerMax));
}

Result<ScanRequest> DecodeScanRequest(Bytes message) {
  Decoder decoder(message);
  GetHead(decoder, Kind::kScanRequest);
  ScanRequest request;
  request.id = decoder.Get<uint64_t>();
  request.left_ms = decoder.Get<uint32_t>();
  request.flags = decoder.Get<uint32_t>();
  request.path = decoder.GetText(kPathMax);
  request.owner = decoder.GetText(kOwnerMax);
  if (!decoder.Finished() || request.flags > (kAllMatch | kFullReport)) {
    return Wrong("damaged request");
  }
  return request;
}

std::array<uint8_t, kScanReplySize> Encode(const ScanReply& reply) {
  ByteVector message;
  message.reserve(kScanReplySize);
  Encoder encoder(message);
  PutHead(encoder, Kind::kScanReply);
  encoder.Put(reply.id);
  encoder.Put(static_cast<uint8_t>(reply.verdict));
  const std::string name = MadePrintable(reply.first_alert, kNameMax);
  encoder.Put(static_cast<uint8_t>(name.size()));
  encoder.Put(uint16_t{0});
  encoder.Put(reply.alerts);
  encoder.Put(reply.bytes);
  encoder.Put(reply.size);
  encoder.Put(reply.nanoseconds);
  encoder.Put(reply.report_size);
  encoder.Put(uint32_t{0});
  encoder.PutBytes(AsBytes(name));
  std::array<uint8_t, kScanReplySize> fixed = {};
  std::memcpy(fixed.data(), message.data(), message.size());
  return fixed;
}

Result<ScanReply> DecodeScanReply(Bytes message) {
  constexpr size_t kNameField = kScanReplySize - 56;
  static_assert(kNameField > kNameMax);
  Decoder decoder(Clip(message, 0, kScanReplySize));
  GetHead(decoder, Kind::kScanReply);
  ScanReply reply;
  reply.id = decoder.Get<uint64_t>();
  const auto verdict = decoder.Get<uint8_t>();
  const auto name_size = decoder.Get<uint8_t>();
  const auto reserved = decoder.Get<uint16_t>();
  reply.alerts = decoder.Get<uint32_t>();
  reply.bytes = decoder.Get<uint64_t>();
  reply.size = decoder.Get<uint64_t>();
  reply.nanoseconds = decoder.Get<uint64_t>();
  reply.report_size = decoder.Get<uint32_t>();
  const auto reserved_too = decoder.Get<uint32_t>();
  const std::string_view name = AsText(decoder.GetBytes(kNameField));
  if (!decoder.Finished() || reserved != 0 || reserved_too != 0 ||
      verdict > static_cast<uint8_t>(Verdict::kFound) || name_size > kNameMax ||
      reply.report_size > kReportMax) {
    return Wrong("damaged reply");
  }
  reply.verdict = static_cast<Verdict>(verdict);
  const std::string_view rest = name.substr(name_size);
  if (!IsPrintableAscii(name.substr(0, name_size)) ||
      rest.find_first_not_of('\0') != rest.npos) {
    return Wrong("a reply's alert name is not printable");
  }
  if ((reply.verdict == Verdict::kFound) != (reply.alerts > 0)) {
    return Wrong("a reply's verdict and alerts disagree");
  }
  reply.first_alert = name.substr(0, name_size);
  return reply;
}

std::array<uint8_t, kReportPartHeadSize> EncodeReportPartHead(uint64_t id) {
  ByteVector message;
  Encoder encoder(message);
  PutHead(encoder, Kind::kReportPart);
  encoder.Put(id);
  std::array<uint8_t, kReportPartHeadSize> head;
  std::copy(message.begin(), message.end(), head.begin());
  return head;
}

Result<ReportPart> DecodeReportPart(Bytes message) {
  Decoder decoder(message);
  GetHead(decoder, Kind::kReportPart);
  ReportPart part;
  part.id = decoder.Get<uint64_t>();
  part.bytes = decoder.GetRest();
  if (!decoder.Finished() || part.bytes.empty()) {
    return Wrong("damaged report part");
  }
  return part;
}

}  // namespace vitrine::wire
