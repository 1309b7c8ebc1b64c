// SPDX-License-Identifier: Apache-2.0
// The person's tool: wires the command line to its commands.
#include <variant>

#include "cli/arguments.h"
#include "cli/commands.h"

namespace {

using namespace vitrine::cli;  // NOLINT(google-build-using-namespace): a main.

struct Dispatch {
  int operator()(const Done& a) const { return RunDone(a); }
  int operator()(const ScanArguments& a) const { return RunScan(a); }
  int operator()(const CheckArguments& a) const { return RunCheck(a); }
  int operator()(const CompileArguments& a) const { return RunCompile(a); }
  int operator()(const InfoArguments& a) const { return RunInfo(a); }
  int operator()(const ExplainArguments& a) const { return RunExplain(a); }
  int operator()(const StatusArguments& a) const { return RunStatus(a); }
  int operator()(const GuardArguments& a) const { return RunGuard(a); }
  int operator()(const EventsArguments& a) const { return RunEvents(a); }
  int operator()(const LedgerArguments& a) const { return RunLedger(a); }
  int operator()(const QuarantineArguments& a) const {
    return RunQuarantine(a);
  }
  int operator()(const TaskArguments& a) const { return RunTask(a); }
  int operator()(const UpdateArguments& a) const { return RunUpdate(a); }
  int operator()(const TrustArguments& a) const { return RunTrust(a); }
  int operator()(const VersionArguments& a) const { return RunVersion(a); }
};

}  // namespace

int main(int argc, char** argv) {
  return std::visit(Dispatch(), ParseArguments(argc, argv));
}
