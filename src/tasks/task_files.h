// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "config/config.h"
#include "config/paths.h"
#include "tasks/cursor.h"
#include "tasks/run.h"

// What a tasker reads of the machine and of its own folder.
namespace vitrine::tasks {

// Makes the folders of an installation that tasks need.
Status MakeTaskFolders(const config::Paths& paths);

// Holds the installation's tasks as long as it is open: two taskers would work
// on the same cursors. kUnavailable where another one does.
Result<UniqueFd> HoldTasks(const config::Paths& paths);

// What is kept of a task; as of a new one where it cannot be read.
TaskRecord ReadRecord(const TaskPlace& place);
// The run that was not ended; none where what the task looks at has changed
// since, or the file is damaged: then it begins anew.
std::optional<Cursor> ReadCursor(const TaskPlace& place,
                                 const config::TaskConfig& task);

// Of what a task looks at; not of when and how.
crypto::Sha256Digest DigestOfConfig(const config::TaskConfig& task);
// Of a file's content; follows no link.
Result<crypto::Sha256Digest> DigestOfFile(const std::string& path);
// Of the compiled database; all zeros where there is none.
Result<crypto::Sha256Digest> DigestOfDatabase(const config::Paths& paths);

// Homes by /etc/passwd, and what lies in /home and /root.
std::vector<std::string> HomesOfMachine();

// Another one after each start of the machine; empty where it cannot be had.
std::string BootId();

}  // namespace vitrine::tasks
