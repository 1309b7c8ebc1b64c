// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/mapped_file.h"
#include "base/result.h"
#include "cli/walker.h"

namespace vitrine::cli {

// The bytes of one walk item, which must be a file or standard input. Standard
// input that is a pipe is spooled into a file without a name if it is large.
class Input {
 public:
  // The bytes live as long as this object and `buffer`, unchanged; `buffer` is
  // there to be used again for the next input.
  static Result<Input> Open(const WalkItem& item, ByteVector& buffer);

  Bytes bytes() const { return file_ ? file_->bytes() : bytes_; }
  unsigned owner() const { return owner_; }
  // Whether the file changed while it was looked at.
  bool damaged() const { return file_ && file_->damaged(); }

 private:
  static Result<Input> FromFile(UniqueFd descriptor, ByteVector& buffer);
  static Result<Input> FromPipe(int descriptor, ByteVector& buffer);

  std::optional<MappedFile> file_;
  Bytes bytes_;
  unsigned owner_ = 0;
};

}  // namespace vitrine::cli
