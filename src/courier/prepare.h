// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/paths.h"
#include "sandbox/layers.h"

// What the courier does before it shuts itself in.
namespace vitrine::courier {

// Makes the folders that it writes, and gives up root for `user`: that user's
// folders then. "": `_vitrine-courier` where the machine has it, else 65534.
// Without root the caller's own.
Status TakePlace(const config::Paths& paths, const std::string& user);

// Loads the C library's name services, which it would otherwise load when it is
// first asked for a host, and then cannot any more.
void LoadNameServices();

// The services of the "hosts:" line of an nsswitch.conf(5).
std::vector<std::string> HostServices(std::string_view text);

// What it reaches afterwards: its two folders, to be written; the files that
// the C library and TLS read while connecting, as far as they are there, and
// the configured certificates.
std::vector<sandbox::Place> Places(const config::Paths& paths,
                                   const std::string& authorities);

}  // namespace vitrine::courier
