// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vitrine {

// The file that this process runs, links resolved; empty where the kernel does
// not tell.
std::string OwnProgram();

// The folder it lies in, without the last slash.
std::string OwnFolder();

}  // namespace vitrine
