// SPDX-License-Identifier: Apache-2.0
#include "config/reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace vitrine::config {
namespace {

std::string ProblemsOf(std::string_view text) {
  std::vector<Problem> problems;
  (void)ReadConfig(text, problems);
  return Describe("f", problems);
}

Config Accepted(std::string_view text) {
  std::vector<Problem> problems;
  Config config = ReadConfig(text, problems);
  EXPECT_EQ(Describe("f", problems), "");
  return config;
}

TEST(Reader, AnEmptyFileGivesTheDefaults) {
  const Config config = Accepted("");
  EXPECT_EQ(config.guard.mode, GuardMode::kBlock);
  EXPECT_EQ(config.guard.on_deadline, Access::kAllow);
  EXPECT_EQ(config.scanner.count, 0u);
  EXPECT_FALSE(config.doorman.allow_shutdown);
  EXPECT_TRUE(config.tasks.empty());
}

TEST(Reader, ReadsEverySection) {
  const Config config = Accepted(R"(
[guard]
mode = "notify"
deadline_ms = 800
on_deadline = "deny"
exclude_paths = ["/srv/db/**", "**.iso"]
[scanner]
count = 3
require_full_cage = true
[doorman]
unix_mode = 0o660
tcp = ["127.0.0.1:3310", "[::1]:3310"]
idle_timeout_s = 5
[quarantine]
max_age_days = 0
actions = ["block"]
[[quarantine.ladder]]
rules = ["PUA.*"]
actions = ["notify"]
[events]
journald = false
[update]
mirrors = ["https://a.example/vitrine/", "http://[::1]:8080/"]
proxy = "http://proxy.example:3128"
interval_minutes = 30
[tasks.nightly]
type = "custom"
paths = ["/home"]
schedule = "daily 02:30"
[tasks.boot]
type = "critical"
schedule = "startup"
)");
  EXPECT_EQ(config.guard.mode, GuardMode::kNotify);
  EXPECT_EQ(config.guard.deadline, std::chrono::milliseconds(800));
  EXPECT_EQ(config.guard.on_deadline, Access::kDeny);
  ASSERT_EQ(config.guard.exclude_paths.size(), 2u);
  EXPECT_TRUE(config.guard.exclude_paths[1].Matches("/a/b.iso"));
  EXPECT_EQ(config.scanner.count, 3u);
  EXPECT_TRUE(config.scanner.require_full_cage);
  EXPECT_EQ(config.doorman.unix_mode, 0660u);
  EXPECT_EQ(config.doorman.tcp.size(), 2u);
  EXPECT_EQ(config.doorman.idle_timeout, std::chrono::seconds(5));
  ASSERT_EQ(config.quarantine.ladders.size(), 1u);
  EXPECT_EQ(config.quarantine.ladders[0].actions[0], Action::kNotify);
  ASSERT_EQ(config.quarantine.actions.size(), 1u);
  EXPECT_FALSE(config.events.journald);
  EXPECT_EQ(config.update.mirrors.size(), 2u);
  EXPECT_EQ(config.update.proxy, "http://proxy.example:3128");
  EXPECT_EQ(config.update.interval, std::chrono::minutes(30));
  EXPECT_EQ(config.update.attempts, 3u);
  ASSERT_EQ(config.tasks.size(), 2u);
  EXPECT_EQ(config.tasks[0].name, "boot");
  EXPECT_EQ(config.tasks[1].schedule.times, std::vector<uint32_t>{150});
}

TEST(Reader, EveryMistakeIsListedWithItsLine) {
  EXPECT_EQ(ProblemsOf(R"([guard]
mode = "blocking"
deadline_ms = 1
exclude_paths = [
  "/fine/**",
  "relative",
  7,
]
colour = 1
[scanner]
count = "two"
[nowhere]
)"),
            "f:2: guard.mode must be one of block, notify, off\n"
            "f:3: guard.deadline_ms must be from 50 to 600000\n"
            "f:6: guard.exclude_paths has \"relative\": a path mask begins "
            "with / or **\n"
            "f:7: guard.exclude_paths must be a list of strings\n"
            "f:9: guard.colour is not known\n"
            "f:11: scanner.count must be a whole number\n"
            "f:12: nowhere is not known");
}

TEST(Reader, MirrorsAndProxiesAreUrls) {
  EXPECT_EQ(
      ProblemsOf(R"([update]
mirrors = ["https://a/x", "ftp://a/", "https://a/?q=/", "https:///"]
proxy = "socks5://a:1"
authorities = "certs"
attempts = 0
)"),
      "f:2: update.mirrors has \"https://a/x\": write https://HOST/PATH/\n"
      "f:2: update.mirrors has \"ftp://a/\": write https://HOST/PATH/\n"
      "f:2: update.mirrors has \"https://a/?q=/\": write "
      "https://HOST/PATH/\n"
      "f:2: update.mirrors has \"https:///\": write https://HOST/PATH/\n"
      "f:3: update.proxy must be http://HOST:PORT\n"
      "f:4: update.authorities must be a full path\n"
      "f:5: update.attempts must be from 1 to 20");
}

TEST(Reader, ABadExclusionDoesNotHideTheOthers) {
  std::vector<Problem> problems;
  const Config config =
      ReadConfig("[guard]\nexclude_rules = [\"A\", \"B***\", \"C\"]", problems);
  EXPECT_EQ(problems.size(), 1u);
  EXPECT_EQ(config.guard.exclude_rules.size(), 2u);
}

TEST(Reader, GrammarMistakesHaveTheirLine) {
  EXPECT_TRUE(ProblemsOf("[guard]\nmode = \n").starts_with("f:2: "));
  EXPECT_TRUE(ProblemsOf("[guard]\na = 1\na = 2\n").starts_with("f:3: "));
}

TEST(Reader, TablesNeedAName) {
  for (const char* text :
       {"\n[ /guard]\n", "[]\n", "[[[a]]]\n", "[guard]\nx\xc2\xbb = 1\n"}) {
    EXPECT_NE(ProblemsOf(text), "") << text;
  }
}

TEST(Reader, LettersBeyondAsciiStandInStringsAndComments) {
  const Config config = Accepted(
      "[guard]\nexclude_paths = [\"/srv/B\xc3\xbc"
      "cher \\\"x/**\"] # \xc3\xbc\n");
  ASSERT_EQ(config.guard.exclude_paths.size(), 1u);
  EXPECT_EQ(config.guard.exclude_paths[0].text(),
            "/srv/B\xc3\xbc"
            "cher \"x/**");
  EXPECT_NE(ProblemsOf("[guard]\nexclude_paths = [\"/\xc3\"]"), "");
}

TEST(Reader, TasksAreHeldToTheirType) {
  EXPECT_NE(ProblemsOf("[tasks.a]\nschedule = \"manual\"\n")
                .find("tasks.a.type is missing"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.a]\ntype = \"custom\"\n")
                .find("tasks.a.paths is missing"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.a]\ntype = \"full\"\npaths = [\"/\"]\n")
                .find("is for custom and removable tasks alone"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.a]\ntype = \"custom\"\npaths = [\"**.sh\"]\n")
                .find("f:3: tasks.a.paths has \"**.sh\": write a full path"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.a]\ntype = \"removable\"\n"
                       "schedule = \"daily 01:00\"\n")
                .find("f:3: tasks.a.schedule is not for removable tasks"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.A]\ntype = \"full\"\n").find("named by"),
            std::string::npos);
  EXPECT_NE(ProblemsOf("[tasks.a]\ntype = \"full\"\nschedule = \"\"\n")
                .find("is no schedule"),
            std::string::npos);
}

