// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sandbox/testcases/attempt.h"

// The sandboxee's half of the tests' conversation.
namespace vitrine::sandbox {

// One message on the channel.
bool Send(std::string_view text);

// Waits for a message with the two descriptors of Handed; without: -1 each.
Handed ReceiveHanded();

// What a verb says; the exit status.
int DoVerb(std::string_view verb);

}  // namespace vitrine::sandbox
