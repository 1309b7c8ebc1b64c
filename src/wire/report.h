// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "model/scan_report.h"

namespace vitrine::wire {

// A whole ScanReport as bytes; kLimit beyond kReportMax. Texts travel as the
// bytes they are: whoever shows them makes them harmless.
Result<ByteVector> EncodeReport(const ScanReport& report);

// The inverse, from a scanner that must be distrusted: memory is bounded by a
// small multiple of the bytes given, every count by what is left of them.
// kInvalid for anything that EncodeReport() does not write.
Result<ScanReport> DecodeReport(Bytes bytes);

}  // namespace vitrine::wire
