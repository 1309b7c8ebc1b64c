// SPDX-License-Identifier: Apache-2.0
#include "http/response_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "base/text.h"
#include "http/limits.h"

namespace vitrine::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;

// Where the parser puts a body: to the taker, or to the answer of a refusal.
struct Sink {
  BodyTaker* taker = nullptr;
  std::string* text = nullptr;
  uint64_t left = 0;  // Bytes that may still come.
  uint64_t taken = 0;
  bool too_large = false;
  bool stopped = false;

  bool Take(Bytes bytes) {
    if (bytes.size() > left) {
      too_large = true;
      return false;
    }
    left -= bytes.size();
    if (taker != nullptr) {
      if (!taker->Take(bytes)) stopped = true;
      taken += bytes.size();
      return !stopped;
    }
    if (text != nullptr) *text += AsText(bytes);
    return true;
  }
};

// A body type for Beast's parser: hands on, keeps nothing.
struct SinkBody {
  using value_type = Sink*;
  class reader {
   public:
    template <bool isRequest, class Fields>
    reader(beast::header<isRequest, Fields>&, value_type& sink) : sink_(sink) {}
    void init(const boost::optional<uint64_t>&, error_code& ec) { ec = {}; }
    template <class Buffers>
    size_t put(const Buffers& buffers, error_code& ec) {
      ec = {};
      size_t size = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers);
           at != boost::asio::buffer_sequence_end(buffers); ++at) {
        const boost::asio::const_buffer part = *at;
        if (!sink_->Take(
                {static_cast<const uint8_t*>(part.data()), part.size()})) {
          ec = beast::make_error_code(beast::error::body_limit);
          return size;
        }
        size += part.size();
      }
      return size;
    }
    void finish(error_code& ec) { ec = {}; }

   private:
    value_type& sink_;
  };
};

std::string Visible(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kShownFieldMax)) {
    out += c >= 0x20 && c < 0x7f ? c : '?';
  }
  return out;
}

// The first byte that a Content-Range names.
std::optional<uint64_t> RangeStart(std::string_view text) {
  if (!text.starts_with("bytes ")) return std::nullopt;
  text.remove_prefix(6);
  const size_t dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  return ParseDecimal(text.substr(0, dash));
}

Outcome OutcomeOfStatus(int status) {
  if (status == 404 || status == 410) return Outcome::kNotFound;
  if (status == 408 || status == 425 || status == 429) return Outcome::kBusy;
  if (status >= 400 && status <= 499) return Outcome::kRefused;
  if (status >= 500 && status <= 599) return Outcome::kBusy;
  if (status == 301 || status == 302 || status == 303 || status == 307 ||
      status == 308) {
    return Outcome::kRedirect;
  }
  return Outcome::kBadStatus;
}

}  // namespace

struct ResponseReader::Parsing {
  using Parser = beast::response_parser<SinkBody>;

  Parsing() {
    parser.header_limit(kResponseHeaderMax);
    parser.body_limit(boost::none);
    parser.get().body() = &sink;
  }

  Sink sink;
  Parser parser;
  std::string pending;  // Put, and not used by the parser yet.
  bool header_done = false;
};

ResponseReader::ResponseReader(const Request& request, BodyTaker& taker)
    : request_(request), taker_(taker), parsing_(std::make_unique<Parsing>()) {}

ResponseReader::~ResponseReader() = default;

ResponseReader::State ResponseReader::Fail(Outcome outcome,
                                           std::string detail) {
  answer.outcome = outcome;
  answer.detail = std::move(detail);
  answer.body_bytes = parsing_->sink.taken;
  keep_alive = false;
  return State::kEnded;
}

ResponseReader::State ResponseReader::Finish() {
  answer.body_bytes = parsing_->sink.taken;
  keep_alive = parsing_->parser.keep_alive() && parsing_->pending.empty();
  return State::kEnded;
}

bool ResponseReader::TakesBody() const {
  return answer.outcome == Outcome::kDone;
}

