// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/decode.h"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "base/text.h"

namespace vitrine::codec {
namespace {

// Text that packs, but not to nothing.
std::string Sample(size_t size) {
  std::string text;
  for (uint32_t i = 0; text.size() < size; i = i * 1103515245 + 12345) {
    text += "line " + std::to_string(i >> 20) + "\n";
  }
  text.resize(size);
  return text;
}

std::string ZlibWith(const std::string& text, int window_bits) {
  std::string out(compressBound(text.size()) + 64, '\0');
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string MakeDeflate(const std::string& t) { return ZlibWith(t, -15); }
std::string MakeZlib(const std::string& t) { return ZlibWith(t, 15); }
std::string MakeGzip(const std::string& t) { return ZlibWith(t, 31); }

std::string MakeBzip2(const std::string& text) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');
  auto size = static_cast<unsigned>(out.size());
  BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                           static_cast<unsigned>(text.size()), 9, 0, 0);
  out.resize(size);
  return out;
}

std::string MakeXz(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t size = 0;
  lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nullptr,
                          reinterpret_cast<const uint8_t*>(text.data()),
                          text.size(), reinterpret_cast<uint8_t*>(out.data()),
                          &size, out.size());
  out.resize(size);
  return out;
}

std::string MakeLzma(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 1);
  lzma_stream stream = LZMA_STREAM_INIT;
  EXPECT_EQ(lzma_alone_encoder(&stream, &options), LZMA_OK);
  stream.next_in = reinterpret_cast<const uint8_t*>(text.data());
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = out.size();
  EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
  out.resize(stream.total_out);
  lzma_end(&stream);
  return out;
}

// As ZIP stores it: a small header instead of the size.
std::string MakeLzmaZip(const std::string& text) {
  const std::string alone = MakeLzma(text);
  std::string out("\x09\x04\x05\x00", 4);
  return out + alone.substr(0, 5) + alone.substr(13);
}

