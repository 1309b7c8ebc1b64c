// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/detect.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "formats/codec/checksum.h"
#include "formats/zip/zip_builder.h"

namespace vitrine {
namespace {

using namespace std::string_view_literals;

FileType TypeOf(std::string_view start, size_t padding = 600) {
  return Detect(AsBytes(std::string(start) + std::string(padding, '\0')));
}

std::string At(size_t offset, std::string_view what, size_t size = 40000) {
  std::string bytes(size, '\0');
  bytes.replace(offset, what.size(), what);
  return bytes;
}

TEST(Detect, KnowsFormatsByTheirStart) {
  const struct {
    std::string_view start;
    FileType type;
  } kCases[] = {
      {"MZ"sv, FileType::kMSEXE},
      {"\x7f"
       "ELF\2\1\1"sv,
       FileType::kELF},
      {"\xcf\xfa\xed\xfe"sv, FileType::kMACHO},
      {"\xca\xfe\xba\xbe\0\0\0\2"sv, FileType::kMACHO_UNIBIN},
      {"\xca\xfe\xba\xbe\0\0\0\x34"sv, FileType::kJAVA},
      {"\xca\xfe\xba\xbe\0\3\0\x2d"sv, FileType::kJAVA},
      {"dex\n035\0"sv, FileType::kDEX},
      {"\x42\x0d\x0d\x0a"sv, FileType::kPYTHON_COMPILED},
      {"\x03\xf3\x0d\x0a"sv, FileType::kPYTHON_COMPILED},
      {"Rar!\x1a\7\0"sv, FileType::kRAR},
      {"Rar!\x1a\7\1\0"sv, FileType::kRAR},
      {"7z\xbc\xaf\x27\x1c\0\4"sv, FileType::k7Z},
      {"\x60\xea\x2c\0\x1e"sv, FileType::kARJ},
      {"MSCF\0\0\0\0"sv, FileType::kMSCAB},
      {"ITSF\3\0\0\0"sv, FileType::kMSCHM},
      {"SZDD\x88\xf0\x27\x33"
       "A"sv,
       FileType::kMSSZDD},
      {"\x1f\x8b\x08\0"sv, FileType::kGZ},
      {"BZh9"sv, FileType::kBZ},
      {"\xfd"
       "7zXZ\0"sv,
       FileType::kXZ},
      {"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"sv, FileType::kLZMA},
      {"\x28\xb5\x2f\xfd"sv, FileType::kZSTD},
      {"\x04\x22\x4d\x18"sv, FileType::kLZ4},
      {"\x1f\x9d\x90"sv, FileType::kCOMPRESS},
      {"070701"sv, FileType::kCPIO_NEWC},
      {"070702"sv, FileType::kCPIO_CRC},
      {"070707"sv, FileType::kCPIO_ODC},
      {"\xc7\x71"sv, FileType::kCPIO_OLD},
      {"\x71\xc7"sv, FileType::kCPIO_OLD},
      {"!<arch>\n"sv, FileType::kAR},
      {"\xed\xab\xee\xdb\3\0"sv, FileType::kRPM},
      {"xar!\0\x1c"sv, FileType::kXAR},
      {"\x24\0-lh5-"sv, FileType::kLHA_LZH},
      {"\x24\0-lz5-"sv, FileType::kLHA_LZH},
      {"EGGA"sv, FileType::kEGG},
      {"ALZ\1"sv, FileType::kALZ},
      {"hsqs"sv, FileType::kSQUASHFS},
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, FileType::kMSOLE2},
      {"{\\rtf1"sv, FileType::kRTF},
      {"%PDF-1.4"sv, FileType::kPDF},
      {"HWP Document File V3.00"sv, FileType::kHWP3},
      {"CWS\x09"sv, FileType::kSWF},
      {"GIF89a"sv, FileType::kGIF},
      {"\x89PNG\r\n"sv, FileType::kPNG},
      {"\xff\xd8\xff\xe0"sv, FileType::kJPEG},
      {"II*\0"sv, FileType::kTIFF},
      {"BM\x36\0\0\0\0\0\0\0"sv, FileType::kBMP},
      {"RIFF\0\0\0\0WAVE"sv, FileType::kRIFF},
      {"\0\0\1\0\1\0\x10\x10\0\0\1\0\4\0\x28\1\0\0\x16\0\0\0"sv,
       FileType::kICO},
      {"ID3\3"sv, FileType::kMP3},
      {"\x4c\0\0\0\1\x14\2\0"sv, FileType::kLNK},
      {"\x78\x9f\x3e\x22"sv, FileType::kTNEF},
      {"\xb6\xb9\xac\xae\xfe\xff\xff\xff"sv, FileType::kCRYPTFF},
      {"#@~^"sv, FileType::kSCRENC},
      {"begin 644 file"sv, FileType::kUUENCODED},
      {"(This file must be converted with BinHex 4.0)"sv, FileType::kBINHEX},
      {"From someone"sv, FileType::kMAIL},
      {"X-Symantec-"sv, FileType::kMAIL},
      {"ZM"sv, FileType::kBINARY_DATA},
      {"\xd0\xcf\x11\xe0"sv, FileType::kBINARY_DATA},
      {"\x60\xea\x01\0\x1e"sv, FileType::kBINARY_DATA},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TypeOf(c.start), c.type)
        << ToHex(AsBytes(c.start)) << " " << FileTypeName(TypeOf(c.start));
  }
}

