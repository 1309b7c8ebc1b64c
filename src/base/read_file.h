// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine {

// Whether the last part of a path may be a symbolic link.
enum class Links : uint8_t { kFollowed, kRefused };

// All bytes of a plain file, from its beginning, wherever the descriptor
// stands; also of one in /proc, whose size is told as 0, or that grows. kLimit
// beyond `size_max`, kInvalid for what is no plain file; kNotFound, kDenied or
// kUnavailable as the system says. Errors name the file. Any thread.
Result<ByteVector> ReadFile(int descriptor, uint64_t size_max,
                            const std::string& name);
Result<ByteVector> ReadFile(const std::string& path, uint64_t size_max,
                            Links links = Links::kFollowed);

// The same as text.
Result<std::string> ReadTextFile(const std::string& path, uint64_t size_max,
                                 Links links = Links::kFollowed);

}  // namespace vitrine
