// SPDX-License-Identifier: Apache-2.0
#include "courier_program.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "courier/limits.h"
#include "http/scripted_server.h"
#include "http/server.h"
#include "ledger/ledger_reader.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;
using http::ScriptedServer;

constexpr const char* kJob =
    "vitrine-courier 1\nfetch log/checkpoint 1000 "
    "fresh\nend\n";

bool SayHello(int socket, const std::string&) {
  return ScriptedServer::Say(
      socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
}

std::string Mirrors(const std::string& url) {
  return "mirrors = [\"" + url + "\"]\nattempts = 1\n";
}

std::vector<ledger::Record> Records(const std::string& folder) {
  ledger::LedgerReader reader(folder);
  std::vector<ledger::Record> records;
  for (;;) {
    auto next = reader.Next();
    EXPECT_TRUE(next.ok()) << next.error().message;
    if (!next.ok() || !next.value()) return records;
    records.push_back(*std::move(next).value());
  }
}

std::string Text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(CourierProgram, FetchesAndItsLedgerIsWhatArrived) {
  ScriptedServer server(SayHello);
  CourierProgram courier(Mirrors(server.Url("/v/")));
  courier.Start({});
  courier.Say(kJob);
  EXPECT_EQ(courier.Hear(), "got log/checkpoint 5 0");
  EXPECT_EQ(courier.Hear(), "end");
  // Several jobs, one after the other.
  courier.Say(kJob);
  EXPECT_EQ(courier.Hear(), "got log/checkpoint 5 0");
  EXPECT_EQ(courier.Hear(), "end");
  EXPECT_EQ(courier.End(), 0);
  EXPECT_EQ(Text(courier.Staged("log/checkpoint")), "hello");
  const auto records = Records(courier.Ledger());
  ASSERT_EQ(records.size(), 4u);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(AsText(records[0].request.bytes), server.requests()[0]);
  EXPECT_EQ(AsText(records[2].request.bytes), server.requests()[1]);
  EXPECT_EQ(records[3].result.outcome, "done");
}

TEST(CourierProgram, TwoMachinesSendTheSameBytes) {
  if (geteuid() != 0) GTEST_SKIP() << "other host names and users need root";
  ScriptedServer server(SayHello);
  const CourierProgram::Machine machines[] = {
      {"anna-laptop",
       "nobody",
       {{"LANG", "de_DE.UTF-8"}, {"TZ", "Europe/Berlin"}, {"HOME", "/a"}}},
      {"server-17",
       "daemon",
       {{"LANG", "ja_JP.UTF-8"},
        {"TZ", "Asia/Tokyo"},
        {"USER", "root"},
        {"http_proxy", "http://127.0.0.1:1"},
        {"ALL_PROXY", "http://127.0.0.1:1"},
        {"SSLKEYLOGFILE", "/tmp/keys"},
        {"CURL_HOME", "/b"}}}};
  for (const auto& machine : machines) {
    CourierProgram courier(Mirrors(server.Url("/")));
    courier.Start(machine);
    courier.Say(kJob);
    EXPECT_EQ(courier.Hear(), "got log/checkpoint 5 0");
    EXPECT_EQ(courier.End(), 0);
  }
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0], server.requests()[1]);
  EXPECT_EQ(server.requests()[0],
            "GET /log/checkpoint HTTP/1.1\r\nHost: 127.0.0.1:" +
                std::to_string(server.port()) +
                "\r\nUser-Agent: vitrine\r\nAccept: */*\r\n"
                "Accept-Encoding: identity\r\n\r\n");
}

TEST(CourierProgram, HoldsNoPowerWhenTheNetworkSpeaks) {
  ScriptedServer server(SayHello);
  CourierProgram courier(Mirrors(server.Url("/")));
  courier.Start({});
  courier.Say(kJob);
  EXPECT_EQ(courier.Hear(), "got log/checkpoint 5 0");
  const std::string status =
      Text("/proc/" + std::to_string(courier.pid) + "/status");
  const auto says = [&](const std::string& line) {
    EXPECT_NE(status.find("\n" + line + "\n"), std::string::npos)
        << line << " not in " << status;
  };
  says("CapEff:\t0000000000000000");
  says("CapPrm:\t0000000000000000");
  says("NoNewPrivs:\t1");
  says("Seccomp:\t2");
  if (geteuid() == 0) {
    EXPECT_EQ(status.find("\nUid:\t0\t"), std::string::npos);
    says("CapBnd:\t0000000000000000");
  }
}

