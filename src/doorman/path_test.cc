// SPDX-License-Identifier: Apache-2.0
// The four commands that name a path.
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "doorman/server_room.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

using namespace std::string_literals;

class PathTest : public testing::Test, protected ServerRoom {
 protected:
  // As Ask(), for "zVERB $PATH", with the folder spelled $W in the reply.
  std::string Scan(const std::string& verb, const std::string& path) {
    std::string reply = Ask("z" + verb + " " + folder_ + "/" + path + "\0"s);
    for (size_t at; (at = reply.find(folder_)) != std::string::npos;) {
      reply.replace(at, folder_.size(), "$W");
    }
    return reply;
  }
  void MakeTree() {
    MakeFile("f/clean.txt", "nothing here\n");
    MakeFile("f/bad.bin", "MALMARK");
    MakeFile("f/two.bin", "MALMARK OTHERMARK");
    MakeFile("f/sub/bad2.bin", "MALMARK");
    MakeFile("f/empty", "");
    MakeFile("f/okdir/ok.txt", "fine");
  }
};

TEST_F(PathTest, ScansFiles) {
  MakeTree();
  Start();
  for (const char* verb : {"SCAN", "CONTSCAN", "MULTISCAN", "ALLMATCHSCAN"}) {
    EXPECT_EQ("$W/f/clean.txt: OK\0"s, Scan(verb, "f/clean.txt"));
    EXPECT_EQ("$W/f/empty: OK\0"s, Scan(verb, "f/empty"));
    EXPECT_EQ("$W/f/bad.bin: TestSig.UNOFFICIAL FOUND\0"s,
              Scan(verb, "f/bad.bin"));
    EXPECT_EQ(
        "$W/none: File path check failure: No such file or directory. "
        "ERROR\0"s,
        Scan(verb, "none"));
    EXPECT_EQ(
        "$W/f/bad.bin/x: File path check failure: Not a directory. ERROR\0"s,
        Scan(verb, "f/bad.bin/x"));
  }
  EXPECT_EQ(
      "$W/f/two.bin: TestSig.UNOFFICIAL FOUND\0"
      "$W/f/two.bin: Other.UNOFFICIAL FOUND\0"s,
      Scan("ALLMATCHSCAN", "f/two.bin"));
}

TEST_F(PathTest, TakesAnyCharacterBetweenVerbAndPath) {
  MakeTree();
  Start();
  const std::string bad = folder_ + "/f/bad.bin";
  EXPECT_EQ(bad + ": TestSig.UNOFFICIAL FOUND\n", Ask("nSCAN\t" + bad + "\n"));
  EXPECT_EQ(bad + ": TestSig.UNOFFICIAL FOUND\n", Ask("SCAN " + bad));
  EXPECT_EQ(": File path check failure: No such file or directory. ERROR\0"s,
            Ask("zSCANX\0"s));
  EXPECT_EQ(" " + bad +
                ": File path check failure: No such file or directory. ERROR\n",
            Ask("SCAN  " + bad + "\n"));
}

TEST_F(PathTest, KnowsNoRelativePath) {
  Start();
  EXPECT_EQ(
      "relative/path: File path check failure: No such file or directory. "
      "ERROR\n",
      Ask("nSCAN relative/path\n"));
}

TEST_F(PathTest, StopsAtTheFirstHitOrGoesOn) {
  MakeTree();
  Start();
  const std::string first = "$W/f/bad.bin: TestSig.UNOFFICIAL FOUND\0"s;
  EXPECT_EQ(first, Scan("SCAN", "f"));
  EXPECT_EQ(first, Scan("ALLMATCHSCAN", "f"));
  const std::string all = first +
                          "$W/f/two.bin: TestSig.UNOFFICIAL FOUND\0"
                          "$W/f/sub/bad2.bin: TestSig.UNOFFICIAL FOUND\0"s;
  EXPECT_EQ(all, Scan("CONTSCAN", "f"));
  EXPECT_EQ(all, Scan("CONTSCAN", "f/"));
  const std::string any_order = Scan("MULTISCAN", "f");
  EXPECT_EQ(all.size(), any_order.size()) << any_order;
}

