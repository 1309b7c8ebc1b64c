// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/atomic_file.h"
#include "cli/commands.h"
#include "cli/number.h"
#include "cli/rule_source.h"

namespace vitrine::cli {
namespace {

Status Compile(const CompileArguments& arguments) {
  const auto settings = TRY(ReadSettings(arguments.rules));
  auto image = TRY(CompileRules(LoadRules(arguments.rules, settings)));
  // What is written will open: an image that we ourselves refuse stays here.
  const auto database = TRY(engine::vdb::Database::FromBytes(std::move(image)));
  TRY(WriteFileAtomically(arguments.output, database->image()));
  uint64_t hashes = 0;
  for (const auto& table : database->hash_tables()) {
    hashes += table.entries.count;
  }
  std::printf("%s: %s, %s, %s\n", arguments.output.c_str(),
              Counted(database->rules().size(), "rule").c_str(),
              Counted(hashes, "hash").c_str(),
              ReadableSize(database->size()).c_str());
  return Ok();
}

}  // namespace

int RunCompile(const CompileArguments& arguments) {
  const Status status = Compile(arguments);
  if (status.ok()) return 0;
  Complain(status.error().message);
  return 2;
}

}  // namespace vitrine::cli
