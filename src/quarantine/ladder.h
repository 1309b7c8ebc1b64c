// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace vitrine::quarantine {

// What is to be done about a file that these rules found, in the order in which
// it is tried. Each rule brings the actions of the first ladder that names it,
// or the default ones; of several rules the one that acts hardest is heeded
// (quarantine before delete before block before notify).
std::vector<config::Action> ActionsFor(const config::QuarantineConfig& config,
                                       const std::vector<std::string>& rules);

}  // namespace vitrine::quarantine
