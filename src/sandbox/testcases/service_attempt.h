// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <span>
#include <string>

namespace vitrine::sandbox {

// Where a service of the tests finds itself.
struct Surroundings {
  std::string inside;   // A folder of its own.
  std::string outside;  // One that is not.
  std::string secret;   // A file in that.
  pid_t parent = 0;     // The test, of the same user.
};

// Something that a taken-over service would try.
struct ServiceAttempt {
  const char* name;
  // -1 and errno: refused. Anything else: it got what it wanted.
  long (*run)(const Surroundings&);
  // The service, if one, that does this for a living.
  const char* legal_for = nullptr;
  // Works for anybody who is in no cage.
  bool works_outside = false;
};

std::span<const ServiceAttempt> ServiceAttempts();

}  // namespace vitrine::sandbox
