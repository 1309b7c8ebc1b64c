// SPDX-License-Identifier: Apache-2.0
#include "doorman/backstage.h"

#include <cstring>

#include "doorman/backstage_messages.h"

namespace vitrine::doorman {
namespace {

Result<BackstageMessage> Ask(int channel, std::string_view question,
                             int first = -1, int second = -1) {
  if (!SendBackstage(channel, question, first, second)) {
    return Error{Code::kUnavailable, "the supervisor has gone"};
  }
  BackstageMessage answer = TRY(ReceiveBackstage(channel));
  if (answer.text.front() != 'y') {
    return Error{Code::kUnavailable, answer.text.substr(1)};
  }
  return answer;
}

}  // namespace

Result<sandbox::Sandboxee> Backstage::Launch(sandbox::LaunchOptions options) {
  const std::lock_guard lock(launch_mutex_);
  BackstageMessage answer =
      TRY(Ask(launch_.get(), "L", options.channel.get(), options.error_output));
  int32_t pid = 0;
  if (answer.text.size() < 1 + sizeof pid || !answer.files[0]) {
    return Error{Code::kUnavailable, "not a scanner"};
  }
  std::memcpy(&pid, answer.text.data() + 1, sizeof pid);
  auto report =
      TRY(sandbox::CageReport::Parse(answer.text.substr(1 + sizeof pid)));
  return sandbox::Sandboxee(pid, std::move(answer.files[0]), std::move(report));
}

Result<UniqueFd> Backstage::OpenDatabase() {
  const std::lock_guard lock(database_mutex_);
  BackstageMessage answer = TRY(Ask(database_.get(), "D"));
  if (!answer.files[0]) return Error{Code::kUnavailable, "not a database"};
  return std::move(answer.files[0]);
}

void Backstage::TellReady() {
  const std::lock_guard lock(launch_mutex_);
  (void)SendBackstage(launch_.get(), "R");
}

}  // namespace vitrine::doorman
