// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

// Files that nobody but their owner may read: private keys. Any thread.
namespace vitrine {

// Makes a new file of mode 0600 that holds `bytes` and outlasts a power cut.
// kDenied where there is something already. On an error there is no new file.
Status WritePrivateFile(const std::string& path, Bytes bytes);

// As ReadFile(); kDenied where others than the owner may read or change it: a
// key that others may read is theirs too.
Result<ByteVector> ReadPrivateFile(const std::string& path, uint64_t size_max);

}  // namespace vitrine