std::string MakeZstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(
      ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

struct Method {
  const char* name;
  std::string (*make)(const std::string&);
  Decoded (*decode)(const Input&);
  bool joins;  // Streams one after the other are one file.
};

const Method kMethods[] = {
    {"deflate", MakeDeflate, Deflate, false},
    {"zlib", MakeZlib, Zlib, false},
    {"gzip", MakeGzip, Gzip, true},
    {"deflate64 that is plain deflate", MakeDeflate, Deflate64, false},
    {"bzip2", MakeBzip2, Bzip2, true},
    {"xz", MakeXz, Xz, true},
    {"lzma", MakeLzma, LzmaAlone, false},
    {"lzma in zip", MakeLzmaZip, LzmaZip, false},
    {"zstd", MakeZstd, Zstd, true},
};

Input Of(const std::string& packed, uint64_t allowance = 1 << 24) {
  Input input;
  input.bytes = AsBytes(packed);
  input.allowance = allowance;
  return input;
}

TEST(Decode, GivesBackWhatWasPacked) {
  for (const Method& method : kMethods) {
    // Short of 258 bytes: length 258 is coded otherwise in DEFLATE64.
    for (const size_t size : {0U, 1U, 100U, 70000U, 400000U}) {
      if (method.decode == Deflate64 && size > 200) continue;
      const std::string text = Sample(size);
      const std::string packed = method.make(text);
      for (const uint64_t expected :
           {uint64_t{0}, uint64_t{size}, uint64_t{size} + 7, uint64_t{1}}) {
        if (method.decode == LzmaZip && expected != 0) continue;
        Input input = Of(packed);
        input.expected = expected;
        const Decoded decoded = method.decode(input);
        EXPECT_EQ(decoded.end, End::kWhole) << method.name << " " << size;
        EXPECT_EQ(AsText(decoded.out.bytes()), text) << method.name;
        EXPECT_EQ(decoded.consumed, packed.size()) << method.name;
      }
    }
  }
}

TEST(Decode, MakesNoMoreThanItIsAllowed) {
  const std::string text = Sample(100);
  const std::string large = Sample(300000);
  for (const Method& method : kMethods) {
    const std::string& from = method.decode == Deflate64 ? text : large;
    const std::string packed = method.make(from);
    for (const uint64_t allowance :
         {uint64_t{0}, uint64_t{1}, uint64_t{from.size()} - 1}) {
      const Decoded decoded = method.decode(Of(packed, allowance));
      EXPECT_EQ(decoded.end, End::kCut) << method.name << allowance;
      EXPECT_EQ(AsText(decoded.out.bytes()), from.substr(0, allowance));
    }
    const Decoded exact = method.decode(Of(packed, from.size()));
    EXPECT_EQ(exact.end, End::kWhole) << method.name;
    EXPECT_EQ(exact.out.size(), from.size());
  }
}

TEST(Decode, HandsOverWhatCameBeforeTheEndOfATruncatedInput) {
  const std::string text = Sample(300000);
  for (const Method& method : kMethods) {
    if (method.decode == Deflate64) continue;
    const std::string packed = method.make(text);
    const std::string cut = packed.substr(0, packed.size() * 3 / 4);
    const Decoded decoded = method.decode(Of(cut));
    EXPECT_EQ(decoded.end, End::kTruncated) << method.name;
    const std::string_view made = AsText(decoded.out.bytes());
    EXPECT_EQ(made, std::string_view(text).substr(0, made.size()));
    if (method.decode == Bzip2) continue;  // Its one block is cut.
    EXPECT_GT(made.size(), 0U) << method.name;
  }
}

TEST(Decode, SaysThatDamagedDataIsDamaged) {
  const std::string text = Sample(300000);
  for (const Method& method : kMethods) {
    std::string packed = method.make(text);
    for (size_t i = packed.size() / 2; i < packed.size() / 2 + 60; ++i) {
      packed[i] = static_cast<char>(packed[i] ^ 0x5a);
    }
    const Decoded decoded = method.decode(Of(packed));
    if (method.decode == Deflate || method.decode == Deflate64) continue;
    EXPECT_NE(decoded.end, End::kWhole) << method.name;
  }
}

TEST(Decode, JoinsStreamsAndLeavesWhatFollowsThem) {
  for (const Method& method : kMethods) {
    if (!method.joins) continue;
    const std::string packed =
        method.make("one ") + method.make("two ") + method.make("three");
    const Decoded decoded = method.decode(Of(packed));
    EXPECT_EQ(decoded.end, End::kWhole) << method.name;
    EXPECT_EQ(AsText(decoded.out.bytes()), "one two three") << method.name;
    if (method.decode == Xz) continue;  // It calls garbage an error.
    const Decoded trailed = method.decode(Of(packed + "garbage"));
    EXPECT_EQ(trailed.end, End::kWhole) << method.name;
    EXPECT_EQ(trailed.consumed, packed.size()) << method.name;
  }
}

TEST(Decode, StopsAtTheDeadline) {
  const std::string text = Sample(300000);
  for (const Method& method : kMethods) {
    const std::string packed = method.make(text);
    Input input = Of(packed);
    input.deadline = Deadline{Deadline::Clock::now()};
    EXPECT_EQ(method.decode(input).end, End::kDeadline) << method.name;
  }
}

TEST(Gzip, GivesTheBytesOfAMemberWithAWrongChecksum) {
  std::string packed = MakeGzip("hello");
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);
  const Decoded decoded = Gzip(Of(packed));
  EXPECT_EQ(decoded.end, End::kDamaged);
  EXPECT_EQ(AsText(decoded.out.bytes()), "hello");
}

TEST(Xz, RefusesAHugeDictionary) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 1);
  options.dict_size = uint32_t{1} << 30;
  std::string header(13, '\xff');
  header[0] = 0x5d;
  for (size_t i = 0; i < 4; ++i) {
    header[1 + i] = static_cast<char>(options.dict_size >> (8 * i));
  }
  EXPECT_EQ(LzmaAlone(Of(header + std::string(100, '\0'))).end, End::kMemory);
}

