// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace vitrine::tasks {

// Gives up for good what the tasker does not need of root's capabilities: it
// keeps those for reading all files and the memory of processes, for taking
// files away, and for starting scanners in cages. What is left is above all not
// the network, modules, devices, the clock. Nothing to do for other users.
Status DropPower();

}  // namespace vitrine::tasks
