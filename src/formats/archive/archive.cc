// SPDX-License-Identifier: Apache-2.0
#include "formats/archive/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/byte_reader.h"
#include "formats/archive/limits.h"
#include "formats/archive/rar5.h"
#include "formats/codec/output.h"

namespace vitrine::archive {
namespace {

using Enable = int (*)(::archive*);

struct Format {
  FileType type;
  std::array<Enable, 2> enable;
  std::string_view encrypted_alert;
  // The members' bytes lie in the archive as they are.
  bool stored;
  // After an error inside a member nothing more is asked of the library: going
  // on to the next CAB member after that follows a null pointer in 3.6.
  bool fragile = false;
};

int EnableRpm(::archive* reader) {
  archive_read_support_filter_rpm(reader);
  return archive_read_support_format_raw(reader);
}

constexpr Format kFormats[] = {
    {FileType::kOLD_TAR, {archive_read_support_format_tar}, "", true},
    {FileType::kPOSIX_TAR, {archive_read_support_format_tar}, "", true},
    {FileType::kCPIO_OLD, {archive_read_support_format_cpio}, "", true},
    {FileType::kCPIO_ODC, {archive_read_support_format_cpio}, "", true},
    {FileType::kCPIO_NEWC, {archive_read_support_format_cpio}, "", true},
    {FileType::kCPIO_CRC, {archive_read_support_format_cpio}, "", true},
    {FileType::kAR, {archive_read_support_format_ar}, "", true},
    {FileType::kISO9660, {archive_read_support_format_iso9660}, "", true},
    {FileType::kRPM, {EnableRpm}, "", true},
    {FileType::kXAR, {archive_read_support_format_xar}, "", false},
    {FileType::kMSCAB, {archive_read_support_format_cab}, "", false, true},
    {FileType::kCABSFX, {archive_read_support_format_cab}, "", false, true},
    {FileType::kLHA_LZH, {archive_read_support_format_lha}, "", false},
    {FileType::k7Z,
     {archive_read_support_format_7zip},
     "Heuristics.Encrypted.7Zip",
     false},
    {FileType::k7ZSFX,
     {archive_read_support_format_7zip},
     "Heuristics.Encrypted.7Zip",
     false},
    {FileType::kRAR,
     {archive_read_support_format_rar, archive_read_support_format_rar5},
     "Heuristics.Encrypted.RAR",
     false},
    {FileType::kRARSFX,
     {archive_read_support_format_rar, archive_read_support_format_rar5},
     "Heuristics.Encrypted.RAR",
     false},
};

const Format* FormatOf(FileType type) {
  const auto* found =
      std::find_if(std::begin(kFormats), std::end(kFormats),
                   [&](const Format& format) { return format.type == type; });
  return found == std::end(kFormats) ? nullptr : found;
}

struct Closer {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};

class Unpacker {
 public:
  Unpacker(const Format& format, Bytes bytes, Deadline deadline,
           MemberSink& sink)
      : format_(format),
        bytes_(bytes),
        deadline_(deadline),
        sink_(sink),
        rar5_(FindRar5Encryption(bytes)),
        reader_(archive_read_new()),
        discard_left_(std::clamp(kDiscardRatio * uint64_t{bytes.size()},
                                 kDiscardLeast, kDiscardMost)) {}

  Status Run() {
    if (reader_ == nullptr) return Error{Code::kLimit, "out of memory"};
    if (!Has7zHeader()) {
      sink_.OnSkipped("", "truncated");
      return Ok();
    }
    for (const Enable enable : format_.enable) {
      if (enable != nullptr) enable(reader_.get());
    }
    if (archive_read_open_memory(reader_.get(), bytes_.data(), bytes_.size()) !=
        ARCHIVE_OK) {
      return Error{Code::kInvalid, "not an archive of this type"};
    }
    if (rar5_.headers) {
      ReportEncrypted("");
      return Ok();
    }
    for (int retries = 0; retries < kRetriesMax;) {
      if (deadline_.Passed()) return Late();
      archive_entry* entry = nullptr;
      const int result = archive_read_next_header(reader_.get(), &entry);
      if (result == ARCHIVE_EOF) return Ok();
      if (result == ARCHIVE_FATAL) return HeaderFailed();
      if (result == ARCHIVE_RETRY) {
        ++retries;
        sink_.OnSkipped("", Reason());
        continue;
      }
      retries = 0;
      if (position_ == kEntriesMax) {
        sink_.OnSkipped("", "max-members");
        return Ok();
      }
      ++position_;
      if (Entry(entry) == Continue::kStop) break;
    }
    return late_ ? Late() : Ok();
  }

