// SPDX-License-Identifier: Apache-2.0
// What files start with: from the formats' own specifications, and of mail
// headers those that ClamAV 1.4 takes for the start of a mail.
#include "formats/detect/magic_table.h"

#include <algorithm>

namespace vitrine::detect {
namespace {

using enum FileType;
using namespace std::string_view_literals;

constexpr auto kMagics = [] {
  std::array magics = {
      // Executables.
      Magic{"MZ"sv, kMSEXE},
      Magic{"\x7f"
            "ELF"sv,
            kELF},
      Magic{"\xce\xfa\xed\xfe"sv, kMACHO},
      Magic{"\xcf\xfa\xed\xfe"sv, kMACHO},
      Magic{"\xfe\xed\xfa\xce"sv, kMACHO},
      Magic{"\xfe\xed\xfa\xcf"sv, kMACHO},
      Magic{"\xca\xfe\xba\xbf\0\0\0"sv, kMACHO_UNIBIN},
      Magic{"dex\n0"sv, kDEX},
      Magic{"\x03\xf3\r\n"sv, kPYTHON_COMPILED},  // 2.7

      // Archives.
      Magic{"PK\3\4"sv, kZIP},
      Magic{"PK00PK\3\4"sv, kZIP},  // Was to be split and was not.
      Magic{"PK\7\x08PK\3\4"sv, kZIP},
      Magic{"PK\5\6"sv, kZIP},  // Without members.
      Magic{"Rar!\x1a\7\0"sv, kRAR},
      Magic{"Rar!\x1a\7\1\0"sv, kRAR},
      Magic{"7z\xbc\xaf\x27\x1c"sv, k7Z},
      Magic{"MSCF"sv, kMSCAB},
      Magic{"ITSF"sv, kMSCHM},
      Magic{"SZDD\x88\xf0\x27\x33"sv, kMSSZDD},
      Magic{"070701"sv, kCPIO_NEWC},
      Magic{"070702"sv, kCPIO_CRC},
      Magic{"070707"sv, kCPIO_ODC},
      Magic{"\xc7\x71"sv, kCPIO_OLD},
      Magic{"\x71\xc7"sv, kCPIO_OLD},
      Magic{"!<arch>\n"sv, kAR},
      Magic{"\xed\xab\xee\xdb"sv, kRPM},
      Magic{"xar!"sv, kXAR},
      Magic{"EGGA"sv, kEGG},
      Magic{"ALZ\1"sv, kALZ},
      Magic{"hsqs"sv, kSQUASHFS},
      Magic{"sqsh"sv, kSQUASHFS},
      Magic{"\x7a\x1a\x20\x10"sv, kSIS},

      // One file, compressed.
      Magic{"\x1f\x8b"sv, kGZ},
      Magic{"BZh"sv, kBZ},
      Magic{"\xfd"
            "7zXZ\0"sv,
            kXZ},
      Magic{"\x28\xb5\x2f\xfd"sv, kZSTD},
      Magic{"\x04\x22\x4d\x18"sv, kLZ4},
      Magic{"\x02\x21\x4c\x18"sv, kLZ4},
      Magic{"\xce\xb2\xcf\x81"sv, kBROTLI},  // The framing format.

      // Documents.
      Magic{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, kMSOLE2},
      Magic{"{\\rt"sv, kRTF},
      Magic{"%PDF-"sv, kPDF},
      Magic{"HWP Document File V"sv, kHWP3},
      Magic{
          "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"sv,
          kONENOTE},
      Magic{"FWS"sv, kSWF},
      Magic{"CWS"sv, kSWF},
      Magic{"ZWS"sv, kSWF},
      Magic{"\x4c\0\0\0\x01\x14\x02\0"sv, kLNK},

      // Images and sound.
      Magic{"GIF"sv, kGIF},
      Magic{"\x89PNG"sv, kPNG},
      Magic{"\xff\xd8\xff"sv, kJPEG},
      Magic{"\0\0\0\x0cjP  "sv, kGRAPHICS},  // JPEG 2000
      Magic{"II*\0"sv, kTIFF},
      Magic{"MM\0*"sv, kTIFF},
      Magic{"RIFF"sv, kRIFF},
      Magic{"RIFX"sv, kRIFF},
      Magic{"ID3"sv, kMP3},
      Magic{"\xff\xfb\x90"sv, kMP3},
      Magic{"GGUF"sv, kAI_MODEL},

      // Encodings of other files.
      Magic{"(This file must be converted with BinHex 4.0)"sv, kBINHEX},
      Magic{"begin "sv, kUUENCODED},
      Magic{"\x78\x9f\x3e\x22"sv, kTNEF},
      Magic{"\xb6\xb9\xac\xae\xfe\xff\xff\xff"sv, kCRYPTFF},
      Magic{"#@~^"sv, kSCRENC},

      // Mail.
      Magic{"From "sv, kMAIL},
      Magic{"From: "sv, kMAIL},
      Magic{">From "sv, kMAIL},
      Magic{"Return-Path: "sv, kMAIL},
      Magic{"Received: "sv, kMAIL},
      Magic{"Delivered-To: "sv, kMAIL},
      Magic{"Delivery-date: "sv, kMAIL},
      Magic{"Message-ID: "sv, kMAIL},
      Magic{"Message-Id: "sv, kMAIL},
      Magic{"Subject: "sv, kMAIL},
      Magic{"To: "sv, kMAIL},
      Magic{"Date: "sv, kMAIL},
      Magic{"For: "sv, kMAIL},
      Magic{"X-Sieve: "sv, kMAIL},
      Magic{"X-Envelope-From: "sv, kMAIL},
      Magic{"X-Original-To: "sv, kMAIL},
      Magic{"X-UIDL: "sv, kMAIL},
      Magic{"X-Real-To: "sv, kMAIL},
      Magic{"X-Symantec-"sv, kMAIL},
      Magic{"X-Apparently-To: "sv, kMAIL},
      Magic{"X-EVS: "sv, kMAIL},
      Magic{"Hi. This is the qmail-send"sv, kMAIL},
  };
  // By first byte; of those, the longer first, so that it wins.
  std::sort(magics.begin(), magics.end(), [](const Magic& a, const Magic& b) {
    const auto first_a = static_cast<uint8_t>(a.bytes[0]);
    const auto first_b = static_cast<uint8_t>(b.bytes[0]);
    if (first_a != first_b) return first_a < first_b;
    return a.bytes.size() > b.bytes.size();
  });
  return magics;
}();

constexpr auto kIndex = [] {
  std::array<uint16_t, 257> index = {};
  for (size_t byte = 0, at = 0; byte < 256; ++byte) {
    while (at < kMagics.size() &&
           static_cast<uint8_t>(kMagics[at].bytes[0]) == byte) {
      ++at;
    }
    index[byte + 1] = static_cast<uint16_t>(at);
  }
  return index;
}();

}  // namespace

MagicTable Magics() { return {kMagics.data(), kIndex.data()}; }

}  // namespace vitrine::detect
