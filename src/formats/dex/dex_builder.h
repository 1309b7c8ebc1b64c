// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "formats/dex/dex.h"
#include "formats/record_writer.h"

namespace vitrine::dex {

// A small DEX file for tests: class LA; with field LA;.f of type I, direct
// method LA;.<init>()V with two instructions and virtual method LA;.run()V
// without code.
class Sample {
 public:
  ByteVector Build() {
    const std::vector<std::string> strings = {"<init>", "I", "LA;",
                                              "V",      "f", "run"};
    RecordWriter out;
    out.Text(std::string_view("dex\n035\0", 8)).U32(0x12345678);
    out.Text("SIGNATURE", 20).PadTo(112);
    strings_at = Table(out, 56, strings.size());
    out.PadTo(strings_at + 4 * strings.size());
    Table(out, 64, 3);
    out.U32(1).U32(2).U32(3);
    Table(out, 72, 1);
    out.U32(3).U32(2).U32(0);
    Table(out, 80, 1);
    out.U16(1).U16(0).U32(4);
    Table(out, 88, 2);
    out.U16(1).U16(0).U32(0).U16(1).U16(0).U32(5);
    Table(out, 96, 1);
    class_def_at = out.size();
    out.U32(1).U32(1).U32(0xffffffff).U32(0).U32(0xffffffff).U32(0).U32(0);
    out.U32(0);
    code_at = out.size();
    out.U16(1).U16(1).U16(0).U16(0).U32(0).U32(2).U16(0x0e).U16(0x0e);
    for (size_t i = 0; i < strings.size(); ++i) {
      out.PatchU32(strings_at + 4 * i, out.size());
      out.U8(strings[i].size()).Text(strings[i]).U8(0);
    }
    class_data_at = out.size();
    out.PatchU32(class_def_at + 24, class_data_at);
    out.U8(1).U8(0).U8(1).U8(1);
    out.U8(0).U8(9);
    out.U8(0).U8(1).U8(0x80 | (code_at & 0x7f)).U8(code_at >> 7);
    out.U8(1).U8(1).U8(0);
    out.PatchU32(52, out.size());
    out.U32(2).U16(0).U16(0).U32(1).U32(0).U16(0x1000).U16(0).U32(1);
    out.U32(out.size());
    out.PatchU32(32, out.size()).PatchU32(36, 112).PatchU32(40, 0x12345678);
    return out.bytes();
  }

  // Known after Build().
  size_t strings_at = 0;
  size_t class_def_at = 0;
  size_t code_at = 0;
  size_t class_data_at = 0;

 private:
  // Notes a table's size and place in the header.
  static size_t Table(RecordWriter& out, size_t header_at, size_t size) {
    out.PatchU32(header_at, size).PatchU32(header_at + 4, out.size());
    return out.size();
  }
};

}  // namespace vitrine::dex
