// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/client.h"
#include "http/limits.h"
#include "http/raw_peer.h"

namespace vitrine::http {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    char name[] = "/tmp/server.XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directories(root_ / "files/log");
    std::ofstream(root_ / "files/log/checkpoint") << "origin\n1\n";
    std::ofstream(root_ / "secret") << "secret";
  }
  ~ServerTest() override {
    if (server_) server_->Stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
    fs::remove_all(root_);
  }

  void Start(ServerOptions options = {}) {
    tls_ = !options.certificate.empty();
    auto server = Server::Create(options);
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(server).value();
    ASSERT_TRUE(server_->ServeFolder("", (root_ / "files").string()).ok());
    server_->HandlePost("/echo", [](const Posted& posted) {
      return Reply{200, std::string(posted.content_type),
                   std::string(AsText(posted.body))};
    });
    thread_ = std::thread([this] { server_->Run(); });
  }
  std::string Url(const std::string& target) const {
    return (tls_ ? "https://localhost:" : "http://127.0.0.1:") +
           std::to_string(server_->port()) + target;
  }
  Answer Fetch(Request request, ClientOptions options = {}) {
    NoSendLog log;
    body_ = TextTaker();
    return MakeClient(options, log).value()->Fetch(request, body_);
  }
  Request To(const std::string& target) const {
    Request request;
    request.url = ParseUrl(Url(target)).value();
    return request;
  }

  fs::path root_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  TextTaker body_;
  bool tls_ = false;
};

TEST_F(ServerTest, ServesFiles) {
  Start();
  const Answer answer = Fetch(To("/log/checkpoint?x=1"));
  EXPECT_EQ(answer.outcome, Outcome::kDone) << answer.detail;
  EXPECT_EQ(body_.text, "origin\n1\n");
  EXPECT_EQ(answer.content_type, "text/plain; charset=utf-8");
  for (const char* path : {"/nothing", "/", "/log", "/log/", "/../secret",
                           "/%2e%2e/secret", "//etc/passwd"}) {
    EXPECT_EQ(Fetch(To(path)).outcome, Outcome::kNotFound) << path;
  }
}

TEST_F(ServerTest, ServesTheRestOfALargeFile) {
  Start();
  std::string text(3'000'001, '\0');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7);
  std::ofstream(root_ / "files/large") << text;
  Request request = To("/large");
  request.body_max = 4'000'000;
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
  EXPECT_TRUE(body_.text == text);
  request.resume_from = 1'000'000;
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
  EXPECT_TRUE(body_.text == text.substr(1'000'000));
  request.resume_from = text.size();
  EXPECT_EQ(Fetch(request).outcome, Outcome::kNoResume);
}

