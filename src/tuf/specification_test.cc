// SPDX-License-Identifier: Apache-2.0
// The worked example of docs/spec/tuf-profile.md, made anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json/writer.h"
#include "base/read_file.h"
#include "tuf/profile.h"
#include "tuf/signer.h"

namespace vitrine::tuf {
namespace {

using ::testing::HasSubstr;

TEST(Specification, ShowsWhatWeWrite) {
  const auto page =
      ReadFile(VITRINE_SOURCE_DIR "/docs/spec/tuf-profile.md", 1 << 20);
  ASSERT_TRUE(page.ok());
  const std::string text(AsText(page.value()));

  crypto::Ed25519Seed seed;
  seed.fill(1);
  const Signer signer(crypto::PrivateKey::Ed25519(seed),
                      {{kSideField, SideName(Side::kVendor)}});
  EXPECT_THAT(text, HasSubstr("\n" + signer.ToText()));
  EXPECT_THAT(text,
              HasSubstr("\n" + json::WriteCanonical(signer.key().json())));
  EXPECT_THAT(text, HasSubstr("\n" + signer.key().id()));

  Timestamp timestamp;
  timestamp.version = 7;
  timestamp.expires = ParseDateTime("2030-01-02T03:04:05Z").value();
  timestamp.snapshot.version = 5;
  timestamp.snapshot.length = 1142;
  timestamp.snapshot.hashes = {{"sha256", std::string(64, 'a')}};
  const json::Object body = WriteTimestamp(timestamp);
  EXPECT_THAT(text, HasSubstr("\n" + json::WriteCanonical(body) + "\n"));
  EXPECT_THAT(text, HasSubstr("\n" + SignDocument(body, {&signer, 1}) + "\n"));
}

}  // namespace
}  // namespace vitrine::tuf
