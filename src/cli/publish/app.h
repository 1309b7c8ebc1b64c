// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vitrine::cli::publish {

// All of vitrine-publish: reads the command line and does what it says.
int RunPublish(int argc, const char* const* argv);

}  // namespace vitrine::cli::publish