TEST(Detect, KnowsFormatsByWhatIsInside) {
  const struct {
    std::string bytes;
    FileType type;
  } kCases[] = {
      {At(257, "ustar\0"sv), FileType::kPOSIX_TAR},
      {At(257, "ustar  \0"sv), FileType::kPOSIX_TAR},
      {At(0x8001, "CD001\1"sv), FileType::kISO9660},
      {At(0x8001, "BEA01"sv), FileType::kUDF},
      {At(1024, "H+\0\4"sv), FileType::kHFSPLUS},
      {At(510, "\x55\xaa"sv), FileType::kMBR},
      {At(512, "EFI PART"sv), FileType::kGPT},
      {At(40000 - 512, "koly\0\0\0\4"sv), FileType::kDMG},
      {At(8, "\x19\4\0\x10"sv), FileType::kSIS},
      {At(4, "\xef\xbe\xad\xdeNullsoftInst"sv), FileType::kNULSFT},
      {At(700, "%PDF-1.4"sv), FileType::kPDF},
      {At(1100, "%PDF-1.4"sv), FileType::kBINARY_DATA},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Detect(AsBytes(c.bytes)), c.type)
        << FileTypeName(Detect(AsBytes(c.bytes)));
  }
}

TEST(Detect, KnowsOldTarByItsChecksum) {
  std::string header(1024, '\0');
  header.replace(0, 4, "name");
  header.replace(100, 8, "0000644\0"sv);
  header.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<uint8_t>(c);
  char digits[8];
  snprintf(digits, sizeof digits, "%06o", sum);
  header.replace(148, 6, digits);
  EXPECT_EQ(Detect(AsBytes(header)), FileType::kOLD_TAR);
  header[0] = 'N';
  EXPECT_EQ(Detect(AsBytes(header)), FileType::kBINARY_DATA);
}

TEST(Detect, TellsTextAsClamavDoes) {
  const std::string text = "hello world, this is text\n";
  for (int c = 0; c < 256; ++c) {
    // The character at an odd place, so that no UTF-16 unit is a control.
    const std::string with = text + "x" + static_cast<char>(c) + "xx" + text;
    const bool is_text = c == 7 || c == 8 || c == 9 || c == 10 || c == 12 ||
                         c == 13 || c == 27 || (c >= 32 && c != 127);
    EXPECT_EQ(Detect(AsBytes(with)),
              is_text ? FileType::kTEXT_ASCII : FileType::kTEXT_UTF16BE)
        << c;
  }
  // Only the first 1,024 bytes count.
  EXPECT_EQ(Detect(AsBytes(std::string(1023, 'x') + "\1" + text)),
            FileType::kTEXT_UTF16BE);
  EXPECT_EQ(Detect(AsBytes(std::string(1024, 'x') + "\1" + text)),
            FileType::kTEXT_ASCII);
  EXPECT_EQ(Detect({}), FileType::kBINARY_DATA);
}

TEST(Detect, TellsUtf16AsClamavDoes) {
  std::string units = "\1";
  for (int i = 0; i < 99; ++i) units += static_cast<char>(1 + i * 7 % 255);
  EXPECT_EQ(Detect(AsBytes(units)), FileType::kTEXT_UTF16BE);
  const struct {
    size_t offset;
    std::string_view bytes;
    FileType type;
  } kCases[] = {
      {0, "\xff\xfe"sv, FileType::kTEXT_UTF16LE},
      {0, "\xfe\xff"sv, FileType::kTEXT_UTF16BE},
      {0, "\0\1"sv, FileType::kTEXT_UTF16BE},
      {2, "\0\1"sv, FileType::kBINARY_DATA},
      {3, "\0\1"sv, FileType::kTEXT_UTF16BE},
      {2, "\1\0"sv, FileType::kTEXT_UTF16BE},
      {98, "\0\0"sv, FileType::kBINARY_DATA},
      {50, "\xff\xfe"sv, FileType::kBINARY_DATA},
      {50, "\xfe\xff"sv, FileType::kTEXT_UTF16BE},
      {50, "\0\x7f"sv, FileType::kBINARY_DATA},
      {50, "\0\x80"sv, FileType::kTEXT_UTF16BE},
  };
  for (const auto& c : kCases) {
    std::string bytes = units;
    bytes.replace(c.offset, c.bytes.size(), c.bytes);
    EXPECT_EQ(Detect(AsBytes(bytes)), c.type)
        << c.offset << " " << ToHex(AsBytes(c.bytes));
  }
}