// Fills in `answer`; false where there is no use in reading on.
bool ResponseReader::HeaderDone() {
  const auto& message = parsing_->parser.get();
  answer.status = static_cast<int>(message.result_int());
  answer.content_type =
      Visible(std::string_view(message[beast::field::content_type]));
  const std::string_view encoding = message[beast::field::content_encoding];
  if (!encoding.empty() && encoding != "identity") {
    Fail(Outcome::kProtocol, "a content encoding that was not asked for");
    return false;
  }
  const bool resumes = request_.resume_from > 0;
  answer.outcome = OutcomeOfStatus(answer.status);
  if (answer.status == 200 && !resumes) answer.outcome = Outcome::kDone;
  if (resumes && (answer.status == 200 || answer.status == 416)) {
    answer.outcome = Outcome::kNoResume;
  }
  if (resumes && answer.status == 206) {
    const auto start = RangeStart(message[beast::field::content_range]);
    answer.outcome =
        start == request_.resume_from ? Outcome::kDone : Outcome::kNoResume;
  }
  if (answer.outcome == Outcome::kRedirect) {
    location = std::string(message[beast::field::location].substr(0, kUrlMax));
  }
  Sink& sink = parsing_->sink;
  const uint64_t body_max = TakesBody() ? request_.body_max : kErrorBodyMax;
  const auto length = parsing_->parser.content_length();
  if (length && *length > body_max) {
    if (!TakesBody()) return false;
    Fail(Outcome::kTooLarge, std::to_string(*length) +
                                 " bytes are announced, " +
                                 std::to_string(body_max) + " are allowed");
    return false;
  }
  sink.left = body_max;
  if (TakesBody()) {
    sink.taker = &taker_;
  } else {
    sink.text = &answer.error_body;
    answer.detail = "status " + std::to_string(answer.status);
  }
  return true;
}

ResponseReader::State ResponseReader::Put(Bytes bytes) {
  if (!bytes.empty()) any_bytes = true;
  Parsing& parsing = *parsing_;
  parsing.pending += AsText(bytes);
  for (;;) {
    error_code ec;
    const size_t used =
        parsing.parser.put(boost::asio::const_buffer(parsing.pending.data(),
                                                     parsing.pending.size()),
                           ec);
    parsing.pending.erase(0, used);
    if (ec == beast::error::need_more) ec = {};
    if (parsing.sink.stopped) {
      return Fail(Outcome::kNotSent, "the body could not be kept");
    }
    if (parsing.sink.too_large) {
      if (!TakesBody()) return Finish(), keep_alive = false, State::kEnded;
      return Fail(Outcome::kTooLarge, "more than the " +
                                          std::to_string(request_.body_max) +
                                          " bytes that are allowed");
    }
    if (ec) return Fail(Outcome::kProtocol, ec.message());
    if (parsing.parser.is_header_done() && !parsing.header_done) {
      parsing.header_done = true;
      if (parsing.parser.get().result_int() / 100 == 1) {
        if (++interim_ > kInterimMax) {
          return Fail(Outcome::kProtocol, "too many interim responses");
        }
        std::string rest = std::move(parsing.pending);
        parsing_ = std::make_unique<Parsing>();
        return rest.empty() ? State::kMore : Put(AsBytes(rest));
      }
      if (!HeaderDone()) return State::kEnded;
    } else if (used == 0 && !parsing.parser.is_done()) {
      return State::kMore;
    }
    if (parsing.parser.is_done()) return Finish();
    if (parsing.pending.empty()) return State::kMore;
  }
}

ResponseReader::State ResponseReader::End() {
  error_code ec;
  // The parser takes the end for a bug where nothing came before.
  if (parsing_->parser.got_some()) parsing_->parser.put_eof(ec);
  if (!parsing_->header_done || ec || !parsing_->parser.is_done()) {
    return Break();
  }
  Finish();
  keep_alive = false;
  return State::kEnded;
}

ResponseReader::State ResponseReader::Break() {
  return Fail(
      parsing_->header_done ? Outcome::kTruncated : Outcome::kUnreachable,
      parsing_->header_done ? "the connection ended within the body"
                            : "the connection ended before an answer");
}

}  // namespace vitrine::http
