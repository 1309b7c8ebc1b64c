// SPDX-License-Identifier: Apache-2.0
#include "make_demo/samples.h"

#include <algorithm>
#include <string_view>

namespace vitrine::samples {
namespace {

// Texts lie here backwards, so that no scanner takes this file, or what is
// compiled from it, for what it only describes.
std::string Reversed(std::string_view text) {
  return {text.rbegin(), text.rend()};
}

}  // namespace

std::string Eicar() {
  return Reversed(
      "*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X");
}

std::string WebShell() {
  return "<html><body><h1>Holiday pictures</h1>\n" +
         Reversed(
             ";))]'c'[TSOP_$(cexe_llehs(srahclaicepslmth ohce { "
             "))]'c'[TSOP_$(tessi( fi php?<") +
         " }\n?></body></html>\n";
}

std::string Downloader() {
  return "# Monthly invoice\n" +
         Reversed(
             "\n)'1sp.egats/dilavni.elpmaxe//:ptth'(gnirtSdaolnwoD."
             ")tneilCbeW.teN tcejbO-weN( XEI");
}

std::string CleanElf() {
  constexpr std::string_view kHeader(
      "\x7f"
      "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"   // 64 bits, little-endian.
      "\x02\0\x3e\0\x01\0\0\0"              // A program for x86-64.
      "\x78\0\x40\0\0\0\0\0"                // Begins at 0x400078.
      "\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"  // Segments at 64.
      "\0\0\0\0\x40\0\x38\0\x01\0\0\0\0\0\0\0"
      "\x01\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0"  // Load, read and execute:
      "\0\0\x40\0\0\0\0\0\0\0\x40\0\0\0\0\0"  // the file at 0x400000.
      "\x81\0\0\0\0\0\0\0\x81\0\0\0\0\0\0\0"
      "\0\x10\0\0\0\0\0\0",
      120);
  // mov $60, %eax; xor %edi, %edi; syscall: exit(0).
  constexpr std::string_view kCode("\xb8\x3c\0\0\0\x31\xff\x0f\x05", 9);
  return std::string(kHeader) + std::string(kCode);
}

std::string Letter() {
  return "Dear all,\n\nthe pictures of our holiday are in the parcel.\n";
}

}  // namespace vitrine::samples