TEST(Lz4, ReadsBlocksOfEveryKind) {
  // Literals "abcd", then a match 4 back of 12 bytes, last literals "end".
  const std::string block =
      std::string("\x48") + "abcd" + std::string("\x04\x00\x30", 3) + "end";
  const auto word = [](uint32_t v) {
    std::string out;
    for (int i = 0; i < 4; ++i) out += static_cast<char>(v >> (8 * i));
    return out;
  };
  const std::string want = "abcdabcdabcdabcdend";
  const auto size = static_cast<uint32_t>(block.size());
  const std::string frame = word(0x184d2204) + std::string("\x40\x40\x00", 3) +
                            word(size) + block + word(0x80000003) + "raw" +
                            word(0);
  const Decoded decoded = Lz4(Of(word(0x184d2a53) + word(2) + "xx" + frame));
  EXPECT_EQ(decoded.end, End::kWhole);
  EXPECT_EQ(AsText(decoded.out.bytes()), want + "raw");
  const Decoded legacy = Lz4(Of(word(0x184c2102) + word(size) + block));
  EXPECT_EQ(legacy.end, End::kWhole);
  EXPECT_EQ(AsText(legacy.out.bytes()), want);
  EXPECT_EQ(Lz4(Of(frame, 7)).end, End::kCut);
  EXPECT_EQ(Lz4(Of(frame.substr(0, 20))).end, End::kTruncated);
}

TEST(Compress, ReadsCodesAndTheClearCode) {
  // "aab" by hand: 9-bit codes a, 257 (not there yet: "aa"), clear, b.
  const std::vector<uint32_t> codes = {'a', 257, 256};
  ByteVector bits(9, 0);  // One group of eight codes, the rest padding.
  for (size_t i = 0; i < codes.size(); ++i) {
    for (size_t bit = 0; bit < 9; ++bit) {
      const size_t at = 9 * i + bit;
      bits[at / 8] |= static_cast<uint8_t>(((codes[i] >> bit) & 1) << (at % 8));
    }
  }
  std::string packed("\x1f\x9d\x90", 3);
  packed += AsText(bits);
  packed += std::string("b\x00", 2);
  const Decoded decoded = Compress(Of(packed));
  EXPECT_EQ(decoded.end, End::kWhole);
  EXPECT_EQ(AsText(decoded.out.bytes()), "aaab");
}

// Packs codes of growing width as SHRINK does.
class ShrinkWriter {
 public:
  void Code(uint32_t code) {
    for (unsigned i = 0; i < width_; ++i, ++count_) {
      if (count_ % 8 == 0) out_.push_back('\0');
      out_.back() = static_cast<char>(static_cast<uint8_t>(out_.back()) |
                                      ((code >> i) & 1) << count_ % 8);
    }
  }
  void Widen() {
    Code(256);
    Code(1);
    ++width_;
  }
  void Thin() {
    Code(256);
    Code(2);
  }
  std::string out_;

 private:
  unsigned width_ = 9;
  size_t count_ = 0;
};

TEST(Shrink, ReadsWiderCodesAndPartialClearing) {
  ShrinkWriter writer;
  writer.Code('a');  //            a
  writer.Code('b');  // 257 = ab   b
  writer.Code(257);  // 258 = ba   ab
  writer.Widen();
  writer.Code(259);  // 259 = aba  aba, not there yet when it is read
  writer.Thin();     // Leaves 257, which 259 is built on; 258 is free again.
  writer.Code('c');  // 258 = ?c: what came before was freed
  writer.Code(257);  // 259 = ca   ab
  Input input = Of(writer.out_);
  input.expected = 10;
  const Decoded decoded = Shrink(input);
  EXPECT_EQ(decoded.end, End::kWhole);
  EXPECT_EQ(AsText(decoded.out.bytes()), "abababacab");
  input.expected = 100;
  EXPECT_EQ(Shrink(input).end, End::kTruncated);
  input.allowance = 3;
  EXPECT_EQ(AsText(Shrink(input).out.bytes()), "aba");
  EXPECT_EQ(Shrink(input).end, End::kCut);
}

}  // namespace
}  // namespace vitrine::codec
