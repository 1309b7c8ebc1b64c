// SPDX-License-Identifier: Apache-2.0
#include "http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/limits.h"

namespace vitrine::http {

namespace beast = boost::beast::http;

struct RequestReader::Parsing {
  beast::request_parser<beast::string_body> parser;
};

RequestReader::RequestReader(uint64_t body_max) : body_max_(body_max) {
  Begin();
}

RequestReader::~RequestReader() = default;

void RequestReader::Begin() {
  parsing_ = std::make_unique<Parsing>();
  parsing_->parser.header_limit(kRequestHeaderMax);
  parsing_->parser.body_limit(body_max_);
  parsing_->parser.eager(true);
  request_ = {};
}

bool RequestReader::begun() const {
  return !pending_.empty() || parsing_->parser.got_some();
}

RequestReader::State RequestReader::Refuse(int status) {
  status_ = status;
  return State::kRefused;
}

void RequestReader::TakeFields() {
  auto& message = parsing_->parser.get();
  const auto field = [&message](beast::field name) {
    return std::string(message[name]);
  };
  request_.method = std::string(message.method_string());
  request_.target = std::string(message.target());
  request_.content_type = field(beast::field::content_type);
  request_.range = field(beast::field::range);
  request_.if_none_match = field(beast::field::if_none_match);
  request_.keep_alive = parsing_->parser.keep_alive();
  request_.body = std::move(message.body());
}

RequestReader::State RequestReader::Put(Bytes bytes) {
  pending_ += AsText(bytes);
  while (!pending_.empty()) {
    boost::beast::error_code ec;
    const size_t used = parsing_->parser.put(
        boost::asio::const_buffer(pending_.data(), pending_.size()), ec);
    pending_.erase(0, used);
    if (ec == beast::error::need_more) ec = {};
    if (ec == beast::error::body_limit) return Refuse(413);
    if (ec == beast::error::header_limit) return Refuse(431);
    if (ec) return Refuse(400);
    if (parsing_->parser.is_done()) {
      TakeFields();
      return State::kWhole;
    }
    if (used == 0) {
      return pending_.size() > kRequestHeaderMax ? Refuse(431) : State::kMore;
    }
  }
  return State::kMore;
}

RequestReader::State RequestReader::Next() {
  Begin();
  return Put({});
}

}  // namespace vitrine::http
