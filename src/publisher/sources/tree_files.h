// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::publisher {

// The plain files below `folder`, by rising name, names relative to it. Links
// are not followed; kInvalid names one, kLimit a folder that lies too deep.
// Names that begin with a dot are left out.
Result<std::vector<std::string>> ListTree(const std::string& folder);

// Makes the folders that `path`, a file, lies in.
Status MakeFoldersFor(const std::string& path);

}  // namespace vitrine::publisher
