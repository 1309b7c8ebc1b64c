// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "sandbox/cage_report.h"

namespace vitrine::sandbox {

// Where a sandboxee finds its channel, and its error output.
inline constexpr int kChannel = 3;
inline constexpr int kErrorOutput = 2;

struct Policy {
  // Descriptors that stay open besides 0, 1, 2 and kChannel. They can be read
  // and mapped from then on, whatever they are: hand in nothing but regular
  // files and memory files, opened for reading.
  std::vector<int> keep;
};

// Shuts the cage behind the calling process: the sandboxee's own half, called
// once in main() by a program that Launch() started, with one thread, before
// the first untrusted byte, and after everything that needs files, threads or
// other system calls:
//
//  - libraries are loaded and bound (no dlopen() afterwards: also none behind
//    iconv_open(), getpwnam(), libmagic or OpenSSL's providers);
//  - tables, databases and codecs are warm;
//  - MappedFile's handler for SIGBUS may be set later, but its trimming thread
//    cannot be started: map with MappedFile::Trim::kNever.
//
// Afterwards the process can read descriptors that it holds or is sent on
// kChannel, map them (never executable), get memory, tell the time, get random
// bytes, send on kChannel, and end. Anything else kills it at once. The table
// of calls with the reason for each: filter_table.cc, as text:
// testdata/scanner.txt. The time zone is UTC.
//
// On success: the rows from Layer::kRoot on. A layer that the kernel does not
// have is absent in it, and the cage stands without it; whether that is enough
// is the caller's policy. On an error the process is half confined and must
// exit at once: kUnavailable, the executor has gone; kInvalid, a descriptor of
// `keep` is not open; kInternal, anything else.
Result<CageReport> Confine(const Policy& policy);

}  // namespace vitrine::sandbox
