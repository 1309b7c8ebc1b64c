// SPDX-License-Identifier: Apache-2.0
#include "update/session/canary.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

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
       !error && at != end && files.size() < kKnownGoodMax;
       at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(at->path());
  }
}

}  // namespace

std::vector<std::string> KnownGoodFiles(const std::string& folder) {
  std::vector<std::string> files;
  AddFolder(folder, files);
  for (const char* file : kSystemFiles) files.emplace_back(file);
  files.push_back(OwnProgram());
  files.push_back(FindOurProgram("vitrine-scanner"));
  return files;
}

Result<size_t> TryDatabase(int database, const std::string& scanner,
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
  size_t scanned = 0;
  for (const std::string& path : files) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts;
    if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        static_cast<uint64_t>(facts.st_size) > kKnownGoodSizeMax) {
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
    ++scanned;
  }
  return scanned;
}

}  // namespace vitrine::update
