// SPDX-License-Identifier: Apache-2.0
#include "formats/unpack/unpack.h"

#include <algorithm>
#include <iterator>

#include "formats/archive/archive.h"
#include "formats/arj/arj.h"
#include "formats/codec/codec.h"
#include "formats/macho/universal.h"
#include "formats/zip/zip.h"

namespace vitrine {
namespace {

using Function = Status (*)(FileType, Bytes, const UnpackOptions&, MemberSink&);

Status UnpackZip(FileType, Bytes bytes, const UnpackOptions& options,
                 MemberSink& sink) {
  return zip::Unpack(
      bytes, {options.passwords, options.deadline, options.beyond_clamav},
      sink);
}

Status UnpackArj(FileType, Bytes bytes, const UnpackOptions& options,
                 MemberSink& sink) {
  return arj::Unpack(bytes, options.deadline, sink);
}

Status UnpackCodec(FileType type, Bytes bytes, const UnpackOptions& options,
                   MemberSink& sink) {
  return codec::Unpack(type, bytes, options.deadline, sink);
}

Status UnpackArchive(FileType type, Bytes bytes, const UnpackOptions& options,
                     MemberSink& sink) {
  return archive::Unpack(type, bytes, options.deadline, sink);
}

Status UnpackUniversal(FileType, Bytes bytes, const UnpackOptions& options,
                       MemberSink& sink) {
  return macho::Unpack(bytes, options.deadline, sink);
}

struct Unpacker {
  FileType type;
  Function function;
  bool by_clamav = true;  // ClamAV 1.4 unpacks it, too.
};

constexpr Unpacker kUnpackers[] = {
    {FileType::kZIP, UnpackZip},
    {FileType::kZIPSFX, UnpackZip},
    {FileType::kOOXML_WORD, UnpackZip},
    {FileType::kOOXML_PPT, UnpackZip},
    {FileType::kOOXML_XL, UnpackZip},
    {FileType::kOOXML_HWP, UnpackZip},
    {FileType::kARJ, UnpackArj},
    {FileType::kARJSFX, UnpackArj},
    {FileType::kMACHO_UNIBIN, UnpackUniversal},
    {FileType::kGZ, UnpackCodec},
    {FileType::kBZ, UnpackCodec},
    {FileType::kXZ, UnpackCodec},
    {FileType::kLZMA, UnpackCodec, false},
    {FileType::kZSTD, UnpackCodec, false},
    {FileType::kLZ4, UnpackCodec, false},
    {FileType::kCOMPRESS, UnpackCodec, false},
    {FileType::kMSSZDD, UnpackCodec},
    {FileType::kOLD_TAR, UnpackArchive},
    {FileType::kPOSIX_TAR, UnpackArchive},
    {FileType::kCPIO_OLD, UnpackArchive},
    {FileType::kCPIO_ODC, UnpackArchive},
    {FileType::kCPIO_NEWC, UnpackArchive},
    {FileType::kCPIO_CRC, UnpackArchive},
    {FileType::kAR, UnpackArchive, false},
    {FileType::kRPM, UnpackArchive, false},
    {FileType::kISO9660, UnpackArchive},
    {FileType::kXAR, UnpackArchive},
    {FileType::kMSCAB, UnpackArchive},
    {FileType::kCABSFX, UnpackArchive},
    {FileType::kLHA_LZH, UnpackArchive},
    {FileType::k7Z, UnpackArchive},
    {FileType::k7ZSFX, UnpackArchive},
    {FileType::kRAR, UnpackArchive},
    {FileType::kRARSFX, UnpackArchive},
};

const Unpacker* UnpackerOf(FileType type) {
  const auto* found = std::find_if(
      std::begin(kUnpackers), std::end(kUnpackers),
      [&](const Unpacker& unpacker) { return unpacker.type == type; });
  return found == std::end(kUnpackers) ? nullptr : found;
}

}  // namespace

bool CanUnpack(FileType type) { return UnpackerOf(type) != nullptr; }

Status Unpack(FileType type, Bytes bytes, const UnpackOptions& options,
              MemberSink& sink) {
  const Unpacker* unpacker = UnpackerOf(type);
  if (unpacker == nullptr) return Error{Code::kInvalid, "not a container"};
  if (!unpacker->by_clamav && !options.beyond_clamav) return Ok();
  return unpacker->function(type, bytes, options, sink);
}

}  // namespace vitrine
