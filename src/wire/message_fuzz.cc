// SPDX-License-Identifier: Apache-2.0
// Every message decoder: what it accepts, it accepts again after encoding.
#include <cstddef>
#include <cstdint>

#include "wire/message.h"

using namespace vitrine;  // NOLINT(google-build-using-namespace): a harness.

namespace {

void Check(bool holds) {
  if (!holds) __builtin_trap();
}

template <typename Message>
bool Same(const Message& encoded, Bytes bytes) {
  return Bytes(encoded).size() == bytes.size() &&
         AsText(Bytes(encoded)) == AsText(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes(data, size);
  const auto kind = wire::KindOf(bytes);
  int accepted = 0;
  if (const auto hello = wire::DecodeHello(bytes); hello.ok()) {
    Check(Same(wire::Encode(hello.value()), bytes));
    ++accepted;
  }
  if (const auto set = wire::DecodeSetDatabase(bytes); set.ok()) {
    Check(Same(wire::Encode(set.value()), bytes));
    ++accepted;
  }
  if (const auto ready = wire::DecodeReady(bytes); ready.ok()) {
    Check(Same(wire::Encode(ready.value()), bytes));
    ++accepted;
  }
  if (const auto request = wire::DecodeScanRequest(bytes); request.ok()) {
    ByteVector encoded;
    wire::Encode(request.value(), encoded);
    Check(Same(encoded, bytes));
    ++accepted;
  }
  if (const auto reply = wire::DecodeScanReply(bytes); reply.ok()) {
    Check(Same(wire::Encode(reply.value()), bytes.first(wire::kScanReplySize)));
    ++accepted;
  }
  if (const auto part = wire::DecodeReportPart(bytes); part.ok()) {
    Check(part.value().bytes.size() + wire::kReportPartHeadSize == size);
    ++accepted;
  }
  Check(accepted <= (kind.ok() ? 1 : 0));
  return 0;
}
