// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "crypto/digest.h"
#include "publisher/sources/hash_list.h"
#include "publisher/sources/indicator.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;

const std::string kMd5(32, 'a');
const std::string kSha1(40, 'b');
const std::string kSha256(64, 'c');

class Import : public testing::Test {
 protected:
  Import()
      : folder_(fs::path(testing::TempDir()) /
                ("import" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~Import() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  fs::path folder_;
};

TEST_F(Import, TakesDigestsOfACsvWithColumns) {
  const auto imported =
      ImportCsv(Write("list.csv",
                      "# exported\n\"first_seen\", \"sha256\", \"md5\", "
                      "\"signature\", \"file_size\"\n"
                      "2026-01-01, \"" +
                          kSha256 + "\", \"" + kMd5 +
                          "\", \"Some Family, B\", 77\n"
                          "2026-01-02, , \"" +
                          ToLowerText(kMd5) + "\", , \n"),
                "Unknown")
          .value();
  ASSERT_EQ(imported.files.size(), 2u);
  EXPECT_EQ(imported.files[0].name, "list.hdb");
  EXPECT_EQ(imported.files[0].content, kMd5 + ":*:Unknown:73\n");
  EXPECT_EQ(imported.files[1].name, "list.hsb");
  EXPECT_EQ(imported.files[1].content, kSha256 + ":77:Some_Family_B\n");
  EXPECT_EQ(imported.left_out, 0u);
}

TEST_F(Import, TakesPlainListsOfDigests) {
  const auto imported =
      ImportCsv(
          Write("a.txt", kSha1 + "\r\n" + kSha256 + ",Worm.X\n" + kSha1 + "\n"),
          "N")
          .value();
  ASSERT_EQ(imported.files.size(), 1u);
  EXPECT_EQ(imported.files[0].content,
            kSha1 + ":*:N:73\n" + kSha256 + ":*:Worm.X:73\n");
}

TEST_F(Import, NamesTheLineOfWhatItLeavesOut) {
  const std::string path = Write("a.csv", kSha1 + "\nabc,def\n\n\"no end\n");
  const auto imported = ImportCsv(path, "N").value();
  EXPECT_EQ(imported.left_out, 2u);
  EXPECT_EQ(imported.messages,
            (std::vector<std::string>{
                path + ":2: no MD5, SHA-1 or SHA-256 in this line",
                path + ":4: a quote without its end"}));
  EXPECT_FALSE(ImportCsv(Write("b.csv", "nothing\n"), "N").ok());
  EXPECT_FALSE(ImportCsv(folder_ / "absent.csv", "N").ok());
}

TEST_F(Import, TakesDigestsOfMispEvents) {
  const std::string event =
      "{\"Event\":{\"uuid\":\"e1\",\"info\":\"A campaign\",\"Attribute\":["
      "{\"type\":\"sha256\",\"value\":\"" +
      kSha256 +
      "\",\"to_ids\":true},"
      "{\"type\":\"md5\",\"value\":\"" +
      kMd5 +
      "\",\"to_ids\":false},"
      "{\"type\":\"sha1\",\"uuid\":\"a7\",\"value\":\"xyz\"},"
      "{\"type\":\"ip-dst\",\"value\":\"192.0.2.1\"}],\"Object\":[{"
      "\"Attribute\":[{\"type\":\"filename|sha1\",\"value\":\"a.exe|" +
      kSha1 + "\"}]}]}}";
  const std::string path = Write("misp.json", "{\"response\":[" + event + "]}");
  const auto imported = ImportMisp(path, "N").value();
  ASSERT_EQ(imported.files.size(), 1u);
  EXPECT_EQ(imported.files[0].name, "misp.hsb");
  EXPECT_EQ(imported.files[0].content,
            kSha1 + ":*:A_campaign:73\n" + kSha256 + ":*:A_campaign:73\n");
  EXPECT_EQ(
      imported.messages,
      std::vector<std::string>{path + ": event e1, attribute a7: not a digest: "
                                      "xyz"});
  EXPECT_FALSE(ImportMisp(Write("bad.json", "{\"Event\": "), "N").ok());
}

TEST_F(Import, TakesDigestsOfStixIndicators) {
  const auto indicator = [](const std::string& id, const std::string& pattern) {
    return "{\"type\":\"indicator\",\"id\":\"" + id +
           "\",\"name\":\"Bad "
           "thing\",\"pattern_type\":\"stix\",\"pattern\":\"" +
           pattern + "\"}";
  };
  const std::string path =
      Write("stix.json",
            "{\"type\":\"bundle\",\"objects\":[" +
                indicator("i1", "[file:hashes.'SHA-256' = '" + kSha256 +
                                    "' OR file:hashes.MD5 = '" + kMd5 + "']") +
                "," + indicator("i2", "[ipv4-addr:value = '192.0.2.1']") +
                ",{\"type\":\"malware\"}]}");
  const auto imported = ImportStix(path, "N").value();
  ASSERT_EQ(imported.files.size(), 2u);
  EXPECT_EQ(imported.files[0].content, kMd5 + ":*:Bad_thing:73\n");
  EXPECT_EQ(imported.messages,
            std::vector<std::string>{
                path + ": indicator i2: a pattern other than file digests "
                       "joined by OR"});
  EXPECT_FALSE(ImportStix(Write("no.json", "{\"type\":\"x\"}"), "N").ok());
}

TEST(Indicator, TakesNoPartOfAPattern) {
  const std::string good = "[file:hashes.MD5 = '" + kMd5 + "']";
  EXPECT_EQ(DigestsOfPattern(good).value(), std::vector<std::string>{kMd5});
  EXPECT_EQ(DigestsOfPattern(good + " OR " + good).value().size(), 2u);
  for (const std::string& bad :
       {std::string(), std::string("["), good + " AND " + good,
        good + " FOLLOWEDBY " + good, good + " WITHIN 5 SECONDS",
        "[file:hashes.MD5 = '" + kMd5 + "' AND file:name = 'x']",
        "[file:hashes.MD5 != '" + kMd5 + "']",
        "[NOT file:hashes.MD5 = '" + kMd5 + "']",
        std::string("[file:hashes.SSDEEP = 'x']")}) {
    EXPECT_FALSE(DigestsOfPattern(bad).ok()) << bad;
  }
}

TEST_F(Import, OpensClamavContainersAndTakesPlainFiles) {
  const std::string line = kMd5 + ":12:Test.Hash\n";
  std::string info = "ClamAV-VDB:x\n";
  update::ArchiveWriter tar;
  ASSERT_TRUE(tar.Add("main.cbc", AsBytes("x")).ok());
  ASSERT_TRUE(tar.Add("main.hdb", AsBytes(line)).ok());
  const ByteVector payload = tar.Finish();
  std::string header = "ClamAV-VDB:07 Nov 2026 10-00 +0000:62:1:90:" +
                       ToHex(crypto::Md5(payload)) + ":x:somebody:1762509600";
  header.resize(512, ' ');
  Write("db/main.cvd", header + std::string(AsText(payload)));
  Write("db/local.ndb", "Test.Body:0:*:deadbeef\n");
  Write("db/README", "x");
  const auto imported = ImportClamav(folder_ / "db");
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  ASSERT_EQ(imported.value().files.size(), 2u);
  EXPECT_EQ(imported.value().files[0].name, "local.ndb");
  EXPECT_EQ(imported.value().files[1].name, "main/main.hdb");
  EXPECT_EQ(imported.value().files[1].content, line);
  EXPECT_NE(imported.value().origin.find("main.cvd version 62"),
            std::string::npos);
  EXPECT_EQ(imported.value().left_out, 2u);

  Write("db/main.cvd", header + std::string(AsText(payload)) + "x");
  EXPECT_FALSE(ImportClamav(folder_ / "db").ok());
}

TEST_F(Import, TakesYaraFilesOnly) {
  Write("y/a/b.yar", "rule a { condition: true }");
  Write("y/README.md", "x");
  const auto imported = ImportYara(folder_ / "y").value();
  ASSERT_EQ(imported.files.size(), 1u);
  EXPECT_EQ(imported.files[0].name, "a/b.yar");
  fs::create_directories(folder_ / "empty");
  EXPECT_FALSE(ImportYara(folder_ / "empty").ok());
}

TEST(HashList, MakesNamesOfAnything) {
  EXPECT_EQ(SignatureName("Win.Trojan/Agent: x"), "Win.Trojan_Agent_x");
  EXPECT_EQ(SignatureName("\n:"), "unnamed");
  EXPECT_EQ(StemOf("/a/b.c.json"), "b.c");
}

}  // namespace
}  // namespace vitrine::publisher