TEST_F(ServerTest, SaysWhenNothingChanged) {
  Start();
  RawPeer peer(server_->port());
  peer.Say("HEAD /log/checkpoint HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string head = peer.Hear("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 9\r\n"), std::string::npos) << head;
  const size_t at = head.find("ETag: ") + 6;
  const std::string tag = head.substr(at, head.find("\r\n", at) - at);
  peer.Say("GET /log/checkpoint HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + tag +
           "\r\n\r\n");
  EXPECT_TRUE(peer.Hear("\r\n\r\n").starts_with("HTTP/1.1 304 "));
  peer.Say(
      "GET /log/checkpoint HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\""
      "\r\n\r\n");
  EXPECT_TRUE(peer.Hear("origin\n1\n").starts_with("HTTP/1.1 200 "));
}

TEST_F(ServerTest, HandsPostsToTheirHandler) {
  Start({.body_max = 100});
  Request request = To("/echo");
  request.method = Method::kPost;
  request.content_type = "text/x";
  request.body = ByteVector(100, 'a');
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
  EXPECT_EQ(body_.text, std::string(100, 'a'));
  request.body.push_back('a');
  const Answer large = Fetch(request);
  EXPECT_EQ(large.status, 413);
  request.url = ParseUrl(Url("/other")).value();
  request.body = {'a'};
  EXPECT_EQ(Fetch(request).outcome, Outcome::kNotFound);
}

TEST_F(ServerTest, RefusesOtherMethodsAndNonsense) {
  Start();
  RawPeer peer(server_->port());
  peer.Say("DELETE /log/checkpoint HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(peer.Hear("\r\n\r\n").starts_with("HTTP/1.1 405 "));
  peer.Say("nonsense\r\n\r\n");
  EXPECT_TRUE(peer.Hear("\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(peer.Ends());
}

TEST_F(ServerTest, EndsASlowRequestThoughBytesCome) {
  Start({.request_time = milliseconds(300)});
  RawPeer peer(server_->port());
  const auto begin = steady_clock::now();
  peer.Say("GET / HTTP/1.1\r\n");
  bool alive = true;
  for (int i = 0; i < 200 && alive; ++i) {
    alive = peer.Say("X: y\r\n");
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_FALSE(alive);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2000));
}

TEST_F(ServerTest, EndsSilentConnections) {
  Start({.request_time = milliseconds(150), .idle_time = milliseconds(150)});
  RawPeer silent(server_->port());
  EXPECT_TRUE(silent.Ends());
  RawPeer idle(server_->port());
  idle.Say("GET /log/checkpoint HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(idle.Hear("origin\n1\n"), "");
  EXPECT_TRUE(idle.Ends());
}

TEST_F(ServerTest, AReaderWhoDoesNotReadLosesTheConnection) {
  Start({.answer_time = milliseconds(200)});
  std::ofstream(root_ / "files/large") << std::string(50'000'000, 'x');
  RawPeer peer(server_->port());
  peer.Say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_LT(peer.CountToTheEnd(), 50'000'000u);
}

TEST_F(ServerTest, ManySlowClientsLeaveRoomInTime) {
  Start({.connections_max = 4, .request_time = milliseconds(300)});
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 12; ++i) {
    peers.push_back(std::make_unique<RawPeer>(server_->port()));
    peers.back()->Say("GET / HT");
  }
  Request request = To("/log/checkpoint");
  request.total = milliseconds(10'000);
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawPeer peer(server_->port());
  std::string both;
  for (const char* body : {"one", "two"}) {
    both +=
        "POST /echo HTTP/1.1\r\nContent-Type: a\r\nContent-Length: 3\r\n"
        "\r\n" +
        std::string(body);
  }
  peer.Say(both);
  EXPECT_NE(peer.Hear("one"), "");
  EXPECT_NE(peer.Hear("two"), "");
}

TEST_F(ServerTest, SpeaksTlsToThoseWhoCanProveIt) {
  const std::string folder = root_.string();
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
      "-keyout " +
      folder + "/key.pem -out " + folder + "/cert.pem 2>/dev/null";
  if (system(make.c_str()) != 0) {
    GTEST_SKIP() << "openssl(1) makes no certificate here";
  }
  Start({.certificate = folder + "/cert.pem", .key = folder + "/key.pem"});
  EXPECT_EQ(Fetch(To("/log/checkpoint")).outcome, Outcome::kTls);
  ClientOptions options;
  options.authorities = folder + "/cert.pem";
  const Answer answer = Fetch(To("/log/checkpoint"), options);
  EXPECT_EQ(answer.outcome, Outcome::kDone) << answer.detail;
  EXPECT_EQ(body_.text, "origin\n1\n");
  // The certificate is not for that name.
  Request request = To("/log/checkpoint");
  request.url.host = "127.0.0.1";
  EXPECT_EQ(Fetch(request, options).outcome, Outcome::kTls);
  // A folder of certificates, as c_rehash names them.
  fs::create_directory(root_ / "certs");
  const std::string hash = "cp " + folder + "/cert.pem " + folder +
                           "/certs/$(openssl x509 -hash -noout -in " + folder +
                           "/cert.pem).0";
  ASSERT_EQ(system(hash.c_str()), 0);
  options.authorities = folder + "/certs";
  EXPECT_EQ(Fetch(To("/log/checkpoint"), options).outcome, Outcome::kDone);
  RawPeer plain(server_->port());
  plain.Say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(plain.Ends());
}

TEST_F(ServerTest, IsNotMadeOfNonsense) {
  EXPECT_EQ(Server::Create({.address = "nowhere"}).error().code,
            Code::kInvalid);
  EXPECT_EQ(Server::Create({.certificate = "/no", .key = "/no"}).error().code,
            Code::kInvalid);
  Start();
  EXPECT_EQ(Server::Create({.port = server_->port()}).error().code,
            Code::kUnavailable);
  EXPECT_EQ(server_->ServeFolder("x", "/nonexistent").error().code,
            Code::kNotFound);
}

}  // namespace
}  // namespace vitrine::http
