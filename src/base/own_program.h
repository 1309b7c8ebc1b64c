// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vitrine {

// The file that this process runs, links resolved; empty where the kernel does
// not tell.
std::string OwnProgram();

// The folder it lies in, without the last slash.
std::string OwnFolder();

// Where the program `name` of ours lies: beside this one, as a build leaves
// them, or where an installation puts them, ../libexec/vitrine, ../bin or
// ../sbin from here. The first of these where it is in none, for whoever starts
// it to complain of.
std::string FindOurProgram(const std::string& name);

// The same, looked for from `folder`.
std::string FindOurProgram(const std::string& folder, const std::string& name);

}  // namespace vitrine
