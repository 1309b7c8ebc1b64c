// SPDX-License-Identifier: Apache-2.0
// Reads nothing of what its parent says, and posts the letters in the file
// PROGRAM.letters: one a line, its text, and its body behind a tab. Then it
// waits to be ended. Who wants other letters copies the program.
#include <poll.h>

#include <algorithm>

#include "base/own_program.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "sandbox/confine.h"
#include "wire/letter.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

constexpr size_t kLettersSizeMax = size_t{64} << 20;

Status Run() {
  const wire::Channel parent{UniqueFd(sandbox::kChannel)};
  const std::string letters =
      TRY(ReadTextFile(OwnProgram() + ".letters", kLettersSizeMax));
  for (const std::string_view line : Split(letters, '\n')) {
    if (line.empty()) continue;
    const size_t tab = std::min(line.find('\t'), line.size());
    const std::string_view body = line.substr(std::min(tab + 1, line.size()));
    TRY(wire::Post(parent, line.substr(0, tab), AsBytes(body)));
  }
  poll(nullptr, 0, -1);
  return Ok();
}

}  // namespace

int main() { return Run().ok() ? 0 : 1; }
