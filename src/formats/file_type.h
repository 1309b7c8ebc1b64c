// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitrine {

// What an object is. Spelled as ClamAV's CL_TYPE_* words without the prefix, so
// that signatures name them (Container:CL_TYPE_ZIP, HandlerType:, .cdb, .ftm).
// FileTypeName() gives the full word, FileTypeFromName() takes it. The numbers
// are stored in compiled databases: append only.
#define VITRINE_FILE_TYPES(X)                                                  \
  X(ANY) X(BINARY_DATA) X(TEXT_ASCII) X(TEXT_UTF8) X(TEXT_UTF16LE)             \
  X(TEXT_UTF16BE) X(HTML) X(HTML_UTF16) X(SCRIPT) X(SCRENC) X(RTF) X(MAIL)     \
  X(MSEXE) X(ELF) X(MACHO) X(MACHO_UNIBIN) X(JAVA) X(DEX) X(PYTHON_COMPILED)   \
  X(ZIP) X(ZIPSFX) X(RAR) X(RARSFX) X(7Z) X(7ZSFX) X(ARJ) X(ARJSFX) X(CABSFX)  \
  X(MSCAB) X(MSCHM) X(MSSZDD) X(GZ) X(BZ) X(XZ) X(LZMA) X(ZSTD) X(LZ4)         \
  X(COMPRESS) X(BROTLI) X(OLD_TAR) X(POSIX_TAR) X(CPIO_OLD) X(CPIO_ODC)        \
  X(CPIO_NEWC) X(CPIO_CRC) X(AR) X(RPM) X(XAR) X(DMG) X(ISO9660) X(UDF)        \
  X(HFSPLUS) X(MBR) X(GPT) X(APM) X(PART_ANY) X(LHA_LZH) X(EGG) X(EGGSFX)      \
  X(ALZ) X(SIS) X(NULSFT) X(AUTOIT) X(ISHIELD_MSI) X(SQUASHFS) X(BINHEX)       \
  X(UUENCODED) X(TNEF) X(YENC) X(CRYPTFF) X(MSOLE2) X(OOXML_WORD)              \
  X(OOXML_PPT) X(OOXML_XL) X(OOXML_HWP) X(XML_WORD) X(XML_XL) X(XML_HWP)       \
  X(HWP3) X(HWPOLE2) X(PDF) X(XDP) X(ONENOTE) X(SWF) X(GRAPHICS) X(GIF)        \
  X(PNG) X(JPEG) X(TIFF) X(BMP) X(RIFF) X(ICO) X(LNK) X(MP3) X(AVI)            \
  X(INTERNAL) X(IGNORED) X(ERROR) X(AI_MODEL)

enum class FileType : uint16_t {
#define VITRINE_ENUMERATOR(name) k##name,
  VITRINE_FILE_TYPES(VITRINE_ENUMERATOR)
#undef VITRINE_ENUMERATOR
};

// "CL_TYPE_ZIP". The words of ClamAV are kept where they differ from ours.
std::string_view FileTypeName(FileType type);
std::optional<FileType> FileTypeFromName(std::string_view name);

// ClamAV's target number that objects of this type belong to (reference §2.2):
// 1 PE, 2 OLE2, 3 HTML, 4 mail, 5 graphics, 6 ELF, 7 text, 9 Mach-O, 10 PDF,
// 11 Flash, 12 Java class, 14 data
// of no known kind; 0 for every other.
int TargetOf(FileType type);

}  // namespace vitrine
