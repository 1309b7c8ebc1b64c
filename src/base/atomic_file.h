// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine {

// Makes `path` hold `bytes`: by a file beside it, synced and renamed, so that a
// reader or a power cut sees the old file or the new one, never a part.
// A link is replaced, not followed. kInvalid where a folder, device, pipe or
// socket stands there, or a link to one or into /proc. An error of the
// last step, SyncFolderOf(), comes when the file has its new bytes already.
Status WriteFileAtomically(const std::string& path, Bytes bytes);

// Makes what was created, renamed or removed in a folder outlive a power cut. A
// file system that cannot be asked for that (EINVAL) is no error.
Status SyncFolder(const std::string& folder);
// The folder that `path` lies in.
Status SyncFolderOf(const std::string& path);

}  // namespace vitrine