TEST(Reader, AddressesNeedAPort) {
  EXPECT_NE(ProblemsOf("[doorman]\ntcp = [\"localhost\"]"), "");
  EXPECT_NE(ProblemsOf("[doorman]\ntcp = [\"localhost:0\"]"), "");
  EXPECT_NE(ProblemsOf("[doorman]\ntcp = [\":3310\"]"), "");
}

TEST(Reader, LaddersNeedBothHalves) {
  EXPECT_NE(ProblemsOf("[[quarantine.ladder]]\nrules = [\"A\"]"), "");
  EXPECT_NE(ProblemsOf("[[quarantine.ladder]]\nactions = [\"block\"]"), "");
  EXPECT_NE(ProblemsOf("[quarantine]\nactions = []"), "");
  EXPECT_NE(ProblemsOf("[quarantine]\nactions = [\"block\", \"block\"]"), "");
}

TEST(Reader, DescribesAHundredProblemsAndCountsTheRest) {
  std::string text = "[guard]\n";
  for (int i = 0; i < 150; ++i) text += "k" + std::to_string(i) + " = 1\n";
  EXPECT_TRUE(ProblemsOf(text).ends_with("f: and 50 more"));
}

// The documentation's example holds every key with its default: it must be
// accepted, and say what the code says.
TEST(Reader, TheDocumentedDefaultsAreTheDefaults) {
  std::ifstream in(VITRINE_SOURCE_DIR "/docs/configuration.md");
  std::string line;
  std::string text;
  bool inside = false;
  while (std::getline(in, line)) {
    if (line.starts_with("```")) {
      inside = line == "```toml";
      continue;
    }
    if (inside) text += line + "\n";
  }
  ASSERT_FALSE(text.empty());
  const Config shown = Accepted(text);
  const Config real;
  EXPECT_EQ(shown.guard.mode, real.guard.mode);
  EXPECT_EQ(shown.guard.deadline, real.guard.deadline);
  EXPECT_EQ(shown.guard.on_deadline, real.guard.on_deadline);
  EXPECT_EQ(shown.guard.on_error, real.guard.on_error);
  EXPECT_EQ(shown.guard.on_limited, real.guard.on_limited);
  ASSERT_EQ(shown.guard.lasting_mounts.size(),
            real.guard.lasting_mounts.size());
  for (size_t i = 0; i < real.guard.lasting_mounts.size(); ++i) {
    EXPECT_EQ(shown.guard.lasting_mounts[i].text(),
              real.guard.lasting_mounts[i].text());
  }
  EXPECT_EQ(shown.guard.containers, real.guard.containers);
  EXPECT_EQ(shown.guard.max_scan_queue, real.guard.max_scan_queue);
  EXPECT_EQ(shown.scanner.memory_mb, real.scanner.memory_mb);
  EXPECT_EQ(shown.scanner.cpu_percent, real.scanner.cpu_percent);
  EXPECT_EQ(shown.doorman.unix_mode, real.doorman.unix_mode);
  EXPECT_EQ(shown.doorman.stream_max_length, real.doorman.stream_max_length);
  EXPECT_EQ(shown.doorman.command_read_timeout,
            real.doorman.command_read_timeout);
  EXPECT_EQ(shown.doorman.read_timeout, real.doorman.read_timeout);
  EXPECT_EQ(shown.doorman.limited, real.doorman.limited);
  EXPECT_EQ(shown.doorman.unofficial_suffix, real.doorman.unofficial_suffix);
  EXPECT_EQ(shown.doorman.idle_timeout, real.doorman.idle_timeout);
  EXPECT_EQ(shown.doorman.max_connections, real.doorman.max_connections);
  EXPECT_EQ(shown.doorman.max_connections_per_peer,
            real.doorman.max_connections_per_peer);
  EXPECT_EQ(shown.doorman.max_queue, real.doorman.max_queue);
  EXPECT_EQ(shown.doorman.max_directory_recursion,
            real.doorman.max_directory_recursion);
  EXPECT_EQ(shown.quarantine.max_age_days, real.quarantine.max_age_days);
  EXPECT_EQ(shown.quarantine.max_size_mb, real.quarantine.max_size_mb);
  EXPECT_EQ(shown.quarantine.actions, real.quarantine.actions);
  EXPECT_EQ(shown.events.retention_days, real.events.retention_days);
  EXPECT_EQ(shown.events.max_size_mb, real.events.max_size_mb);
  EXPECT_EQ(shown.events.journald, real.events.journald);
}

