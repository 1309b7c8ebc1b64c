// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/zip.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "formats/codec/checksum.h"
#include "formats/zip/crypto.h"
#include "formats/zip/directory.h"
#include "formats/zip/entry.h"
#include "formats/zip/limits.h"
#include "formats/zip/method.h"

namespace vitrine::zip {
namespace {

using codec::End;

// One way to read a member's data.
struct Reading {
  const Header* header = nullptr;
  uint16_t flags = 0;
  uint64_t data = 0;
  uint64_t packed_size = 0;
  bool size_known = true;
};

std::string NameOf(const Header& header) {
  return std::string(AsText(Clip(header.name, 0, kNameMax)));
}

bool IsFolder(const Header& header) {
  return header.size == 0 && header.packed_size == 0 && !header.name.empty() &&
         header.name.back() == '/';
}

// Whether the header leaves its sizes to a descriptor behind the data.
bool IsOpen(const Header& header) {
  return (header.flags & kFlagDescriptor) != 0 && header.packed_size == 0;
}

Reading ReadBy(const Header& header, const Header& local) {
  Reading reading;
  reading.header = &header;
  // The data is encrypted or not whatever the directory says of it, and the
  // local header stands right before it.
  reading.flags = static_cast<uint16_t>((header.flags & ~kFlagEncrypted) |
                                        (local.flags & kFlagEncrypted));
  reading.data = local.data;
  reading.packed_size = header.packed_size;
  reading.size_known = !IsOpen(header);
  return reading;
}

class Unpacker {
 public:
  Unpacker(Bytes archive, const Options& options, MemberSink& sink)
      : archive_(archive), options_(options), sink_(sink) {
    const uint64_t size = archive.size();
    work_left_ = std::max(kWorkFloor, size * kWorkFactor);
  }

  Status Run() {
    const Directory directory = ReadDirectory(archive_, options_.beyond_clamav);
    has_directory_ = directory.found;
    if (directory.entries.empty() && !directory.found &&
        !ParseLocal(archive_, 0)) {
      return Error{Code::kInvalid, "no ZIP archive"};
    }
    if (!directory.found) sink_.OnSkipped("", "truncated");
    if (directory.too_many) sink_.OnSkipped("", "max-members");
    if (directory.overlaps > kOverlapsMax) {
      sink_.OnHeuristic("Heuristics.Zip.OverlappingFiles");
    }
    for (const Entry& entry : directory.entries) {
      ++position_;
      if (options_.deadline.Passed() || late_) {
        return Error{Code::kDeadline, "time ran out while unpacking"};
      }
      if (Unpack(entry) == Continue::kStop) return Ok();
    }
    if (late_) return Error{Code::kDeadline, "time ran out while unpacking"};
    return Ok();
  }

 private:
  Continue Unpack(const Entry& entry) {
    stray_ = !entry.central;
    if (!entry.local) {
      sink_.OnSkipped(NameOf(*entry.central), "damaged");
      return Continue::kYes;
    }
    const Header& local = *entry.local;
    const Reading first = ReadBy(entry.central ? *entry.central : local, local);
    bool whole = false;
    if (Read(first, whole) == Continue::kStop) return Continue::kStop;
    if (!entry.central || !options_.beyond_clamav || IsOpen(local)) {
      return Continue::kYes;
    }
    const Header& central = *entry.central;
    const bool other_method = central.method != local.method;
    // A compressed stream has its own end: a size that is merely different
    // changes nothing once it was reached.
    const bool other_size = central.packed_size != local.packed_size &&
                            !(whole && local.method != kStore);
    if (!other_method && !other_size) return Continue::kYes;
    return Read(ReadBy(local, local), whole);
  }

  // `whole`: the data was read to its end.
  Continue Read(const Reading& reading, bool& whole) {
    const Header& header = *reading.header;
    Member member;
    member.name = NameOf(header);
    member.packed_size = header.packed_size;
    member.size = header.size;
    member.crc = header.crc;
    member.position = position_;
    member.encrypted = (reading.flags & kFlagEncrypted) != 0;
    const uint64_t allowance = sink_.Allowance(member);
    if (allowance == 0 || IsFolder(header)) return Continue::kYes;

    codec::Input input;
    input.bytes = Packed(reading);
    input.allowance = allowance;
    input.expected = header.size;
    input.deadline = options_.deadline;
    if (work_left_ == 0) {
      sink_.OnSkipped(member.name, "overlapping");
      return Continue::kYes;
    }
    if (member.encrypted) return ReadEncrypted(member, reading, input, whole);
    if (!CanDecode(header.method, options_.beyond_clamav)) {
      if (!stray_ || !has_directory_) {
        sink_.OnSkipped(member.name, "unsupported-method");
      }
      return Continue::kYes;
    }
    Unpacked unpacked = Work(header.method, reading.flags, input);
    if (unpacked.end == End::kTruncated) {
      // Its size may be a lie that hides the rest of it from us: readers that
      // unpack as the bytes come in never look at it.
      codec::Input all = input;
      all.bytes =
          archive_.subspan(std::min<uint64_t>(reading.data, archive_.size()));
      if (all.bytes.size() > input.bytes.size() && work_left_ > 0) {
        unpacked = Work(header.method, reading.flags, all);
      }
    }
    if (header.method == kStore && unpacked.end == End::kWhole &&
        Missing(reading)) {
      unpacked.end = End::kTruncated;
    }
    whole = unpacked.end == End::kWhole;
    return HandOver(member, reading, unpacked);
  }

