// SPDX-License-Identifier: Apache-2.0
#include "wire/settings.h"

#include <gtest/gtest.h>

#include <cstring>

#include "wire/limits.h"

namespace vitrine::wire {
namespace {

// Options whose every byte differs from the defaults'; bools stay bools.
Settings OtherSettings() {
  Settings settings;
  ScanOptions& o = settings.options;
  o.normalize = false;
  o.scan_image_fuzzy_hash = false;
  o.alert_partition_intersection = true;
  o.structured_ssn_format = 2;
  o.detect_pua = true;
  o.max_filesize = uint64_t{1} << 41;
  o.max_filesize_given = true;
  o.max_scantime_ms = 7;
  o.max_ratio_floor = 99;
  o.pcre_max_filesize = 123;
  o.all_match = true;
  settings.externals = {{"i", int64_t{-5}},
                        {"f", 1.5},
                        {"b", true},
                        {"s", std::string("text\0x", 6)}};
  return settings;
}

TEST(Settings, ComeBackAsTheyWere) {
  const Settings settings = OtherSettings();
  const auto bytes = EncodeSettings(settings);
  ASSERT_TRUE(bytes.ok());
  const auto back = DecodeSettings(bytes.value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().externals, settings.externals);
  const ScanOptions& o = back.value().options;
  EXPECT_FALSE(o.normalize);
  EXPECT_TRUE(o.scan_archive);
  EXPECT_FALSE(o.scan_image_fuzzy_hash);
  EXPECT_TRUE(o.alert_partition_intersection);
  EXPECT_EQ(o.structured_ssn_format, 2u);
  EXPECT_EQ(o.max_filesize, uint64_t{1} << 41);
  EXPECT_TRUE(o.max_filesize_given);
  EXPECT_EQ(o.max_scantime_ms, 7u);
  EXPECT_EQ(o.max_ratio_floor, 99u);
  EXPECT_EQ(o.pcre_max_filesize, 123u);
  EXPECT_TRUE(o.all_match);
  EXPECT_EQ(EncodeSettings(back.value()).value(), bytes.value());
}

TEST(Settings, AreRefusedWhereverTheyAreCut) {
  ByteVector bytes = EncodeSettings(OtherSettings()).value();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeSettings(Clip(bytes, 0, size)).ok()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(DecodeSettings(bytes).ok());
}

TEST(Settings, BoolsAreNothingButBools) {
  ByteVector bytes = EncodeSettings({}).value();
  bytes[0] = 2;
  EXPECT_FALSE(DecodeSettings(bytes).ok());
}

TEST(Settings, ThatDoNotFitIntoAMessageAreALimit) {
  Settings settings;
  settings.externals["x"] = std::string(kSettingsMax, 'x');
  const auto bytes = EncodeSettings(settings);
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code, Code::kLimit);
}

}  // namespace
}  // namespace vitrine::wire
