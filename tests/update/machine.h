// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "base/check.h"
#include "http/server.h"
#include "publisher.h"

namespace vitrine {

inline std::string FileText(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Runs a command line; its output, and its status.
inline std::pair<std::string, int> RunShell(const std::string& command) {
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  char piece[4096];
  for (ssize_t got; (got = read(ends[0], piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  return {text, WIFEXITED(status) ? WEXITSTATUS(status) : 255};
}

// A folder that a web server serves until the end.
class ServedSite {
 public:
  explicit ServedSite(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    server_ = std::move(http::Server::Create({}).value());
    CHECK(server_->ServeFolder("", folder).ok());
    thread_ = std::thread([this] { server_->Run(); });
  }
  ~ServedSite() {
    server_->Stop();
    thread_.join();
  }
  std::string Url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
  }

 private:
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

// An installation of its own, and databases that find one word each.
class UpdateTest : public testing::Test {
 protected:
  UpdateTest() {
    char name[] = "/tmp/update-test.XXXXXX";
    root_ = mkdtemp(name);
    namespace fs = std::filesystem;
    fs::create_directories(root_ / "etc/vitrine/known-good");
    fs::create_directories(root_ / "var/lib/vitrine");
    fs::permissions(root_, fs::perms(0755));
    site_ = std::make_unique<ServedSite>(root_ / "site");
    Configure(site_->Url());
    std::ofstream(root_ / "etc/vitrine/known-good/letter")
        << "dear " << Marked("customer");
  }
  ~UpdateTest() override {
    site_.reset();
    std::filesystem::remove_all(root_);
  }

  void Configure(const std::string& mirror, const std::string& more = "") {
    std::ofstream(root_ / "etc/vitrine/vitrine.toml")
        << "[update]\nmirrors = [\"" << mirror << "\"" << more
        << "]\nattempts = 1\nfile_timeout_s = 5\njob_timeout_s = 10\n";
  }

  // What no system's file holds.
  static std::string Marked(const std::string& word) {
    return word + ":of:the:update:test";
  }

  std::string Database(const std::string& word) {
    const std::string rules = root_ / "rules.yar";
    const std::string out = root_ / "rules.vdb";
    std::ofstream(rules) << "rule R_" << word << " { strings: $a = \""
                         << Marked(word) << "\" condition: $a }\n";
    const auto [text, status] = RunShell(
        Program("vitrine") + " compile --rules " + rules + " -o " + out);
    CHECK(status == 0);
    return FileText(out);
  }

  static std::string Program(const std::string& name) {
    return VITRINE_BINARY_DIR "/bin/" + name;
  }

  // The command with this installation; its output and status.
  std::pair<std::string, int> Vitrine(const std::string& words) {
    return RunShell(clock_ + Program("vitrine") + ' ' + words + " --root " +
                    root_.string());
  }

  // Moves the machine's clock, as Debian's faketime has it: "+30d", "-2h", or
  // "" for the right time. False where that is not installed.
  bool SetClock(const std::string& shift) {
    constexpr const char* kLibrary =
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    clock_ = shift.empty() ? ""
                           : "LD_PRELOAD=" + std::string(kLibrary) +
                                 " FAKETIME=" + shift + ' ';
    return std::filesystem::exists(kLibrary);
  }

  static uint64_t Now() { return static_cast<uint64_t>(std::time(nullptr)); }

  // Two of three witnesses saw what there is `ago` seconds ago.
  void Publish(uint64_t ago = 0) {
    const uint64_t time = Now() - ago;
    publisher_.Write(root_ / "site", {time, time, 0});
  }

  void Trust(uint64_t min_age = 0) {
    std::ofstream(root_ / "trust.txt") << publisher_.Trust(min_age);
    const auto [text, status] =
        Vitrine("trust init " + (root_ / "trust.txt").string());
    ASSERT_EQ(status, 0) << text;
  }

  // A first database that finds "alpha".
  void TakeFirst() {
    publisher_.Release(1, Database("alpha"));
    Publish();
    ASSERT_NO_FATAL_FAILURE(Trust());
    const auto [text, status] = Vitrine("update");
    ASSERT_EQ(status, 0) << text;
    ASSERT_NE(text.find("main-1 is in use"), text.npos) << text;
  }

  std::filesystem::path State() const { return root_ / "var/lib/vitrine"; }
  std::string Active() const {
    return FileText(State() / "database/active.vdb");
  }

  // What the database in use finds in a file with that word: its rule.
  bool Finds(const std::string& word) {
    const std::string sample = root_ / "sample";
    std::ofstream(sample) << "some " << Marked(word);
    const auto [text, status] =
        RunShell(Program("vitrine") + " scan --database " +
                 (State() / "database/active.vdb").string() + ' ' + sample);
    return status == 1 && text.find("R_" + word) != text.npos;
  }

  // The update is refused by that rule, and the first database protects.
  void ExpectRefused(const std::string& rule, const std::string& words = "") {
    const auto [text, status] = Vitrine("update" + words);
    EXPECT_EQ(status, 2) << text;
    EXPECT_NE(text.find(rule), text.npos) << text;
    EXPECT_TRUE(Finds("alpha")) << text;
  }

  bool HasEvidence() const {
    return !std::filesystem::is_empty(State() / "update/evidence");
  }

  std::filesystem::path root_;
  std::string clock_;  // What stands before a command.
  std::unique_ptr<ServedSite> site_;
  TestPublisher publisher_;
};

}  // namespace vitrine
