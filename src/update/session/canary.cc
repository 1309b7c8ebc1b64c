// SPDX-License-Identifier: Apache-2.0
#include "update/session/canary.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <iterator>

#include "base/own_program.h"
#include "base/unique_fd.h"
#include "scan/scanner_pool.h"
#include "update/accept/refusal.h"
#include "update/session/limits.h"
#include "wire/settings.h"

namespace vitrine::update {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemFiles[] = {
    "/bin/sh",
    "/bin/bash",
    "/bin/ls",
    "/usr/bin/env",
    "/usr/bin/python3",
    "/usr/bin/perl",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/etc/passwd",
    "/etc/os-release",
    "/usr/share/common-licenses/GPL-3",
};

void AddFolder(const std::string& folder, std::vector<std::string>& files) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end;
       !error && at != end && files.size() <= kKnownGoodMax;
       at.increment(error)) {
    std::error_code unknown;
    if (!at->is_directory(unknown)) files.push_back(at->path());
  }
}

}  // namespace

std::vector<std::string> KnownGoodFiles(const std::string& folder) {
  std::vector<std::string> files(std::begin(kSystemFiles),
                                 std::end(kSystemFiles));
  files.push_back(OwnProgram());
  files.push_back(FindOurProgram("vitrine-scanner"));
  AddFolder(folder, files);
  return files;
}

Result<Tried> TryDatabase(int database, const std::string& scanner,
                          const std::vector<std::string>& files) {
  scan::PoolOptions options;
  options.program = scanner;
  options.standbys = 0;
  const auto settings = TRY(wire::EncodeSettings({}));
  auto pool = scan::ScannerPool::Create(options, {database, settings});
  if (!pool.ok()) {
    if (pool.error().code != Code::kInvalid) return pool.error();
    return Refused(Rule::kContent, "the scanners will not open the database: " +
                                       pool.error().message);
  }
  const Deadline deadline = Deadline::After(kCanaryTime);
  Tried tried;
  for (const std::string& path : files) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file && errno == ENOENT) continue;
    struct stat facts;
    if (tried.scanned == kKnownGoodMax || !file ||
        fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        static_cast<uint64_t>(facts.st_size) > kKnownGoodSizeMax) {
      tried.passed_over.push_back(path);
      continue;
    }
    scan::Request request;
    request.deadline = deadline;
    request.path = path;
    const scan::Outcome outcome = pool.value()->Scan(file.get(), request);
    if (outcome.verdict == Verdict::kFound) {
      return Refused(Rule::kContent, "it finds " + outcome.first_alert +
                                         " in " + path +
                                         ", which is known to be good");
    }
    if (outcome.reason != scan::Reason::kAnswered) {
      return Refused(Rule::kContent,
                     "no scan of " + path + " with it: " +
                         std::string(scan::ReasonWord(outcome.reason)));
    }
    ++tried.scanned;
  }
  return tried;
}

}  // namespace vitrine::update
