// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/container_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"
#include "engine/sources/sources.h"

namespace vitrine::engine::sources {
namespace {

std::string Octal(uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits,
                static_cast<unsigned long long>(value));
  return text;
}

std::string TarEntry(const std::string& name, const std::string& text,
                     char kind = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, 11, Octal(text.size(), 11));
  header[156] = kind;
  header.replace(148, 8, "        ");
  uint64_t sum = 0;
  for (const char c : header) sum += static_cast<uint8_t>(c);
  header.replace(148, 7, Octal(sum, 6) + std::string(1, '\0'));
  const size_t padding = (512 - text.size() % 512) % 512;
  return header + text + std::string(padding, '\0');
}

std::string InfoLine(const std::string& name, const std::string& text) {
  return name + ":" + std::to_string(text.size()) + ":" +
         ToHex(crypto::Sha256(AsBytes(text))) + "\n";
}

std::string WithHeader(const std::string& payload, std::string md5 = "") {
  if (md5.empty()) md5 = ToHex(crypto::Md5(AsBytes(payload)));
  std::string header =
      "ClamAV-VDB:23 Nov 2026 12-00 +0000:7:1:90:" + md5 + ":dsig:me:0";
  header.resize(512, ' ');
  return header + payload;
}

constexpr char kRules[] = "A:0:*:616161\n";

// As the publishers make them, but for the compression, which is optional.
std::string Container(const std::string& rules = kRules) {
  const std::string info = "ClamAV-VDB:x:7:1:90:X:X:me:0\n" +
                           InfoLine("t.ndb", kRules) +
                           InfoLine("t.ign2", "B\n") + "DSIG:xyz\n";
  return TarEntry("COPYING", "free") + TarEntry("t.info", info) +
         TarEntry("t.ndb", rules) + TarEntry("t.ign2", "B\n") +
         std::string(1024, '\0');
}

TEST(ContainerFileTest, OpensWhatItsDigestsPromise) {
  const std::string whole = WithHeader(Container());
  const auto container = ContainerFile::Open(AsBytes(whole), {});
  ASSERT_TRUE(container.ok()) << container.error().message;
  EXPECT_EQ(container.value().header().version, 7u);
  EXPECT_EQ(container.value().header().builder, "me");
  ASSERT_EQ(container.value().members().size(), 3u);
  EXPECT_EQ(container.value().members()[1].name, "t.ndb");
}

TEST(ContainerFileTest, RefusesAnyBrokenPromise) {
  const std::string wrong_member = WithHeader(Container("A:0:*:616162\n"));
  EXPECT_FALSE(ContainerFile::Open(AsBytes(wrong_member), {}).ok());
  const std::string wrong_md5 = WithHeader(Container(), std::string(32, '0'));
  EXPECT_FALSE(ContainerFile::Open(AsBytes(wrong_md5), {}).ok());
  ContainerFile::Options local;
  local.check_md5 = false;
  EXPECT_TRUE(ContainerFile::Open(AsBytes(wrong_md5), local).ok());
  const std::string no_info = WithHeader(TarEntry("t.ndb", kRules));
  EXPECT_FALSE(ContainerFile::Open(AsBytes(no_info), {}).ok());
  ContainerFile::Options lax;
  lax.needs_info = false;
  EXPECT_TRUE(ContainerFile::Open(AsBytes(no_info), lax).ok());
  const std::string unnamed =
      WithHeader(Container().substr(0, Container().size() - 1024) +
                 TarEntry("u.ndb", kRules));
  EXPECT_FALSE(ContainerFile::Open(AsBytes(unnamed), {}).ok());
}

TEST(ContainerFileTest, NothingShortOfAContainerPasses) {
  const std::string whole = WithHeader(Container());
  for (size_t size = 0; size + 1536 < whole.size(); size += 97) {
    ContainerFile::Options lax{false, false};
    (void)ContainerFile::Open(AsBytes(whole).first(size), lax).ok();
    EXPECT_FALSE(ContainerFile::Open(AsBytes(whole).first(size), {}).ok());
  }
  EXPECT_FALSE(ContainerFile::Open(AsBytes("x\n"), {}).ok());
}

TEST(TarReaderTest, KnowsPlainFilesOnly) {
  const std::string archive =
      TarEntry("d/", "", '5') + TarEntry("a", "text") + TarEntry("l", "", '2');
  const auto members = ReadTar(AsBytes(archive));
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members.value().size(), 1u);
  EXPECT_EQ(AsText(members.value()[0].bytes), "text");
  std::string broken = archive;
  broken[3] ^= 1;
  EXPECT_FALSE(ReadTar(AsBytes(broken)).ok());
  EXPECT_FALSE(ReadTar(AsBytes(archive).first(700)).ok());
}

