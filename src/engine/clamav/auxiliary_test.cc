// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/auxiliary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/clamav/phishing.h"
#include "engine/clamav/posix_pattern.h"
#include "engine/clamav/reader.h"

namespace vitrine::engine::clamav {
namespace {

ir::Program ReadText(const std::string& extension, const std::string& text) {
  ReadState ignored;
  ir::Program program;
  ReadFile(*ExtensionOf("t." + extension), "t", 0, text, true, ignored,
           program);
  EXPECT_TRUE(program.diagnostics.empty()) << text;
  return program;
}

std::vector<Bytes> Codes(const ir::Program& program) {
  std::vector<Bytes> out;
  for (const ir::Auxiliary& one : program.auxiliaries) out.push_back(one.code);
  return out;
}

TEST(AuxiliaryTest, ContainersMatchByTheirMembers) {
  Member evil{"dir/evil.exe", 26, 24, 0x6a11cf46, 1, false};
  const auto matches = [&](const std::string& rest) {
    const ir::Program program = ReadText("cdb", "T:" + rest + "\n");
    return !MatchContainer(Codes(program), FileType::kZIP, 247, evil).empty();
  };
  EXPECT_TRUE(matches("CL_TYPE_ZIP:*:evil\\.exe:*:*:*:*:*:*"));
  EXPECT_TRUE(matches("*:200-300:(?i)EVIL:26:24:0:0-1:*:*"));
  EXPECT_TRUE(matches("CL_TYPE_ANY:247:*:*:*:*:*:11111111:*"));
  EXPECT_FALSE(matches("CL_TYPE_RAR:*:evil:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:^evil\\.exe$:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:EVIL:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:e\\x76il:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:300-200:evil:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP::evil:*:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:evil:24:*:*:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:evil:*:*:1:*:*:*"));
  EXPECT_FALSE(matches("CL_TYPE_ZIP:*:evil:*:*:*:2:*:*"));
}

TEST(AuxiliaryTest, PositionsAreCountedAsClamscanDoes) {
  Member first;
  first.position = 1;
  const auto position = [&](FileType type) -> std::string {
    for (const char* number : {"0", "1"}) {
      const ir::Program program =
          ReadText("cdb", std::string("T:*:*:*:*:*:*:") + number + ":*:*\n");
      if (!MatchContainer(Codes(program), type, 9, first).empty())
        return number;
    }
    return "none";
  };
  EXPECT_EQ(position(FileType::kZIP), "1");
  EXPECT_EQ(position(FileType::kPOSIX_TAR), "1");
  EXPECT_EQ(position(FileType::k7Z), "0");
  EXPECT_EQ(position(FileType::kMSCAB), "0");
  EXPECT_EQ(position(FileType::kGZ), "none");
}

TEST(AuxiliaryTest, PosixPatternsBecomePerls) {
  EXPECT_EQ(PosixToPerl("a\\.b\\d[\\d]"), "a\\.bd[\\\\d]");
  EXPECT_EQ(PosixToPerl("[]a][^]b][[:alpha:]x]"), "[\\]a][^\\]b][[:alpha:]x]");
  EXPECT_EQ(PosixToPerl("(?i)x\\"), "(?i)x\\");
}

TEST(AuxiliaryTest, FileTypesBecomeATable) {
  const ir::Program program =
      ReadText("ftm",
               "0:4:4d5a:X:CL_TYPE_ANY:CL_TYPE_MSEXE\n"
               "1:*:6161??62:Y:CL_TYPE_MSEXE:CL_TYPE_PDF:51\n"
               "1:EOF-4:04030201:Z:CL_TYPE_ANY:CL_TYPE_PDF\n"
               "1:7,2:04030201:Z:CL_TYPE_ANY:CL_TYPE_PDF\n"
               "1:0:0403(02|01)05:Z:CL_TYPE_ANY:CL_TYPE_PDF\n"
               "0:0::Z:CL_TYPE_ANY:CL_TYPE_PDF\n"
               "4:0:4d5a:X:CL_TYPE_ANY:CL_TYPE_PDF\n");
  const auto entries = ReadFileTypeEntries(Codes(program));
  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[4].offset, 9u);
  EXPECT_EQ(entries[0].kind, FileTypeEntry::Kind::kFixed);
  EXPECT_EQ(entries[0].offset, 4u);
  EXPECT_EQ(entries[0].type, FileType::kMSEXE);
  EXPECT_EQ(entries[1].pattern, "6161??62");
  EXPECT_EQ(entries[1].required, FileType::kMSEXE);
  EXPECT_FALSE(entries[1].offset.has_value());
}

TEST(AuxiliaryTest, PasswordsAreForTheirContainer) {
  const ir::Program program =
      ReadText("pwdb",
               "A;Engine:81-255;0;any\n"
               "B;Engine:81-255,Container:CL_TYPE_ZIP;1;7a00\n"
               "C;Engine:81-255,Container:CL_TYPE_RAR;0;rar\n");
  EXPECT_EQ(ReadPasswords(Codes(program), FileType::kZIP),
            (std::vector<std::string>{"any", std::string("z\0", 2)}));
}

TEST(AuxiliaryTest, SmallEntriesComeBack) {
  const ir::Program config = ReadText("cfg", "DOCUMENT:0x5:51:255\n");
  const auto entry = ReadConfigEntry(config.auxiliaries[0].code);
  EXPECT_EQ(entry.value().category, "DOCUMENT");
  EXPECT_EQ(entry.value().flags, 5u);
  const ir::Program trust = ReadText(
      "crb", "N;1;" + std::string(40, 'a') + ";;0102;010001;1;0;1;7;c\n");
  const auto rule = ReadCertificateRule(trust.auxiliaries[0].code);
  EXPECT_TRUE(rule.value().trusted);
  EXPECT_TRUE(rule.value().code_signing);
  EXPECT_FALSE(rule.value().time_stamping);
  EXPECT_EQ(rule.value().modulus, (ByteVector{1, 2}));
  EXPECT_EQ(rule.value().not_before, 7);
  const ir::Program icon =
      ReadText("idb", "N:G1:G2:20" + std::string(122, '1') + "\n");
  EXPECT_EQ(ReadIconRule(icon.auxiliaries[0].code).value().group2, "G2");
  EXPECT_FALSE(ReadIconRule({}).ok());
  EXPECT_FALSE(ReadConfigEntry({}).ok());
  EXPECT_FALSE(ReadCertificateRule({}).ok());
}

constexpr char kEvil[] = "http://evil.example.net/login";
constexpr char kPaypal[] = "http://www.paypal.com/";
constexpr char kSpoof[] = "Heuristics.Phishing.Email.SpoofedDomain";
constexpr char kSsl[] = "Heuristics.Phishing.Email.SSL-Spoof";
constexpr char kNull[] = "Heuristics.Phishing.Email.Cloaked.Null";

std::string Link(const std::string& real, const std::string& displayed,
                 const std::string& pdb = "H:paypal.com\n",
                 const std::string& wdb = "", const ScanOptions& options = {}) {
  ir::Program program = ReadText("pdb", pdb);
  ir::Program allowed = ReadText("wdb", wdb);
  std::vector<Bytes> codes = Codes(program);
  for (const Bytes code : Codes(allowed)) codes.push_back(code);
  return std::string(
      PhishingRules(codes).Check(real, displayed, options).value_or(""));
}

// All as clamscan 1.4.6 answered.
TEST(PhishingTest, DisplayedHostsAreFoundInText) {
  for (const char* shown :
       {"http://www.paypal.com/", "http://paypal.com", "www.paypal.com",
        "PayPal.com", "http://www.paypal.com:80/x", "ftp://www.paypal.com/",
        "mailto:a@paypal.com", "  http://www.paypal.com/  ",
        "Visit http://www.paypal.com/", "hxxp://www.paypal.com",
        "http:/www.paypal.com", "https:www.paypal.com",
        "www.paypal.com/foo bar"}) {
    EXPECT_NE(Link(kEvil, shown), "") << shown;
  }
  for (const char* shown :
       {"click paypal.com now", "http://www.paypal.com.evil.net/",
        "http://xpaypal.com/", "http://www.paypal.com@evil.net/",
        "a@paypal.com", "http://www.ebay.com/", "paypal", "http://",
        "//www.paypal.com/", ""}) {
    EXPECT_EQ(Link(kEvil, shown), "") << shown;
  }
}

TEST(PhishingTest, RealTargetsAreJudged) {
  for (const char* real :
       {"https://evil.net/", "evil.net", "ftp://evil.net/", "http://1.2.3.4/",
        "http://0x7f000001/", "http://user@evil.net/",
        "http://www.paypal.com@evil.net/", "http://paypal.com.evil.net/",
        "http://[::1]/", "http://paypal.co/"}) {
    EXPECT_EQ(Link(real, kPaypal), kSpoof) << real;
  }
  for (const char* real :
       {"http://www.paypal.com/", "http://evil.paypal.com/",
        "mailto:x@evil.net", "http://www.paypal.com:pw@evil.net/", "#x",
        "javascript:foo", "cid:foo", "/relative", ""}) {
    EXPECT_EQ(Link(real, kPaypal), "") << real;
  }
  EXPECT_EQ(Link("http://evil.net%00x/", kPaypal), kNull);
  EXPECT_EQ(Link("http://a.b.co.uk/", "http://www.x.co.uk/", "H:x.co.uk\n"),
            kSpoof);
  EXPECT_EQ(Link("http://1.2.3.4/", "http://5.2.3.4/", "H:5.2.3.4\n"), "");
}

TEST(PhishingTest, SecureMustNotHideInsecure) {
  const char* const secure = "https://www.paypal.com/";
  EXPECT_EQ(Link("http://www.paypal.com/", secure), kSsl);
  EXPECT_EQ(Link("https://www.paypal.com/", secure), "");
  EXPECT_EQ(Link("https://evil.net/", secure), kSpoof);
  ScanOptions always;
  always.alert_phishing_ssl = true;
  always.alert_phishing_cloak = true;
  const char* const other = "https://www.other.com/";
  EXPECT_EQ(Link("http://evil.net/", other), "");
  EXPECT_EQ(Link("http://evil.net/", other, "H:x.y\n", "", always), kSsl);
  EXPECT_EQ(Link("http://a%00b/", other, "H:x.y\n", "", always), kNull);
  EXPECT_EQ(Link("http://a%00b/", "click", "H:x.y\n", "", always), "");
  ScanOptions off;
  off.phishing_scan_urls = false;
  EXPECT_EQ(Link(kEvil, kPaypal, "H:paypal.com\n", "", off), "");
}

TEST(PhishingTest, WatchListsMatchAtTheEnd) {
  for (const char* line :
       {"R:.+:.+\\.paypal\\.com", "R:.+\\.paypal\\.com",
        "R:http.+:http.+\\.paypal\\.com", "R:www\\.paypal\\.com",
        "R:.+\\.paypal\\.com([/?].*)?", "R:.+:http://.+\\.paypal\\.com",
        "R:.+:.+\\.paypal\\.com:51-255", "H:www.paypal.com", "H:com"}) {
    EXPECT_EQ(Link(kEvil, kPaypal, std::string(line) + "\n"), kSpoof) << line;
  }
  for (const char* line :
       {"R:.+:www\\.paypal\\.com", "R:paypal", "R:.+:.+\\.paypal\\.com/",
        "H:aypal.com", "H:PAYPAL.COM", "H:.paypal.com"}) {
    EXPECT_EQ(Link(kEvil, kPaypal, std::string(line) + "\n"), "") << line;
  }
}

TEST(PhishingTest, AllowListsNamePairs) {
  const auto allowed = [](const std::string& line) {
    return Link(kEvil, kPaypal, "H:paypal.com\n", line + "\n").empty();
  };
  EXPECT_TRUE(allowed("M:evil.example.net:www.paypal.com"));
  EXPECT_TRUE(allowed("M:example.net:www.paypal.com"));
  EXPECT_TRUE(allowed("X:.+\\.example\\.net:.+\\.paypal\\.com"));
  EXPECT_TRUE(allowed("X:evil\\.example\\.net:www\\.paypal\\.com"));
  EXPECT_TRUE(
      allowed("X:.+evil\\.example\\.net([/?].*)?:.+\\.paypal\\.com([/?].*)?"));
  EXPECT_TRUE(allowed("Y:evil\\.example\\.net:www\\.paypal\\.com"));
  EXPECT_TRUE(allowed("M:evil.example.net:www.paypal.com:51-255"));
  EXPECT_FALSE(allowed("M:www.paypal.com:evil.example.net"));
  EXPECT_FALSE(allowed("M:evil.example.net:paypal.com"));
  EXPECT_FALSE(allowed("M:EVIL.example.net:www.paypal.com"));
  EXPECT_FALSE(allowed("M:evil.example.net:www.paypal.com:300-400"));
  EXPECT_FALSE(allowed("Y:.+\\.example\\.net"));
}

}  // namespace
}  // namespace vitrine::engine::clamav