  // The member's data, as far as it is there.
  Bytes Packed(const Reading& reading) const {
    if (reading.size_known) {
      return Clip(archive_, reading.data, reading.packed_size);
    }
    const Bytes rest = Clip(archive_, reading.data, archive_.size());
    if (reading.header->method != kStore) return rest;
    // Stored and of unknown size: up to the descriptor or the next header.
    // Headers first: they keep the searches of many members from overlapping.
    uint64_t end = archive_.size();
    for (const uint32_t signature :
         {kLocalSignature, kDescriptorSignature, kCentralSignature}) {
      end = FindSignature(archive_, reading.data, end, signature).value_or(end);
    }
    return Clip(archive_, reading.data, end - reading.data);
  }

  bool Missing(const Reading& reading) const {
    return reading.size_known &&
           Clip(archive_, reading.data, reading.packed_size).size() <
               reading.packed_size;
  }

  static bool ChecksumIsRight(const Header& header, const Unpacked& unpacked) {
    return unpacked.end == End::kWhole &&
           codec::Crc32(unpacked.bytes) == header.crc;
  }

  Continue HandOver(const Member& member, const Reading& reading,
                    const Unpacked& unpacked) {
    if (unpacked.end == End::kDeadline) late_ = true;
    // Bytes that merely look like a member, next to an archive that is fine.
    const bool noise =
        stray_ && has_directory_ &&
        (unpacked.end == End::kDamaged || unpacked.end == End::kTruncated);
    if (noise && unpacked.bytes.empty()) return Continue::kYes;
    bool whole = unpacked.end == End::kWhole;
    if (!whole && unpacked.end != End::kCut && !late_) {
      sink_.OnSkipped(member.name, codec::EndName(unpacked.end));
    } else if (whole && reading.size_known &&
               !ChecksumIsRight(*reading.header, unpacked)) {
      sink_.OnSkipped(member.name, "checksum");
      whole = false;
    }
    return sink_.OnMember(member, unpacked.bytes, whole);
  }

  Continue ReadEncrypted(const Member& member, const Reading& reading,
                         const codec::Input& input, bool& whole) {
    const Header& header = *reading.header;
    const bool known = CanDecode(header.method, options_.beyond_clamav);
    if (known && input.bytes.size() >= kCryptHeader) {
      const uint64_t tries =
          std::min<uint64_t>(options_.passwords.size(), kPasswordsMax);
      for (const std::string& password : options_.passwords.first(tries)) {
        const auto plain = TryPassword(password, header, input);
        if (!plain) continue;
        codec::Input decrypted = input;
        decrypted.bytes = *plain;
        const Unpacked unpacked = Work(header.method, reading.flags, decrypted);
        const bool cut = unpacked.end == End::kCut && !unpacked.bytes.empty();
        if (!cut && !ChecksumIsRight(header, unpacked)) continue;
        whole = !cut;
        return sink_.OnMember(member, unpacked.bytes, !cut);
      }
    }
    // Android, for one, ignores the flag, and so does malware made for it.
    if (known && options_.beyond_clamav) {
      const Unpacked unpacked = Work(header.method, reading.flags, input);
      if (ChecksumIsRight(header, unpacked)) {
        whole = true;
        return sink_.OnMember(member, unpacked.bytes, true);
      }
    }
    sink_.OnSkipped(member.name, "encrypted");
    if (!std::exchange(told_encrypted_, true)) {
      sink_.OnHeuristic("Heuristics.Encrypted.Zip");
    }
    return Continue::kYes;
  }

  // The decrypted data, unless the header in front of it says that the
  // password is wrong.
  std::optional<ByteVector> TryPassword(const std::string& password,
                                        const Header& header,
                                        const codec::Input& input) {
    Cipher cipher(password);
    uint8_t check = 0;
    for (uint64_t i = 0; i < kCryptHeader; ++i) {
      check = cipher.Decrypt(input.bytes[i]);
    }
    const auto by_crc = static_cast<uint8_t>(header.crc >> 24);
    const auto by_time = static_cast<uint8_t>(header.time >> 8);
    if (check != by_crc && check != by_time) return std::nullopt;
    if (work_left_ == 0) return std::nullopt;
    return cipher.Decrypt(input.bytes.subspan(kCryptHeader));
  }

  // Decode(), counted against what all members together may read.
  Unpacked Work(uint16_t method, uint16_t flags, const codec::Input& input) {
    Unpacked unpacked = Decode(method, flags, input);
    const uint64_t read =
        unpacked.decoded ? unpacked.decoded->consumed : unpacked.bytes.size();
    work_left_ -= std::min(read, work_left_);
    return unpacked;
  }

  Bytes archive_;
  const Options& options_;
  MemberSink& sink_;
  uint64_t work_left_ = 0;
  uint64_t position_ = 0;
  bool has_directory_ = false;
  bool stray_ = false;
  bool late_ = false;
  bool told_encrypted_ = false;
};

}  // namespace

Status Unpack(Bytes archive, const Options& options, MemberSink& sink) {
  return Unpacker(archive, options, sink).Run();
}

}  // namespace vitrine::zip