TEST(CourierProgram, WithoutALedgerNothingIsSent) {
  ScriptedServer server(SayHello);
  CourierProgram courier(Mirrors(server.Url("/")));
  std::ofstream(courier.Ledger()) << "a file where the folder should be";
  courier.Start({});
  EXPECT_EQ(courier.Hear(), "");
  EXPECT_EQ(courier.End(SIGTERM), 1);
  EXPECT_TRUE(server.requests().empty());
}

TEST(CourierProgram, GoesOnWhereAKilledOneWas) {
  const std::string whole(3 * courier::kResumeStep + 77, 'x');
  std::atomic<bool> stall = true;
  ScriptedServer* self = nullptr;
  ScriptedServer server([&](int socket, const std::string& asked) {
    const size_t at = asked.find("\r\nRange: bytes=");
    const size_t from =
        at == asked.npos ? 0 : std::stoul(asked.substr(at + 15));
    ScriptedServer::Say(
        socket, (from == 0 ? std::string("HTTP/1.1 200 OK\r\n")
                           : "HTTP/1.1 206 P\r\nContent-Range: bytes " +
                                 std::to_string(from) + "-" +
                                 std::to_string(whole.size() - 1) + "/" +
                                 std::to_string(whole.size()) + "\r\n") +
                    "Content-Length: " + std::to_string(whole.size() - from) +
                    "\r\n\r\n");
    if (!stall) return ScriptedServer::Say(socket, whole.substr(from));
    ScriptedServer::Say(socket, whole.substr(0, 2 * courier::kResumeStep + 5));
    while (stall && !self->stopping()) usleep(2000);
    return false;
  });
  self = &server;
  CourierProgram courier(Mirrors(server.Url("/")));
  courier.Start({});
  const std::string job =
      "vitrine-courier 1\nfetch db/large 10000000 immutable\nend\n";
  courier.Say(job);
  const auto arrived = [&] {
    for (const auto& part : fs::directory_iterator(courier.Staged(".parts"))) {
      if (part.file_size() > 2 * courier::kResumeStep) return true;
    }
    return false;
  };
  while (!fs::exists(courier.Staged(".parts")) || !arrived()) usleep(2000);
  EXPECT_EQ(courier.End(SIGKILL), 128 + SIGKILL);
  stall = false;
  courier.Start({});
  courier.Say(job);
  EXPECT_EQ(courier.Hear(),
            "got db/large " + std::to_string(whole.size()) + " 0");
  EXPECT_EQ(courier.End(), 0);
  EXPECT_TRUE(Text(courier.Staged("db/large")) == whole);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_NE(server.requests()[1].find("\r\nRange: bytes=2097152-\r\n"),
            std::string::npos);
}

TEST(CourierProgram, FetchesByTlsFromWithinItsWalls) {
  char name[] = "/tmp/courier-tls.XXXXXX";
  const std::string folder = mkdtemp(name);
  fs::permissions(folder, fs::perms(0755));
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
      "-keyout " +
      folder + "/key.pem -out " + folder + "/cert.pem 2>/dev/null";
  if (system(make.c_str()) != 0) {
    GTEST_SKIP() << "openssl(1) makes no certificate here";
  }
  fs::create_directories(folder + "/files/log");
  std::ofstream(folder + "/files/log/checkpoint") << "hello";
  http::ServerOptions options;
  options.certificate = folder + "/cert.pem";
  options.key = folder + "/key.pem";
  const auto server = http::Server::Create(options).value();
  ASSERT_TRUE(server->ServeFolder("", folder + "/files").ok());
  std::thread serving([&] { server->Run(); });
  const std::string url =
      "https://localhost:" + std::to_string(server->port()) + "/";
  {
    CourierProgram courier(Mirrors(url) + "authorities = \"" + folder +
                           "/cert.pem\"\n");
    courier.Start({});
    courier.Say(kJob);
    EXPECT_EQ(courier.Hear(), "got log/checkpoint 5 0");
    EXPECT_EQ(courier.End(), 0);
  }
  {
    CourierProgram courier(Mirrors(url));
    courier.Start({});
    courier.Say(kJob);
    EXPECT_TRUE(courier.Hear().starts_with("failed log/checkpoint tls "));
    EXPECT_EQ(courier.End(), 0);
  }
  server->Stop();
  serving.join();
  fs::remove_all(folder);
}

TEST(CourierProgram, SaysWhatIsWrongWithItsConfiguration) {
  CourierProgram courier("mirrors = [\"gopher://a/\"]\n");
  courier.Start({});
  EXPECT_EQ(courier.Hear(), "");
  EXPECT_EQ(courier.End(), 1);
  EXPECT_FALSE(fs::exists(courier.Ledger()));
}

}  // namespace
}  // namespace vitrine