TEST_F(PathTest, SaysOkOnceForACleanFolder) {
  MakeTree();
  std::filesystem::create_directory(folder_ + "/none");
  Start();
  for (const char* verb : {"SCAN", "CONTSCAN", "MULTISCAN", "ALLMATCHSCAN"}) {
    EXPECT_EQ("$W/f/okdir: OK\0"s, Scan(verb, "f/okdir/"));
  }
  EXPECT_EQ("$W/none: OK\0"s, Scan("SCAN", "none"));
  EXPECT_EQ("$W/none: OK\0"s, Scan("CONTSCAN", "none"));
  EXPECT_EQ("", Scan("MULTISCAN", "none"));
}

TEST_F(PathTest, FollowsLinksOnlyThatWereNamed) {
  MakeTree();
  std::filesystem::create_directory(folder_ + "/links");
  std::filesystem::create_symlink("../f/bad.bin", folder_ + "/links/l");
  std::filesystem::create_symlink("../f", folder_ + "/links/d");
  std::filesystem::create_symlink("nowhere", folder_ + "/links/n");
  Start();
  EXPECT_EQ("$W/links: OK\0"s, Scan("CONTSCAN", "links"));
  EXPECT_EQ("$W/links/l: TestSig.UNOFFICIAL FOUND\0"s, Scan("SCAN", "links/l"));
  EXPECT_EQ(
      "$W/links/n: File path check failure: No such file or directory. "
      "ERROR\0"s,
      Scan("SCAN", "links/n"));
  Stop();
  settings_.follow_links = true;
  Start();
  EXPECT_NE(std::string::npos,
            Scan("CONTSCAN", "links").find("$W/links/d/sub/bad2.bin: "));
}

TEST_F(PathTest, DoesNotRunInCirclesOfLinks) {
  MakeTree();
  std::filesystem::create_symlink(".", folder_ + "/f/one");
  std::filesystem::create_symlink("..", folder_ + "/f/sub/two");
  settings_.follow_links = true;
  Start();
  Scan("CONTSCAN", "f");
  EXPECT_EQ(6, scanning_->scans);
}

TEST_F(PathTest, ComplainsOfFoldersThatAreTooDeep) {
  settings_.max_directory_recursion = 2;
  MakeFile("d/1/2/ok", "ok");
  MakeFile("d/1/2/3/bad", "MALMARK");
  Start();
  EXPECT_EQ("$W/d/1/2/3: Directory recursion limit exceeded. ERROR\0"s,
            Scan("SCAN", "d"));
  EXPECT_EQ("$W/d/1/2/3/bad: TestSig.UNOFFICIAL FOUND\0"s, Scan("SCAN", "d/1"));
}

TEST_F(PathTest, LeavesPipesAlone) {
  MakeFile("s/ok", "ok");
  ASSERT_EQ(0, mkfifo((folder_ + "/s/pipe").c_str(), 0644));
  Start();
  EXPECT_EQ("$W/s: OK\0"s, Scan("CONTSCAN", "s"));
  EXPECT_EQ("$W/s/pipe: Not supported file type ERROR\0"s,
            Scan("SCAN", "s/pipe"));
}

TEST_F(PathTest, EndsWithItsClient) {
  for (int i = 0; i < 200; ++i) MakeFile("m/" + std::to_string(i), "ok");
  MakeFile("m/x", "SLOW");
  Start();
  {
    Client client = Connect();
    client.Send("zCONTSCAN " + folder_ + "/m\0"s);
    while (scanning_->scans == 0) {
    }
  }
  scanning_->Release();
  for (int i = 0; i < 20; ++i) EXPECT_EQ("PONG\0"s, Ask("zPING\0"s));
  const int after = scanning_->scans;
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_GE(after + 1, scanning_->scans);
}

TEST_F(PathTest, NamesFoundCannotForgeReplies) {
  MakeFile("n/x: OK\n/y", "MALMARK");
  Start();
  EXPECT_EQ(folder_ + "/n/x: OK?/y: TestSig.UNOFFICIAL FOUND\n",
            Ask("nCONTSCAN " + folder_ + "/n\n"));
  EXPECT_EQ("$W/n/x: OK\n/y: TestSig.UNOFFICIAL FOUND\0"s,
            Scan("CONTSCAN", "n"));
}

}  // namespace
}  // namespace vitrine::doorman