 private:
  static Status Late() {
    return Error{Code::kDeadline, "time ran out while unpacking"};
  }

  // A 7z file has its directory at its end. The library would try to get as
  // much memory as a size that ends after the file says.
  bool Has7zHeader() const {
    constexpr std::string_view kSignature = "7z\xbc\xaf\x27\x1c";
    if (!AsText(bytes_).starts_with(kSignature)) return true;
    const ByteReader reader(bytes_);
    const auto offset = reader.U64(12);
    const auto size = reader.U64(20);
    return bytes_.size() >= 32 && offset && size &&
           *offset <= bytes_.size() - 32 &&
           *size <= bytes_.size() - 32 - *offset;
  }

  // What the library's last error means to us.
  std::string_view Reason() const {
    const char* text = archive_error_string(reader_.get());
    const std::string_view message = text == nullptr ? "" : text;
    if (message.find("runcated") != std::string_view::npos ||
        message.find("nexpected end") != std::string_view::npos) {
      return "truncated";
    }
    return "damaged";
  }

  Status HeaderFailed() {
    if (archive_read_has_encrypted_entries(reader_.get()) == 1) {
      ReportEncrypted("");
      return Ok();
    }
    if (position_ == 0 && archive_format(reader_.get()) == 0) {
      return Error{Code::kInvalid, "not an archive of this type"};
    }
    sink_.OnSkipped("", Reason());
    return Ok();
  }

  void ReportEncrypted(const std::string& name) {
    sink_.OnSkipped(name, "encrypted");
    if (!std::exchange(told_encrypted_, true) &&
        !format_.encrypted_alert.empty()) {
      sink_.OnHeuristic(format_.encrypted_alert);
    }
  }

  static std::string NameOf(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) return "";
    return std::string(std::string_view(name).substr(0, kNameMax));
  }

  Continue Entry(archive_entry* entry) {
    const auto kind = archive_entry_filetype(entry);
    if (kind != 0 && kind != AE_IFREG) return Continue::kYes;
    Member member;
    member.name = NameOf(entry);
    member.position = position_;
    member.encrypted =
        archive_entry_is_encrypted(entry) != 0 ||
        (position_ <= rar5_.files.size() && rar5_.files[position_ - 1]);
    if (archive_entry_size_is_set(entry)) {
      member.size = static_cast<uint64_t>(
          std::max<int64_t>(archive_entry_size(entry), 0));
      if (format_.stored) member.packed_size = member.size;
    }
    // A second name for a file that was there before.
    if (member.size == 0 && archive_entry_hardlink(entry) != nullptr) {
      return Continue::kYes;
    }
    const uint64_t allowance = sink_.Allowance(member);
    if (member.encrypted) {
      ReportEncrypted(member.name);
      return Continue::kYes;
    }
    return allowance == 0 ? Discard() : Read(member, allowance);
  }

  // Whether `block` is a part of the archive itself, which outlives the call.
  bool IsOurs(Bytes block) const {
    return block.data() >= bytes_.data() &&
           block.data() + block.size() <= bytes_.data() + bytes_.size();
  }

  enum class Block : uint8_t { kData, kEnd, kBad };

