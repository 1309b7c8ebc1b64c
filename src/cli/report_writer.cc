// SPDX-License-Identifier: Apache-2.0
#include "cli/report_writer.h"

#include <ctime>

namespace vitrine::cli {

std::unique_ptr<ReportWriter> MakeWriter(OutputFormat format,
                                         const WriterContext& context) {
  switch (format) {
    case OutputFormat::kText:
      return MakeTextWriter(context);
    case OutputFormat::kJsonl:
      return MakeJsonlWriter(context);
    case OutputFormat::kSarif:
      return MakeSarifWriter(context);
  }
  return nullptr;
}

std::string UtcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  gmtime_r(&now, &parts);
  char text[32];
  const size_t size =
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

}  // namespace vitrine::cli
