// SPDX-License-Identifier: Apache-2.0
#include "quarantine/attributes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include "base/file_time.h"
#include "quarantine/limits.h"

namespace vitrine::quarantine {
namespace {

timespec TimeOf(int64_t ns) {
  // Whole seconds round down, before 1970 too.
  int64_t seconds = ns / 1'000'000'000;
  int64_t rest = ns % 1'000'000'000;
  if (rest < 0) {
    rest += 1'000'000'000;
    --seconds;
  }
  timespec time;
  time.tv_sec = seconds;
  time.tv_nsec = rest;
  return time;
}

// The names, each ended by a NUL; empty where there are none or no such thing.
std::string AttributeNames(int file, bool& cut) {
  std::string names(XATTR_LIST_MAX, '\0');
  const ssize_t size = flistxattr(file, names.data(), names.size());
  if (size < 0) {
    cut = errno != ENOTSUP;
    return {};
  }
  names.resize(static_cast<size_t>(size));
  return names;
}

void ReadAttributes(int file, Metadata& metadata) {
  const std::string names = AttributeNames(file, metadata.attributes_cut);
  size_t bytes = 0;
  for (size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    ByteVector value(XATTR_SIZE_MAX);
    const ssize_t size =
        fgetxattr(file, name.c_str(), value.data(), value.size());
    if (size < 0) {
      // Gone meanwhile, or not for us to see.
      if (errno != ENODATA) metadata.attributes_cut = true;
      continue;
    }
    value.resize(static_cast<size_t>(size));
    bytes += name.size() + value.size();
    if (metadata.attributes.size() == kAttributesMax ||
        bytes > kAttributeBytesMax) {
      metadata.attributes_cut = true;
      return;
    }
    metadata.attributes.push_back({name, std::move(value)});
  }
}

}  // namespace

Result<Metadata> DescribeFile(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) return FromErrno("looking at a file");
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::kInvalid, "not a regular file"};
  }
  Metadata metadata;
  metadata.identity = TRY(IdentityOf(file));
  metadata.mode = status.st_mode;
  metadata.uid = status.st_uid;
  metadata.gid = status.st_gid;
  metadata.links = status.st_nlink;
  metadata.accessed_ns = FileTimeNs(status.st_atim);
  ReadAttributes(file, metadata);
  return metadata;
}

Result<std::vector<std::string>> GiveAttributes(int file,
                                                const Metadata& metadata) {
  // Owner first: it takes set-user-id bits and capabilities away.
  if (fchown(file, metadata.uid, metadata.gid) != 0) {
    return FromErrno("giving a file its owner back");
  }
  if (fchmod(file, metadata.mode & 07777) != 0) {
    return FromErrno("giving a file its mode back");
  }
  std::vector<std::string> refused;
  for (const Attribute& attribute : metadata.attributes) {
    if (fsetxattr(file, attribute.name.c_str(), attribute.value.data(),
                  attribute.value.size(), 0) != 0) {
      refused.push_back(attribute.name);
    }
  }
  const timespec times[2] = {TimeOf(metadata.accessed_ns),
                             TimeOf(metadata.identity.modified_ns)};
  if (futimens(file, times) != 0) {
    return FromErrno("giving a file its times back");
  }
  return refused;
}

}  // namespace vitrine::quarantine
