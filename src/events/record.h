// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "events/event.h"

// An event as bytes: version, then the fields that are set, each a tag and its
// value, tags ascending. docs/spec/events.md is the specification.
namespace vitrine::events {

// Never longer than kPayloadMax: text and lists beyond limits.h are cut.
ByteVector EncodeEvent(const Event& event);

// The event of exactly these bytes, or kInvalid: unknown versions, classes and
// tags, fields out of order and bytes left over are all refused.
Result<Event> DecodeEvent(Bytes record);

}  // namespace vitrine::events
