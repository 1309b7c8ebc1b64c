// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "engine/scan/object_scan.h"

namespace vitrine::engine::scan {

// Unpacks the object at work, of `type`, and scans what comes out; then looks
// for other files hidden in it and does the same with those.
void ScanMembers(ScanContext& context, Session& session, Bytes bytes,
                 FileType type);

}  // namespace vitrine::engine::scan
