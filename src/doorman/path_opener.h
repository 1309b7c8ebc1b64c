// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/peer.h"

// Opens paths that a peer named: with this process' rights, and only where the
// peer has them too. Each folder on the way is asked, by descriptors, so that a
// name that changes meanwhile cannot lead elsewhere. Blocks; any thread.
namespace vitrine::doorman {

struct Opened {
  UniqueFd file;  // For reading: a regular file, or a folder.
  struct stat status {};
};

// Errors are in clamd's words for a reply: "Access denied. ERROR".
// A link at the end is followed, for the peer asked for it by its name.
Result<Opened> OpenPath(std::string_view path, const Peer& peer);

// One name of an open folder whose search right was checked; links are not
// followed, and come as kNotFound, as do pipes, devices and sockets.
Result<Opened> OpenName(int folder, const char* name, const Peer& peer);

}  // namespace vitrine::doorman
