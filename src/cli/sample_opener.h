// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "cli/walker.h"

namespace vitrine::cli {

// A walk item as a scanner gets it.
struct Sample {
  UniqueFd descriptor;  // A regular file; read from its beginning.
  std::string owner;    // Name of the user it belongs to, or the number.
};

// Opens walk items that are a file or standard input. Standard input that is a
// pipe is spooled: in memory if it is small, else into a file without a name.
// Reads no byte of other samples. Thread-compatible.
class SampleOpener {
 public:
  Result<Sample> Open(const WalkItem& item);

 private:
  const std::string& OwnerName(unsigned owner);

  // A look-up reads /etc/passwd; files of one owner come in rows.
  std::map<unsigned, std::string> owner_names_;
};

}  // namespace vitrine::cli
