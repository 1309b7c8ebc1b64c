// SPDX-License-Identifier: Apache-2.0
#include "sandbox/filter.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace vitrine::sandbox {
namespace {

struct ReleaseContext {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ReleaseContext>;

// The library's own macros are compound literals, which C++ does not have.
scmp_arg_cmp Compare(const Condition& condition) {
  scmp_arg_cmp comparison = {condition.argument, SCMP_CMP_EQ, condition.value,
                             0};
  switch (condition.test) {
    case Condition::Test::kAtMost:
      comparison.op = SCMP_CMP_LE;
      break;
    case Condition::Test::kAtLeast:
      comparison.op = SCMP_CMP_GE;
      break;
    case Condition::Test::kWithout:
      // The mask, and what must be left under it: nothing.
      comparison.op = SCMP_CMP_MASKED_EQ;
      break;
    case Condition::Test::kSelf:
      comparison.datum_a = static_cast<scmp_datum_t>(getpid());
      break;
    case Condition::Test::kNone:
    case Condition::Test::kEquals:
      break;
  }
  return comparison;
}

Result<Context> Build(const FilterTable& table) {
  Context context(seccomp_init(table.others == FilterTable::Others::kKill
                                   ? SCMP_ACT_KILL_PROCESS
                                   : SCMP_ACT_ERRNO(EPERM)));
  if (context == nullptr) return Error{Code::kUnavailable, "seccomp_init"};
  // The other two instruction sets of this processor have numbers of their own;
  // a call by them is no call that was allowed.
  int failed = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH,
                                SCMP_ACT_KILL_PROCESS);
  if (failed == 0) {
    failed = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  }
  if (failed != 0) return SystemError("seccomp_attr_set", -failed);
  if (table.others == FilterTable::Others::kRefuse) {
    // Its arguments cannot be looked at; the library takes clone then.
    failed = seccomp_rule_add_exact_array(context.get(), SCMP_ACT_ERRNO(ENOSYS),
                                          SYS_clone3, 0, nullptr);
    if (failed != 0) return SystemError("clone3", -failed);
  }
  for (const Rule& rule : table.rules) {
    scmp_arg_cmp comparisons[Rule::kConditionsMax];
    unsigned count = 0;
    for (const Condition& condition : rule.conditions) {
      if (condition.test == Condition::Test::kNone) continue;
      comparisons[count++] = Compare(condition);
    }
    failed = seccomp_rule_add_exact_array(context.get(), SCMP_ACT_ALLOW,
                                          rule.number, count, comparisons);
    if (failed != 0) return SystemError(rule.name, -failed);
  }
  return context;
}

std::string Listing(const Condition& condition) {
  const std::string argument = "arg" + std::to_string(condition.argument);
  const std::string value = std::to_string(condition.value);
  switch (condition.test) {
    case Condition::Test::kNone:
      break;
    case Condition::Test::kEquals:
      return argument + " == " + value;
    case Condition::Test::kAtMost:
      return argument + " <= " + value;
    case Condition::Test::kAtLeast:
      return argument + " >= " + value;
    case Condition::Test::kWithout:
      return argument + " & " + value + " == 0";
    case Condition::Test::kSelf:
      return argument + " == self";
  }
  return {};
}

}  // namespace

std::string FilterListing(const FilterTable& table) {
  std::string text = table.others == FilterTable::Others::kKill
                         ? "default kill_process\n"
                         : "default refuse\n";
  for (const Rule& rule : table.rules) {
    text += "allow " + std::string(rule.name);
    const char* word = " when ";
    for (const Condition& condition : rule.conditions) {
      if (condition.test == Condition::Test::kNone) continue;
      text += word + Listing(condition);
      word = " and ";
    }
    text += std::string("  # ") + rule.why + '\n';
  }
  return text;
}

Status LoadFilter(const FilterTable& table) {
  const Context context = TRY(Build(table));
  const int failed = seccomp_load(context.get());
  if (failed != 0) return SystemError("seccomp_load", -failed);
  return Ok();
}

Result<std::string> CompiledFilter(const FilterTable& table) {
  const Context context = TRY(Build(table));
  const UniqueFd file(memfd_create("filter", MFD_CLOEXEC));
  if (!file) return SystemError("memfd_create", errno);
  const int failed = seccomp_export_bpf(context.get(), file.get());
  if (failed != 0) return SystemError("seccomp_export_bpf", -failed);
  const off_t size = lseek(file.get(), 0, SEEK_END);
  if (size < 0) return SystemError("lseek", errno);
  std::string code(static_cast<size_t>(size), '\0');
  if (pread(file.get(), code.data(), code.size(), 0) != size) {
    return Error{Code::kUnavailable, "pread: cut short"};
  }
  return code;
}

}  // namespace vitrine::sandbox
