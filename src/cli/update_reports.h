// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

#include "update/state/kept_proof.h"
#include "update/state/state.h"

// What people and other programs hear of updates.
namespace vitrine::cli {

// Text of several lines, control characters other than line feeds spelled out.
std::string PrintableLines(std::string_view text);

// What was verified of a database, by whom, and how others check it.
std::string ProofReport(const update::KeptDatabase& database,
                        const update::KeptProof& proof);

// "" or why the database in use may be too old at `now`: from the third day on
// since witnesses last said that we have seen the newest log, and louder from
// the seventh on.
std::string DatabaseAlarm(const std::string& root, std::time_t now);

enum class UpdateNews : uint8_t { kTaken, kRefused, kAlert };
// An event of it.
void RecordUpdate(const std::string& root, UpdateNews news,
                  const std::string& text);

// Has guard and doorman take the database in use; they may not run.
void TellPrograms(const std::string& root);

}  // namespace vitrine::cli
