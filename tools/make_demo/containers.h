// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// The simplest correct containers: nothing is compressed, so that no library
// is needed to make a sample.
namespace vitrine::samples {

struct Member {
  std::string name;
  std::string bytes;
  std::string password = {};  // Zip only: encrypts the bytes, as PKZIP did.
};

std::string Zip(const std::vector<Member>& members);
std::string Tar(const std::vector<Member>& members);
// A gzip file of one deflate stream of stored blocks.
std::string Gzip(const std::string& bytes);

uint32_t Crc32(const std::string& bytes);

}  // namespace vitrine::samples
