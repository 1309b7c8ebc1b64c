// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/invocation.h"

namespace vitrine::doorman {

// A signalfd of SIGHUP, SIGINT and SIGTERM, which are held back from then on in
// all threads still to be started; SIGPIPE is ignored.
Result<UniqueFd> TakeSignals();

// The whole life of the process that talks with clients, which the supervisor
// has started with its descriptors (backstage.h) and that many listening
// sockets. Shuts its cage first.
Status ServeDoor(Invocation invocation, size_t sockets);

}  // namespace vitrine::doorman
