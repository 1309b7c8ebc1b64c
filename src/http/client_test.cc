// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "http/connection.h"
#include "http/limits.h"
#include "http/scripted_server.h"

namespace vitrine::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kHello =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

// Keeps what it is told; refuses where asked to.
class KeptLog : public SendLog {
 public:
  Result<uint64_t> Sending(const Outbound& outbound) override {
    if (refuse) return Error{Code::kUnavailable, "the ledger is full"};
    sent.emplace_back(AsText(outbound.bytes));
    places.push_back(std::string(outbound.method) + " " +
                     std::string(outbound.destination) + " " +
                     std::string(outbound.target));
    return sent.size();
  }
  void Ended(uint64_t number, const Answer& answer) override {
    EXPECT_EQ(number, ended.size() + 1);
    ended.push_back(answer.outcome);
  }
  bool refuse = false;
  std::vector<std::string> sent;
  std::vector<std::string> places;
  std::vector<Outcome> ended;
};

class ClientTest : public ::testing::Test {
 protected:
  Answer Fetch(Request request, ClientOptions options = {}) {
    taker_ = TextTaker();
    auto client = MakeClient(options, log_);
    EXPECT_TRUE(client.ok());
    return client.value()->Fetch(request, taker_);
  }
  static Request To(const std::string& url) {
    Request request;
    request.url = ParseUrl(url).value();
    request.total = milliseconds(5000);
    return request;
  }

  KeptLog log_;
  TextTaker taker_;
};

bool SayHello(int socket, const std::string&) {
  return ScriptedServer::Say(socket, kHello);
}

TEST_F(ClientTest, FetchesAndLogsExactlyWhatArrives) {
  ScriptedServer server(SayHello);
  const Answer answer = Fetch(To(server.Url("/a/b?c")));
  EXPECT_EQ(answer.outcome, Outcome::kDone) << answer.detail;
  EXPECT_EQ(taker_.text, "hello");
  ASSERT_EQ(log_.sent.size(), 1u);
  EXPECT_EQ(log_.sent, server.requests());
  EXPECT_EQ(log_.sent[0], "GET /a/b?c HTTP/1.1\r\nHost: 127.0.0.1:" +
                              std::to_string(server.port()) +
                              "\r\nUser-Agent: vitrine\r\nAccept: */*\r\n"
                              "Accept-Encoding: identity\r\n\r\n");
  EXPECT_EQ(log_.ended, std::vector<Outcome>{Outcome::kDone});
}

TEST_F(ClientTest, SendsNothingThatIsNotLogged) {
  ScriptedServer server(SayHello);
  log_.refuse = true;
  EXPECT_EQ(Fetch(To(server.Url())).outcome, Outcome::kNotSent);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(ClientTest, PostsABody) {
  std::string body;
  ScriptedServer server([&](int socket, const std::string&) {
    char room[16] = {};
    body = std::string(room, static_cast<size_t>(recv(socket, room, 3, 0)));
    return SayHello(socket, "");
  });
  Request request = To(server.Url("/add"));
  request.method = Method::kPost;
  request.body = {'a', 'b', 'c'};
  request.content_type = "text/plain";
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
  EXPECT_EQ(body, "abc");
  EXPECT_EQ(log_.sent[0], server.requests()[0] + "abc");
}

TEST_F(ClientTest, SendsTheSameBytesWhateverTheMachineIs) {
  ScriptedServer server(SayHello);
  const auto send = [&] { Fetch(To(server.Url("/x"))); };
  send();
  // Cookies and tags are not taken, the environment is not asked.
  for (const char* name : {"http_proxy", "https_proxy", "ALL_PROXY"}) {
    setenv(name, "http://127.0.0.1:1", 1);
  }
  setenv("LANG", "de_DE.UTF-8", 1);
  setenv("TZ", "Asia/Tokyo", 1);
  setenv("USER", "somebody", 1);
  setenv("HOME", "/nonexistent", 1);
  send();
  for (const char* name : {"http_proxy", "https_proxy", "ALL_PROXY"}) {
    unsetenv(name);
  }
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0], server.requests()[1]);
}

