// SPDX-License-Identifier: Apache-2.0
#include "formats/image/fuzzy_hash.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace vitrine::image {
namespace {

std::string Sample(const std::string& name) {
  std::ifstream file(VITRINE_SOURCE_DIR "/fuzz/corpus/image_fuzz/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Expected values are what sigtool 1.4.6 --fuzzy-img prints.
TEST(FuzzyHash, IsClamavs) {
  struct Case {
    const char* name;
    uint64_t hash;
  };
  for (const Case& c : {Case{"rgb.png", 0xb2270d473972e89b},
                        Case{"grey.png", 0xb2270d473972e89b},
                        Case{"grey16.png", 0xd2072d333d535a4e},
                        Case{"palette.png", 0xb22509463b71f69b},
                        Case{"palette.gif", 0xb22509463b71f69b},
                        Case{"palette.bmp", 0xb22509463b71f69b},
                        Case{"bw.bmp", 0x92061d4e153efdaa},
                        Case{"grey.jpg", 0x82270d473d72ea9b}}) {
    const std::string file = Sample(c.name);
    ASSERT_FALSE(file.empty()) << c.name;
    const auto hash = FuzzyHash(AsBytes(file));
    ASSERT_TRUE(hash.ok()) << c.name << ": " << hash.error().message;
    EXPECT_EQ(hash.value(), c.hash) << c.name;
  }
}

// Decoders of JPEG differ in the last bit of a colour.
TEST(FuzzyHash, IsNearlyClamavsForColourJpeg) {
  const auto hash = FuzzyHash(AsBytes(Sample("progressive.jpg")));
  ASSERT_TRUE(hash.ok());
  EXPECT_LE(__builtin_popcountll(hash.value() ^ 0x92270d473972ea9b), 2);
}

TEST(FuzzyHash, RefusesWhatIsCutOrForeign) {
  for (const char* name :
       {"rgb.png", "palette.gif", "palette.bmp", "grey.jpg"}) {
    const std::string file = Sample(name);
    for (size_t size : {size_t{0}, size_t{7}, size_t{30}, file.size() / 2}) {
      EXPECT_FALSE(FuzzyHash(AsBytes(file.substr(0, size))).ok()) << name;
    }
  }
  EXPECT_FALSE(FuzzyHash(AsBytes("no picture")).ok());
}

TEST(FuzzyHash, RefusesTooManyPixels) {
  std::string file = Sample("palette.gif");
  file[6] = file[7] = file[8] = file[9] = '\x7f';
  const auto hash = FuzzyHash(AsBytes(file));
  ASSERT_FALSE(hash.ok());
  EXPECT_EQ(hash.error().code, Code::kLimit);
}

}  // namespace
}  // namespace vitrine::image