TEST(SignFileTest, IsReadByLine) {
  const auto read = ReadSignFile(
      "#clamsign-1.0\n\n# x\n230::pkcs7-pem:QUJD\n:229:pkcs7-pem:QUI=\n");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read.value().size(), 2u);
  EXPECT_EQ(read.value()[0].level_min, 230u);
  EXPECT_EQ(read.value()[0].level_max, UINT32_MAX);
  EXPECT_EQ(AsText(read.value()[0].pkcs7), "ABC");
  EXPECT_EQ(AsText(read.value()[1].pkcs7), "AB");
  EXPECT_FALSE(ReadSignFile("").ok());
  EXPECT_FALSE(ReadSignFile("#clamsign-1.0\n1:2:pem:QUJD\n").ok());
  EXPECT_FALSE(ReadSignFile("#clamsign-1.0\n1:2:pkcs7-pem:Q*\n").ok());
}

class SignedContainerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("openssl version >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "no openssl command";
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("vitrine-signed-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "certs");
    std::ofstream(folder_ / "t.cvd", std::ios::binary)
        << WithHeader(Container());
    ASSERT_TRUE(
        Shell("openssl req -x509 -newkey ec -pkeyopt "
              "ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out "
              "certs/ca.crt -subj /CN=ca -days 2"));
    ASSERT_TRUE(
        Shell("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
              "-nodes -keyout me.key "
              "-out me.csr -subj /CN=me"));
    ASSERT_TRUE(
        Shell("openssl x509 -req -in me.csr -CA certs/ca.crt -CAkey "
              "ca.key -CAcreateserial -out me.crt -days 2"));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  bool Shell(const std::string& command) const {
    const std::string in_folder =
        "cd '" + std::string(folder_) + "' && " + command + " >/dev/null 2>&1";
    return std::system(in_folder.c_str()) == 0;
  }

  void Sign(const std::string& levels) const {
    ASSERT_TRUE(
        Shell("openssl smime -sign -binary -in t.cvd -signer me.crt "
              "-inkey me.key -outform DER -out t.p7"));
    ASSERT_TRUE(Shell("openssl base64 -A -in t.p7 -out t.base64"));
    std::stringstream base64;
    base64 << std::ifstream(folder_ / "t.base64").rdbuf();
    std::ofstream(folder_ / "t-7.cvd.sign")
        << "#clamsign-1.0\n"
        << levels << ":pkcs7-pem:" << base64.str() << "\n";
  }

  Loaded LoadIt(bool allow = false) const {
    LoadOptions options;
    options.certificates_folder = folder_ / "certs";
    const std::string path = folder_ / "t.cvd";
    if (allow) options.unverified_allowed = {path};
    return Load({path}, options);
  }

  std::filesystem::path folder_;
};

TEST_F(SignedContainerTest, IsTakenWhenSomebodyKnownSignedIt) {
  EXPECT_TRUE(LoadIt().refused);
  EXPECT_EQ(LoadIt().program.diagnostics[0].code, "not-verified");
  EXPECT_EQ(LoadIt(true).program.rules.size(), 1u);
  Sign("200:");
  const Loaded loaded = LoadIt();
  EXPECT_FALSE(loaded.refused) << loaded.program.diagnostics[0].message;
  ASSERT_EQ(loaded.program.rules.size(), 1u);
  EXPECT_TRUE(loaded.program.files[1].ends_with("t.cvd!t.ndb"));
}

TEST_F(SignedContainerTest, ABadSignatureIsWorseThanNone) {
  Sign("200:");
  std::ofstream(folder_ / "t.cvd", std::ios::binary)
      << WithHeader(Container() + std::string(512, '\0'));
  const Loaded loaded = LoadIt(true);
  EXPECT_TRUE(loaded.refused);
  EXPECT_EQ(loaded.program.diagnostics[0].code, "bad-signature");
  EXPECT_THAT(loaded.program.diagnostics[0].message,
              testing::HasSubstr("failure"));
}

TEST_F(SignedContainerTest, AStrangersSignatureIsNone) {
  Sign("200:");
  ASSERT_TRUE(
      Shell("openssl req -x509 -newkey ec -pkeyopt "
            "ec_paramgen_curve:prime256v1 -nodes -keyout x.key -out "
            "certs/ca.crt -subj /CN=other -days 2"));
  const Loaded loaded = LoadIt();
  EXPECT_EQ(loaded.program.diagnostics[0].code, "bad-signature");
  EXPECT_THAT(loaded.program.diagnostics[0].message,
              testing::HasSubstr("certificate verify error"));
}

TEST_F(SignedContainerTest, SignaturesAreForRangesOfLevels) {
  Sign("230:");
  EXPECT_EQ(LoadIt().program.diagnostics[0].code, "bad-signature");
}

TEST_F(SignedContainerTest, CompressedOnesAreTaken) {
  std::ofstream(folder_ / "t.tar", std::ios::binary) << Container();
  if (!Shell("gzip -n t.tar")) GTEST_SKIP() << "no gzip command";
  std::stringstream payload;
  payload << std::ifstream(folder_ / "t.tar.gz", std::ios::binary).rdbuf();
  std::ofstream(folder_ / "t.cvd", std::ios::binary)
      << WithHeader(payload.str());
  EXPECT_EQ(LoadIt(true).program.rules.size(), 1u);
}

}  // namespace
}  // namespace vitrine::engine::sources