TEST_F(ClientTest, EchoesNothingThatAServerSaid) {
  ScriptedServer server([](int socket, const std::string&) {
    return ScriptedServer::Say(
        socket,
        "HTTP/1.1 200 OK\r\nSet-Cookie: id=7\r\nETag: \"you\"\r\n"
        "Last-Modified: Sat, 28 Nov 2026 09:00:00 GMT\r\n"
        "Strict-Transport-Security: max-age=999\r\n"
        "Alt-Svc: h2=\":1\"\r\nContent-Length: 0\r\n\r\n");
  });
  auto client = MakeClient({}, log_).value();
  client->Fetch(To(server.Url()), taker_);
  client->Fetch(To(server.Url()), taker_);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0], server.requests()[1]);
}

TEST_F(ClientTest, KeepsAConnectionAndReplacesADeadOne) {
  std::vector<int> sockets;
  ScriptedServer server([&](int socket, const std::string&) {
    sockets.push_back(socket);
    // The third one is answered, and then closed while it is idle.
    return SayHello(socket, "") && sockets.size() != 3;
  });
  auto client = MakeClient({}, log_).value();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(client->Fetch(To(server.Url()), taker_).outcome, Outcome::kDone);
    usleep(20'000);
  }
  EXPECT_EQ(sockets.size(), 4u);
  EXPECT_EQ(log_.sent.size(), log_.ended.size());
}

TEST_F(ClientTest, AskForTheRestOnly) {
  ScriptedServer server([](int socket, const std::string&) {
    return ScriptedServer::Say(socket,
                               "HTTP/1.1 206 P\r\nContent-Range: bytes 3-4/5"
                               "\r\nContent-Length: 2\r\n\r\nlo");
  });
  Request request = To(server.Url());
  request.resume_from = 3;
  EXPECT_EQ(Fetch(request).outcome, Outcome::kDone);
  EXPECT_EQ(taker_.text, "lo");
  EXPECT_NE(server.requests()[0].find("\r\nRange: bytes=3-\r\n"),
            std::string::npos);
}

TEST_F(ClientTest, GivesUpASilentServer) {
  ScriptedServer server([&](int, const std::string&) {
    while (!server.stopping()) usleep(5000);
    return false;
  });
  Request request = To(server.Url());
  request.total = milliseconds(200);
  EXPECT_EQ(Fetch(request).outcome, Outcome::kTimeout);
  request.total = milliseconds(5000);
  request.slow_time = milliseconds(150);
  EXPECT_EQ(Fetch(request).outcome, Outcome::kTooSlow);
}

TEST_F(ClientTest, GivesUpABodyThatComesByTheByte) {
  ScriptedServer server([&](int socket, const std::string&) {
    ScriptedServer::Say(socket, "HTTP/1.1 200 OK\r\n\r\n");
    while (!server.stopping() && ScriptedServer::Say(socket, "x")) usleep(5000);
    return false;
  });
  Request request = To(server.Url());
  request.slow_bytes = 1000;
  request.slow_time = milliseconds(200);
  EXPECT_EQ(Fetch(request).outcome, Outcome::kTooSlow);
  request.slow_bytes = 1;
  request.total = milliseconds(300);
  EXPECT_EQ(Fetch(request).outcome, Outcome::kTimeout);
}

