// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tuf/client.h"

namespace vitrine::tuf {

// A folder of trusted metadata. One process at a time writes it; a power cut
// leaves each file old or new.
class FileStore : public Store {
 public:
  // `folder` must exist.
  explicit FileStore(std::string folder) : folder_(std::move(folder)) {}

  Result<ByteVector> Load(const std::string& name, size_t size_max) override;
  Status Save(const std::string& name, Bytes file) override;
  Status Remove(const std::string& name) override;

 private:
  std::string folder_;
};

}  // namespace vitrine::tuf
