// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/commands.h"
#include "engine/clamav/clamav.h"
#include "engine/vdb/format.h"

namespace vitrine::cli {

int RunVersion(const VersionArguments&) {
  std::printf(
      "vitrine %s\n"
      "  compiled databases: version %u\n"
      "  ClamAV signatures:  functionality level %u\n"
      "  YARA rules:         language of 4.5\n",
      VITRINE_VERSION, engine::vdb::kVersion,
      engine::clamav::kFunctionalityLevel);
  return 0;
}

}  // namespace vitrine::cli
