// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// A tar archive (POSIX ustar) in the one spelling that its files and names
// allow: plain files by rising name, mode 0644, no owner, time 0. Sources of a
// release and bundles are such. Pure. GNU tar writes the same bytes:
//   LC_ALL=C sort NAMES | tar --format=ustar --no-recursion -b1 --mode=0644
//     --mtime=@0 --owner=0 --group=0 --numeric-owner -T- -cf ARCHIVE
namespace vitrine::update {

struct ArchiveMember {
  std::string name;
  Bytes bytes;
};

// A relative path of printable parts, none of them empty, "." or "..", that
// fits the header.
bool IsArchiveName(std::string_view name);

class ArchiveWriter {
 public:
  // kInvalid for a name that is none or does not come after the one before;
  // kLimit beyond limits.h.
  Status Add(std::string_view name, Bytes bytes);
  // The archive. Nothing can be added afterwards.
  ByteVector Finish();

 private:
  ByteVector out_;
  std::string last_;
  size_t members_ = 0;
};

// The files of an archive; their bytes are views of it. kInvalid for every byte
// that ArchiveWriter would not have written.
Result<std::vector<ArchiveMember>> ReadArchive(Bytes archive);

// The file called `name`, or null.
const ArchiveMember* FindMember(const std::vector<ArchiveMember>& members,
                                std::string_view name);

}  // namespace vitrine::update
