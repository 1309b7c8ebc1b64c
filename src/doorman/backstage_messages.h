// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::doorman {

// A message between door and supervisor (backstage.h), and what comes with it.
struct BackstageMessage {
  static constexpr size_t kDescriptors = 2;
  // A cage report and some; a longer text is cut off.
  static constexpr size_t kTextMax = 8192;

  std::string text;
  std::array<UniqueFd, kDescriptors> files;
};

// One message. False: the other side has gone.
bool SendBackstage(int channel, std::string_view text, int first = -1,
                   int second = -1);
// Waits for one. kUnavailable: the other side has gone; kInvalid: more
// descriptors or text than there may be.
Result<BackstageMessage> ReceiveBackstage(int channel);

}  // namespace vitrine::doorman
