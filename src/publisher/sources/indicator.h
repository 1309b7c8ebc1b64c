// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vitrine::publisher {

// The digests of a STIX pattern (STIX 2.1, section 9) that any one of stands
// for: [file:hashes.'SHA-256' = '…' OR file:hashes.MD5 = '…'] OR [...].
// kInvalid for every other pattern: taking a part of one would make another
// rule of it.
Result<std::vector<std::string>> DigestsOfPattern(std::string_view pattern);

}  // namespace vitrine::publisher
