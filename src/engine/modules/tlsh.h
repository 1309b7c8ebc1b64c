// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"

namespace vitrine::engine::modules {

// The TLSH locality-sensitive digest (Oliver, Cheng, Chen: "TLSH - A Locality
// Sensitive Hash", 2013): 128 buckets, one byte of checksum, "T1" and 70 upper-
// case hex digits. Empty where the bytes are too few or too much alike.
std::string Tlsh(Bytes bytes);

}  // namespace vitrine::engine::modules
