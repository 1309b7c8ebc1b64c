// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace vitrine::cli {

// One a subcommand; each returns the process's exit status and reports what
// went wrong on stderr.
int RunScan(const ScanArguments& arguments);
int RunCheck(const CheckArguments& arguments);
int RunCompile(const CompileArguments& arguments);
int RunInfo(const InfoArguments& arguments);
int RunExplain(const ExplainArguments& arguments);
int RunStatus(const StatusArguments& arguments);
int RunGuard(const GuardArguments& arguments);
int RunEvents(const EventsArguments& arguments);
int RunLedger(const LedgerArguments& arguments);
int RunQuarantine(const QuarantineArguments& arguments);
int RunTask(const TaskArguments& arguments);
int RunUpdate(const UpdateArguments& arguments);
int RunTrust(const TrustArguments& arguments);
int RunVersion(const VersionArguments& arguments);
inline int RunDone(const Done& done) { return done.status; }

}  // namespace vitrine::cli