  Block Next(Bytes& block, uint64_t& offset) {
    const void* data = nullptr;
    size_t size = 0;
    int64_t at = 0;
    const int result =
        archive_read_data_block(reader_.get(), &data, &size, &at);
    if (result == ARCHIVE_EOF) return Block::kEnd;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Block::kBad;
    // A damaged header can make it warn and stand still for ever.
    idle_ = size == 0 ? idle_ + 1 : 0;
    if (idle_ > kRetriesMax) return Block::kBad;
    block = {static_cast<const uint8_t*>(data), size};
    offset = static_cast<uint64_t>(std::max<int64_t>(at, 0));
    return Block::kData;
  }

  Continue Read(const Member& member, uint64_t allowance) {
    codec::Output out(allowance);
    Bytes only;  // The one block so far, not copied yet.
    bool whole = true;
    bool more = true;
    broken_ = false;
    Bytes block;
    uint64_t offset = 0;
    while (more) {
      late_ = deadline_.Passed();
      if (late_) break;
      const Block next = Next(block, offset);
      if (next == Block::kBad) {
        if (archive_read_has_encrypted_entries(reader_.get()) == 1) {
          ReportEncrypted(member.name);
        } else {
          sink_.OnSkipped(member.name, Reason());
        }
        broken_ = true;
      }
      if (next != Block::kData) {
        whole = next == Block::kEnd;
        break;
      }
      if (block.empty()) continue;
      if (out.size() == 0 && only.empty() && offset == 0 && IsOurs(block)) {
        only = block;
        continue;
      }
      more =
          Append(std::exchange(only, {}), 0, out) && Append(block, offset, out);
    }
    Bytes made = only.empty() ? out.bytes() : Clip(only, 0, allowance);
    whole = whole && !late_ && more && made.size() >= only.size();
    if (out.out_of_memory()) sink_.OnSkipped(member.name, "memory-limit");
    if (whole || !made.empty()) {
      if (sink_.OnMember(member, made, whole) == Continue::kStop) {
        return Continue::kStop;
      }
    }
    if (late_) return Continue::kStop;
    if (broken_) return AfterError();
    return whole && more ? Continue::kYes : Discard();
  }

  Continue AfterError() {
    broken_ = false;
    if (!format_.fragile) return Continue::kYes;
    sink_.OnSkipped("", "damaged");  // All that is left.
    return Continue::kStop;
  }

  // False when the output is full. Holes of sparse files become zeros.
  static bool Append(Bytes block, uint64_t offset, codec::Output& out) {
    static constexpr std::array<uint8_t, 4096> kZeros = {};
    while (offset > out.size()) {
      const uint64_t hole =
          std::min<uint64_t>(offset - out.size(), kZeros.size());
      if (!out.Append(Bytes(kZeros).first(hole))) return false;
    }
    return out.Append(block);
  }

  // Reads to the end of the member by hand: left to the library, a solid
  // archive would be unpacked there to any length.
  Continue Discard() {
    if (format_.stored) return Continue::kYes;  // There it is only a seek.
    Bytes block;
    uint64_t offset = 0;
    for (;;) {
      const Block next = Next(block, offset);
      if (next == Block::kBad) return AfterError();
      if (next == Block::kEnd) return Continue::kYes;
      if (block.size() > discard_left_) {
        sink_.OnSkipped("", "work-limit");
        return Continue::kStop;
      }
      discard_left_ -= block.size();
      late_ = deadline_.Passed();
      if (late_) return Continue::kStop;
    }
  }

  const Format& format_;
  Bytes bytes_;
  Deadline deadline_;
  MemberSink& sink_;
  Rar5Encryption rar5_;
  std::unique_ptr<::archive, Closer> reader_;
  uint64_t position_ = 0;
  uint64_t discard_left_;
  int idle_ = 0;  // Reads in a row that gave nothing.
  bool late_ = false;
  bool broken_ = false;
  bool told_encrypted_ = false;
};

}  // namespace

bool CanUnpack(FileType type) { return FormatOf(type) != nullptr; }

Status Unpack(FileType type, Bytes bytes, Deadline deadline, MemberSink& sink) {
  const Format* format = FormatOf(type);
  if (format == nullptr) return Error{Code::kInvalid, "not an archive"};
  return Unpacker(*format, bytes, deadline, sink).Run();
}

}  // namespace vitrine::archive
