// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "quarantine/item.h"

namespace vitrine::quarantine {

// All that the kernel tells of an open regular file: identity, owner, mode,
// times, names and extended attributes. kInvalid for anything else than a
// regular file. Path, rules and the like stay empty.
Result<Metadata> DescribeFile(int file);

// Gives an open file, ours and not yet named, its owner, mode, extended
// attributes and times back. Attributes that the file system does not take are
// left out and named in the result; a failure of owner or mode is an error.
Result<std::vector<std::string>> GiveAttributes(int file,
                                                const Metadata& metadata);

}  // namespace vitrine::quarantine