class Loading : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::temp_directory_path() /
            ("vitrine-config." + std::to_string(getpid()));
    std::filesystem::create_directories(Paths(root_).Etc());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void Write(std::string_view text) {
    std::ofstream(Paths(root_).ConfigFile()) << text;
    chmod(Paths(root_).ConfigFile().c_str(), 0644);
  }

  std::string root_;
};

TEST_F(Loading, NoFileMeansTheDefaults) {
  EXPECT_TRUE(LoadConfig(Paths(root_), getuid()).ok());
}

TEST_F(Loading, NamesTheFileInItsProblems) {
  Write("[guard]\nmode = 1\n");
  const auto loaded = LoadConfig(Paths(root_), getuid());
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Code::kInvalid);
  EXPECT_TRUE(loaded.error().message.starts_with(Paths(root_).ConfigFile() +
                                                 ":2: guard.mode"));
}

TEST_F(Loading, RefusesAFileThatOthersMayWrite) {
  Write("");
  chmod(Paths(root_).ConfigFile().c_str(), 0666);
  const auto loaded = LoadConfig(Paths(root_), getuid());
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Code::kDenied);
}

TEST(PathsTest, EverythingLiesBelowTheRoot) {
  EXPECT_EQ(Paths().ConfigFile(), "/etc/vitrine/vitrine.toml");
  EXPECT_EQ(Paths("/").State(), "/var/lib/vitrine");
  EXPECT_EQ(Paths("/tmp/x/").GuardSocket(), "/tmp/x/run/vitrine/guard.sock");
}

}  // namespace
}  // namespace vitrine::config
