// SPDX-License-Identifier: Apache-2.0
// The verifier: judges one update and can do nothing else. It has no files and
// no network; it asks its parent for bytes, believes none of them, and says
// what it has proven. docs/spec/update.md has the letters.
#include <cstdio>

#include "base/unique_fd.h"
#include "sandbox/confine.h"
#include "update/verify/verifier.h"
#include "wire/letter.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

Status Run() {
  const wire::Channel parent{UniqueFd(sandbox::kChannel)};
  update::WarmUpVerifier();
#ifdef VITRINE_SANITIZED_BUILD
  const std::string cage = sandbox::CageReport().Format();
#else
  const std::string cage = TRY(sandbox::Confine({})).Format();
#endif
  // No files, no network, no processes from here on.
  TRY(wire::Post(parent, "caged", AsBytes(cage)));
  const wire::Letter letter = TRY(wire::TakeLetter(
      parent, 0, wire::Descriptors::kRefused, Deadline::Never()));
  const update::Order order = TRY(update::ParseOrder(letter.text));
  update::Office office(parent);
  const auto verdict = update::VerifyUpdate(office, order);
  if (verdict.ok()) {
    return wire::Post(parent, update::FormatVerdict(verdict.value()));
  }
  return wire::Post(parent,
                    std::string("refused ") + CodeName(verdict.error().code),
                    AsBytes(verdict.error().message));
}

}  // namespace

int main() {
  const Status status = Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "vitrine-verifier: %s\n",
               status.error().message.c_str());
  return 1;
}