TEST_F(ClientTest, GivesUpAnEndlessBodyAndAnEndlessHeader) {
  ScriptedServer server([&](int socket, const std::string& asked) {
    const bool body = asked.starts_with("GET /body");
    ScriptedServer::Say(
        socket, body ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 200 OK\r\nX: ");
    const std::string more(65536, 'x');
    while (!server.stopping() && ScriptedServer::Say(socket, more)) {
    }
    return false;
  });
  Request request = To(server.Url("/body"));
  request.body_max = 1'000'000;
  EXPECT_EQ(Fetch(request).outcome, Outcome::kTooLarge);
  EXPECT_LE(taker_.text.size(), request.body_max);
  EXPECT_EQ(Fetch(To(server.Url("/header"))).outcome, Outcome::kProtocol);
}

TEST_F(ClientTest, NoticesALyingLength) {
  ScriptedServer server([](int socket, const std::string&) {
    ScriptedServer::Say(socket,
                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    return false;
  });
  const Answer answer = Fetch(To(server.Url()));
  EXPECT_EQ(answer.outcome, Outcome::kTruncated);
  EXPECT_EQ(answer.body_bytes, 5u);
}

// Its end is the body's end, and a reset is no end.
TEST_F(ClientTest, NoticesAResetOfABodyWithoutALength) {
  class Taker : public BodyTaker {
   public:
    bool Take(Bytes) override {
      has_some = true;
      return true;
    }
    std::atomic<bool> has_some = false;
  } taker;
  ScriptedServer server([&](int socket, const std::string& request) {
    ScriptedServer::Say(socket, "HTTP/1.1 200 OK\r\n\r\nhello");
    if (request.find("/reset") == request.npos) return false;
    while (!taker.has_some) std::this_thread::sleep_for(milliseconds(1));
    const linger now = {1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return false;
  });
  EXPECT_EQ(Fetch(To(server.Url("/end"))).outcome, Outcome::kDone);
  const auto client = MakeClient({}, log_).value();
  EXPECT_EQ(client->Fetch(To(server.Url("/reset")), taker).outcome,
            Outcome::kTruncated);
}

TEST_F(ClientTest, FollowsRedirectsWithinAPlaceOnly) {
  std::string location;
  ScriptedServer server([&](int socket, const std::string& asked) {
    if (asked.starts_with("GET /end ")) return SayHello(socket, asked);
    return ScriptedServer::Say(socket,
                               "HTTP/1.1 302 F\r\nLocation: " + location +
                                   "\r\nContent-Length: 0\r\n\r\n");
  });
  ScriptedServer other(SayHello);
  location = "/end";
  EXPECT_EQ(Fetch(To(server.Url())).outcome, Outcome::kDone);
  EXPECT_EQ(log_.sent.size(), 2u);
  location = server.Url("/end");
  EXPECT_EQ(Fetch(To(server.Url())).outcome, Outcome::kDone);
  for (const std::string& elsewhere :
       {other.Url("/end"), std::string("//127.0.0.1:1/end"),
        std::string("https://127.0.0.1/end"), std::string("file:///etc/passwd"),
        std::string("end"), std::string()}) {
    location = elsewhere;
    EXPECT_EQ(Fetch(To(server.Url())).outcome, Outcome::kRedirect) << elsewhere;
  }
  EXPECT_TRUE(other.requests().empty());
  location = "/again";
  const size_t before = log_.sent.size();
  EXPECT_EQ(Fetch(To(server.Url())).outcome, Outcome::kRedirect);
  EXPECT_EQ(log_.sent.size() - before, kRedirectsMax + 1);
}

TEST_F(ClientTest, TellsTheUnreachableFromTheUnproven) {
  uint16_t closed;
  {
    ScriptedServer gone(SayHello);
    closed = gone.port();
  }
  EXPECT_EQ(Fetch(To("http://127.0.0.1:" + std::to_string(closed))).outcome,
            Outcome::kUnreachable);
  EXPECT_EQ(Fetch(To("http://no-such-host.invalid/")).outcome,
            Outcome::kUnreachable);
  ClientOptions options;
  options.tls_only = true;
  EXPECT_EQ(Fetch(To("http://127.0.0.1/"), options).outcome, Outcome::kTls);
  EXPECT_TRUE(log_.sent.empty());
}

TEST_F(ClientTest, AsksAProxyByTheWholeUrl) {
  ScriptedServer proxy(SayHello);
  ClientOptions options;
  options.proxy = proxy.Url();
  EXPECT_EQ(Fetch(To("http://mirror.example/x"), options).outcome,
            Outcome::kDone);
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_TRUE(proxy.requests()[0].starts_with(
      "GET http://mirror.example/x HTTP/1.1\r\nHost: mirror.example\r\n"));
  EXPECT_EQ(log_.sent, proxy.requests());
}

TEST_F(ClientTest, LogsWhatAProxyIsAskedForATunnel) {
  ScriptedServer proxy([](int socket, const std::string&) {
    ScriptedServer::Say(socket, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    return false;
  });
  ClientOptions options;
  options.proxy = proxy.Url();
  EXPECT_EQ(Fetch(To("https://mirror.example/x"), options).outcome,
            Outcome::kUnreachable);
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_EQ(log_.sent, proxy.requests());
  EXPECT_EQ(log_.places[0],
            "CONNECT https://mirror.example mirror.example:443");
  EXPECT_EQ(log_.ended, std::vector<Outcome>{Outcome::kUnreachable});
}

TEST_F(ClientTest, IsNotMadeOfNonsense) {
  EXPECT_EQ(MakeClient({.proxy = "socks5://a"}, log_).error().code,
            Code::kInvalid);
  EXPECT_EQ(MakeClient({.proxy = "http://a/x"}, log_).error().code,
            Code::kInvalid);
  EXPECT_EQ(MakeClient({.authorities = "/nonexistent"}, log_).error().code,
            Code::kNotFound);
}

}  // namespace
}  // namespace vitrine::http