TEST(Detect, KnowsHtmlByItsTags) {
  for (const std::string tag :
       {"<html>", "<HTML>", "<head>", "<script", "<iframe src", "<table ",
        "<img", "<object ", "<a href=", "<A HREF", "<a class=x href=y"}) {
    for (const size_t before : {0U, 10U, 5000U}) {
      const std::string text = std::string(before, 'x') + tag + " more text";
      EXPECT_EQ(Detect(AsBytes(text)), FileType::kHTML) << text;
    }
  }
  for (const std::string tag : {"<body>", "<p>", "< html>", "<html x", "<ahref",
                                "<a> href", "<div href=", "</html>", "<"}) {
    EXPECT_EQ(Detect(AsBytes("text " + tag)), FileType::kTEXT_ASCII) << tag;
  }
}

std::string Wide(std::string_view text, bool little) {
  std::string out;
  for (const char c : text) {
    out += little ? std::string{c, '\0'} : std::string{'\0', c};
  }
  return out;
}

TEST(Detect, ATagNearTheStartMakesHtmlOfData) {
  const auto type = [](size_t before) {
    return Detect(AsBytes(std::string(before, '\0') + "<html> text"));
  };
  EXPECT_EQ(type(200), FileType::kHTML);
  EXPECT_EQ(type(1018), FileType::kHTML);
  EXPECT_EQ(type(1019), FileType::kBINARY_DATA);
  EXPECT_EQ(Detect(AsBytes("\1\2 <img src=x>\xff")), FileType::kHTML);
}

TEST(Detect, KnowsHtmlInUtf16) {
  const std::string_view html = "some text <html><body>hello</body></html>";
  EXPECT_EQ(Detect(AsBytes("\xff\xfe" + Wide(html, true))),
            FileType::kHTML_UTF16);
  EXPECT_EQ(Detect(AsBytes("\xfe\xff" + Wide(html, false))),
            FileType::kHTML_UTF16);
  EXPECT_EQ(Detect(AsBytes(Wide(html, false))), FileType::kHTML_UTF16);
  EXPECT_EQ(Detect(AsBytes("\xff\xfe" + Wide("just text", true))),
            FileType::kTEXT_UTF16LE);
}

TEST(Detect, KnowsMailByItsHeaders) {
  for (const std::string mail :
       {"DKIM-Signature: v=1;\n\ta=b\nFrom: x\nTo: y\n\nbody",
        "MIME-Version: 1.0\r\nSubject: x\r\n\r\nbody",
        "zzz\nMIME-Version: 1.0\nContent-Type: text/plain\n\nhello"}) {
    EXPECT_EQ(Detect(AsBytes(mail)), FileType::kMAIL) << mail;
  }
  for (const std::string text :
       {"Reply-To: a\nOther: b\n\nx", "hello\nFrom: x\nTo: y\n",
        "Content-Type: text/html\n\nFrom: x\n", "from here: to there\n"}) {
    EXPECT_EQ(Detect(AsBytes(text)), FileType::kTEXT_ASCII) << text;
  }
}

TEST(Detect, KnowsDocumentsInXml) {
  const std::string xml = "<?xml version=\"1.0\"?>\n";
  EXPECT_EQ(Detect(AsBytes(xml + "<w:wordDocument xmlns:w=\"x\">")),
            FileType::kXML_WORD);
  EXPECT_EQ(
      Detect(AsBytes(xml + "<Workbook xmlns=\"urn:schemas-microsoft-com:office:"
                           "spreadsheet\">")),
      FileType::kXML_XL);
  EXPECT_EQ(Detect(AsBytes(xml + "<xdp:xdp xmlns")), FileType::kXDP);
  EXPECT_EQ(Detect(AsBytes(xml + "<other/>")), FileType::kTEXT_ASCII);
}

TEST(Detect, KnowsOfficeDocumentsByTheirMembers) {
  const auto zip_of = [](const std::vector<std::string>& names) {
    zip::Builder builder;
    for (const std::string& name : names) builder.Add(zip::Stored(name, "x"));
    return builder;
  };
  const struct {
    std::vector<std::string> names;
    FileType type;
  } kCases[] = {
      {{"[Content_Types].xml", "_rels/.rels", "word/document.xml"},
       FileType::kOOXML_WORD},
      {{"xl/workbook.xml", "word/x"}, FileType::kOOXML_XL},
      {{"a", "ppt/presentation.xml"}, FileType::kOOXML_PPT},
      {{"mimetype", "Contents/content.hpf"}, FileType::kOOXML_HWP},
      {{"META-INF/MANIFEST.MF", "a.class"}, FileType::kZIP},
      {{"Word/document.xml", "sword/"}, FileType::kZIP},
  };
  for (const auto& c : kCases) {
    const zip::Builder builder = zip_of(c.names);
    EXPECT_EQ(Detect(AsBytes(builder.Finish())), c.type) << c.names[0];
    // Also cut before its directory.
    EXPECT_EQ(Detect(AsBytes(builder.body())), c.type) << c.names[0];
  }
  EXPECT_EQ(Detect(AsBytes(zip::Builder().Finish())), FileType::kZIP);
}

}  // namespace
}  // namespace vitrine
