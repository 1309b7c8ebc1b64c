// SPDX-License-Identifier: Apache-2.0
#include "cli/guard_socket.h"

#include "config/paths.h"
#include "control/client.h"
#include "wire/guard_status.h"

namespace vitrine::cli {
namespace {

// For one piece of the answer; changing the database takes longest.
constexpr std::chrono::milliseconds kPatience{30'000};

}  // namespace

Result<std::string> AskGuard(const std::string& root,
                             const std::string& request) {
  return control::Ask(config::Paths(root).GuardSocket(), request, "guard",
                      kPatience, wire::kStatusBytesMax);
}

Result<std::string> AskTasker(const std::string& root,
                              const std::string& request) {
  return control::Ask(config::Paths(root).TaskerSocket(), request, "tasker",
                      kPatience, wire::kStatusBytesMax);
}

}  // namespace vitrine::cli
