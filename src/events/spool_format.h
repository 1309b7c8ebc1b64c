// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

// What a spool's segments are made of: one header, then frames. Integers are
// little-endian. docs/spec/events.md is the specification.
namespace vitrine::events {

// Names one run of one writer: random, made when the writer starts.
using SpoolId = std::array<uint8_t, 16>;

struct SegmentHeader {
  SpoolId spool{};
  uint32_t index = 0;      // Segments of one spool count from 0.
  std::string writer;      // "guard": 1..16 of a-z, 0-9 and '-'.
  int64_t created_ns = 0;  // Since 1970, UTC.

  bool operator==(const SegmentHeader&) const = default;
};

inline constexpr size_t kSegmentHeaderSize = 64;
inline constexpr size_t kFrameHeaderSize = 20;
inline constexpr size_t kWriterNameMax = 16;
inline constexpr uint8_t kFrameFirstByte = 'V';

bool IsWriterName(std::string_view name);

ByteVector EncodeSegmentHeader(const SegmentHeader& header);
// kTruncated where there are fewer bytes than a header has; kInvalid where they
// are none.
Result<SegmentHeader> ParseSegmentHeader(Bytes bytes);

// Header and payload of one record, to be written by one write(2).
ByteVector EncodeFrame(uint64_t sequence, Bytes payload);

struct Frame {
  uint64_t sequence = 0;
  Bytes payload;    // Within the bytes given.
  size_t size = 0;  // Header included.
};
// The frame at the start of `bytes`: kTruncated where it ends after them,
// kInvalid where none begins here.
Result<Frame> ParseFrame(Bytes bytes);

// "<spool in hex>-<index in 8 digits>.spool"
std::string SegmentName(const SpoolId& spool, uint32_t index);
// Whether `name` is of that form.
bool IsSegmentName(std::string_view name);

}  // namespace vitrine::events
