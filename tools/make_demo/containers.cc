// SPDX-License-Identifier: Apache-2.0
#include "make_demo/containers.h"

#include <algorithm>

namespace vitrine::samples {
namespace {

void Put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xff);
  }
}

uint32_t CrcStep(uint32_t crc, unsigned char byte) {
  crc ^= byte;
  for (int i = 0; i < 8; ++i) {
    crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return crc;
}

// APPNOTE 6.1: the traditional encryption, with its header of 12 bytes.
class ZipCipher {
 public:
  explicit ZipCipher(const std::string& password) {
    for (const char c : password) Update(static_cast<unsigned char>(c));
  }

  std::string Encrypt(const std::string& plain) {
    std::string out;
    for (const char c : plain) {
      const auto byte = static_cast<unsigned char>(c);
      const uint32_t seed = keys_[2] | 2;
      out += static_cast<char>(byte ^ ((seed * (seed ^ 1)) >> 8 & 0xff));
      Update(byte);
    }
    return out;
  }

 private:
  void Update(unsigned char byte) {
    keys_[0] = CrcStep(keys_[0], byte);
    keys_[1] = (keys_[1] + (keys_[0] & 0xff)) * 134775813 + 1;
    keys_[2] = CrcStep(keys_[2], static_cast<unsigned char>(keys_[1] >> 24));
  }

  uint32_t keys_[3] = {0x12345678, 0x23456789, 0x34567890};
};

std::string StoredBytes(const Member& member) {
  if (member.password.empty()) return member.bytes;
  // Eleven bytes that should be random, and one to check the password by.
  std::string header(11, 'v');
  header += static_cast<char>(Crc32(member.bytes) >> 24);
  return ZipCipher(member.password).Encrypt(header + member.bytes);
}

// The fields that local header and directory entry share (APPNOTE 4.3.7).
std::string ZipFields(const Member& member) {
  const bool encrypted = !member.password.empty();
  std::string out;
  Put(out, 20, 2);                 // Version needed.
  Put(out, encrypted ? 1 : 0, 2);  // Flags.
  Put(out, 0, 2);                  // Stored.
  Put(out, 0, 2);                  // Time
  Put(out, 0x21, 2);               // and date: 1 January 1980.
  Put(out, Crc32(member.bytes), 4);
  Put(out, member.bytes.size() + (encrypted ? 12 : 0), 4);
  Put(out, member.bytes.size(), 4);
  Put(out, member.name.size(), 2);
  Put(out, 0, 2);  // No extra field.
  return out;
}

std::string Octal(uint64_t value, size_t width) {
  std::string text(width - 1, '0');
  for (size_t i = text.size(); i-- > 0; value >>= 3) {
    text[i] = static_cast<char>('0' + (value & 7));
  }
  return text + '\0';
}

std::string TarHeader(const Member& member) {
  std::string header = member.name;
  header.resize(100);
  header += Octal(0644, 8) + Octal(0, 8) + Octal(0, 8);
  header += Octal(member.bytes.size(), 12) + Octal(0, 12);
  const size_t checksum_at = header.size();
  header += "        0";
  header.resize(257);
  header += std::string("ustar\0", 6) + "00";
  header.resize(512);
  uint64_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  const std::string checksum = Octal(sum, 7);
  std::copy(checksum.begin(), checksum.end(),
            header.begin() + static_cast<long>(checksum_at));
  return header;
}

}  // namespace

uint32_t Crc32(const std::string& bytes) {
  uint32_t crc = 0xffffffff;
  for (const char c : bytes) crc = CrcStep(crc, static_cast<unsigned char>(c));
  return ~crc;
}

std::string Zip(const std::vector<Member>& members) {
  std::string out;
  std::string directory;
  for (const Member& member : members) {
    directory += "PK\x01\x02";
    Put(directory, 20, 2);  // Made by.
    directory += ZipFields(member);
    Put(directory, 0, 2);           // No comment,
    Put(directory, 0, 2);           // disk 0,
    Put(directory, 0, 2);           // no attributes inside
    Put(directory, 0, 4);           // or outside.
    Put(directory, out.size(), 4);  // Where its local header is.
    directory += member.name;
    out += "PK\x03\x04" + ZipFields(member) + member.name;
    out += StoredBytes(member);
  }
  const size_t start = out.size();
  out += directory + "PK\x05\x06";
  Put(out, 0, 4);
  Put(out, members.size(), 2);
  Put(out, members.size(), 2);
  Put(out, directory.size(), 4);
  Put(out, start, 4);
  Put(out, 0, 2);
  return out;
}

std::string Tar(const std::vector<Member>& members) {
  std::string out;
  for (const Member& member : members) {
    out += TarHeader(member) + member.bytes;
    out.resize((out.size() + 511) / 512 * 512);
  }
  return out + std::string(1024, '\0');
}

std::string Gzip(const std::string& bytes) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  constexpr size_t kBlock = 0xffff;
  size_t at = 0;
  do {
    const size_t size = std::min(kBlock, bytes.size() - at);
    Put(out, at + size == bytes.size() ? 1 : 0, 1);
    Put(out, size, 2);
    Put(out, ~size & 0xffff, 2);
    out += bytes.substr(at, size);
    at += size;
  } while (at < bytes.size());
  Put(out, Crc32(bytes), 4);
  Put(out, bytes.size() & 0xffffffff, 4);
  return out;
}

}  // namespace vitrine::samples
