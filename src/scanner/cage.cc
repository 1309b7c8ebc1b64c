// SPDX-License-Identifier: Apache-2.0
#include "scanner/cage.h"

#include "sandbox/confine.h"
#include "scanner/warm_up.h"

namespace vitrine::scanner {

Result<std::string> EnterCage() {
  WarmUp();
#ifdef VITRINE_SANITIZED_BUILD
  return sandbox::CageReport().Format();
#else
  const sandbox::CageReport cage = TRY(sandbox::Confine({}));
  return cage.Format();
#endif
}

}  // namespace vitrine::scanner
