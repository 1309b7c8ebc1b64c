// SPDX-License-Identifier: Apache-2.0
#include "http/server_session.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "http/limits.h"
#include "http/request_reader.h"
#include "http/served_file.h"
#include "http/server_stream.h"

namespace vitrine::http {
namespace {

const char* ReasonPhrase(int status) {
  constexpr std::pair<int, const char*> kPhrases[] = {
      {200, "OK"},
      {206, "Partial Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {416, "Range Not Satisfiable"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"}};
  for (const auto& [number, phrase] : kPhrases) {
    if (number == status) return phrase;
  }
  return "Status";
}

// The head of an answer, field by field.
class Head {
 public:
  explicit Head(int status) {
    text_ = "HTTP/1.1 " + std::to_string(status) + " " + ReasonPhrase(status) +
            "\r\n";
  }
  Head& Add(std::string_view name, std::string_view value) {
    text_ += std::string(name) + ": " + std::string(value) + "\r\n";
    return *this;
  }
  std::string End(bool keep_alive) {
    if (!keep_alive) Add("Connection", "close");
    return text_ + "\r\n";
  }

 private:
  std::string text_;
};

// One connection. Whatever waits for the loop holds a reference; when nothing
// does, it is over.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::unique_ptr<ServerStream> stream, SessionOwner& owner)
      : owner_(owner),
        stream_(std::move(stream)),
        reader_(owner.options().body_max),
        room_(kRequestHeaderMax) {}
  ~Session() { owner_.Ended(); }

  void Start() {
    stream_->Expire(owner_.options().request_time);
    stream_->Handshake([self = shared_from_this()](bool good, size_t) {
      if (good) self->Read();
    });
  }

 private:
  using State = RequestReader::State;

  void Read() {
    stream_->ReadSome(room_, [self = shared_from_this()](bool good, size_t n) {
      if (good) self->Came(n);
    });
  }

  // The time of a request runs from its first byte: further ones, now and
  // then, do not win any.
  void Came(size_t count) {
    if (!reader_.begun()) stream_->Expire(owner_.options().request_time);
    Take(reader_.Put(Bytes(room_).first(count)));
  }

  void Take(State state) {
    if (state == State::kMore) return Read();
    if (state == State::kRefused) {
      keep_alive_ = false;
      return SendReply({.status = reader_.status(), .body = ""});
    }
    keep_alive_ =
        reader_.request().keep_alive && ++requests_ < kRequestsAConnection;
    Answer(reader_.request());
  }

  void Answer(const Received& request) {
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    head_only_ = request.method == "HEAD";
    if (request.method == "POST") {
      const PostHandler* handler = owner_.Handler(path);
      if (handler == nullptr) return SendReply({.status = 404, .body = ""});
      return SendReply(
          (*handler)({path, request.content_type, AsBytes(request.body)}));
    }
    if (request.method != "GET" && !head_only_) {
      return SendReply({.status = 405, .body = ""});
    }
    const Site site = owner_.Find(path);
    if (site.folder < 0) return SendReply({.status = 404, .body = ""});
    auto file = OpenServed(site.folder, site.rest);
    if (!file.ok()) return SendReply({.status = 404, .body = ""});
    SendFile(request, path, std::move(file).value());
  }

  void SendFile(const Received& request, std::string_view path,
                ServedFile served) {
    if (!request.if_none_match.empty() &&
        NamesTag(request.if_none_match, served.tag)) {
      return Send(Head(304).Add("ETag", served.tag), {});
    }
    const Range range = ReadRange(request.range, served.size);
    const std::string size = std::to_string(served.size);
    if (range.kind == Range::Kind::kUnsatisfiable) {
      return Send(Head(416)
                      .Add("Content-Range", "bytes */" + size)
                      .Add("Content-Length", "0"),
                  {});
    }
    const bool part = range.kind == Range::Kind::kPart;
    at_ = part ? range.first : 0;
    left_ = part ? range.count : served.size;
    Head head(part ? 206 : 200);
    head.Add("Content-Type", ContentTypeOf(path))
        .Add("Content-Length", std::to_string(left_))
        .Add("Accept-Ranges", "bytes")
        .Add("ETag", served.tag);
    if (part) {
      head.Add("Content-Range", "bytes " + std::to_string(at_) + "-" +
                                    std::to_string(at_ + left_ - 1) + "/" +
                                    size);
    }
    file_ = std::move(served.file);
    if (head_only_) left_ = 0;
    Send(std::move(head), {});
  }

  void SendReply(Reply reply) {
    Head head(reply.status);
    head.Add("Content-Type", reply.content_type)
        .Add("Content-Length", std::to_string(reply.body.size()));
    Send(std::move(head), head_only_ ? std::string() : std::move(reply.body));
  }

  void Send(Head head, const std::string& body) {
    out_ = head.End(keep_alive_) + body;
    stream_->Expire(owner_.options().answer_time);
    Write();
  }

  void Write() {
    stream_->Write(out_, [self = shared_from_this()](bool good, size_t) {
      if (good) self->Written();
    });
  }

  // A file goes on where the head ended. One that shrinks meanwhile ends the
  // connection, so that the client can tell.
  void Written() {
    if (left_ > 0) {
      out_.resize(std::min<uint64_t>(kFileStep, left_));
      const ssize_t got =
          pread(file_.get(), out_.data(), out_.size(), static_cast<off_t>(at_));
      if (got <= 0) return;
      out_.resize(static_cast<size_t>(got));
      at_ += out_.size();
      left_ -= out_.size();
      return Write();
    }
    file_.Reset();
    if (!keep_alive_) return Finish();
    stream_->Expire(owner_.options().idle_time);
    const State next = reader_.Next();
    if (reader_.begun()) stream_->Expire(owner_.options().request_time);
    Take(next);
  }

  void Finish() {
    stream_->Expire(kDrainTime);
    stream_->Finish([self = shared_from_this()](bool, size_t) {});
  }

  SessionOwner& owner_;
  std::unique_ptr<ServerStream> stream_;
  RequestReader reader_;
  std::vector<uint8_t> room_;
  std::string out_;
  UniqueFd file_;
  uint64_t at_ = 0;
  uint64_t left_ = 0;  // Of the file, still to be sent.
  unsigned requests_ = 0;
  bool keep_alive_ = false;
  bool head_only_ = false;
};

}  // namespace

void StartSession(boost::asio::ip::tcp::socket socket,
                  boost::asio::ssl::context* tls, SessionOwner& owner) {
  std::make_shared<Session>(MakeServerStream(std::move(socket), tls), owner)
      ->Start();
}

}  // namespace vitrine::http
