// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "cli/outcome.h"

namespace vitrine::cli {

enum class OutputFormat : uint8_t { kText, kJsonl, kSarif };

// Turns outcomes, in the order they come, into one of the output formats. Not
// thread-safe; writes to `out`, which must outlive it.
class ReportWriter {
 public:
  virtual ~ReportWriter() = default;

  virtual void Begin() {}
  virtual void Add(const Outcome& outcome) = 0;
  virtual void End(const Summary& summary) = 0;
};

struct WriterContext {
  FILE* out = stdout;
  bool colours = false;
  std::string start_time;  // UTC, "2026-11-23T18:00:00Z"
};

std::unique_ptr<ReportWriter> MakeWriter(OutputFormat format,
                                         const WriterContext& context);

// One of them each; the table in docs/output.md describes the fields.
std::unique_ptr<ReportWriter> MakeTextWriter(const WriterContext& context);
std::unique_ptr<ReportWriter> MakeJsonlWriter(const WriterContext& context);
std::unique_ptr<ReportWriter> MakeSarifWriter(const WriterContext& context);

// "2026-11-23T18:00:00Z", now.
std::string UtcNow();

}  // namespace vitrine::cli
