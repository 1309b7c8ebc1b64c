// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.h"

#include <boost/json/basic_parser_impl.hpp>
// The parts of Boost.JSON that its parser calls, compiled here and nowhere
// else: no library of theirs is linked.
#include <boost/json/detail/impl/default_resource.ipp>
#include <boost/json/detail/impl/except.ipp>
#include <boost/json/detail/impl/stack.ipp>
#include <boost/json/impl/error.ipp>

#include "base/check.h"
#include "base/json/limits.h"

#ifdef BOOST_NO_EXCEPTIONS
namespace boost {
// Our handler never throws and the parser is asked for error codes, so nobody
// comes here.
void throw_exception(const std::exception&) {
  CHECK(false);
  __builtin_trap();
}
void throw_exception(const std::exception&, const source_location&) {
  CHECK(false);
  __builtin_trap();
}
}  // namespace boost
#endif

namespace vitrine::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Builds the value as the parser calls. The parser stops at the first error.
class Builder {
 public:
  static constexpr size_t max_object_size = kValuesMax;
  static constexpr size_t max_array_size = kValuesMax;
  static constexpr size_t max_key_size = size_t{1} << 31;
  static constexpr size_t max_string_size = size_t{1} << 31;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) { return Open(true, ec); }
  bool on_array_begin(error_code& ec) { return Open(false, ec); }
  bool on_object_end(size_t, error_code& ec) {
    Object object;
    if (!Object::From(std::move(open_.back().members), object)) {
      return Refuse(Code::kInvalid, "an object has a key twice", ec);
    }
    return Close(std::move(object), ec);
  }
  bool on_array_end(size_t, error_code& ec) {
    return Close(std::move(open_.back().values), ec);
  }

  bool on_key_part(string_view part, size_t, error_code&) {
    return Append(part);
  }
  bool on_key(string_view part, size_t, error_code&) {
    Append(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(string_view part, size_t, error_code&) {
    return Append(part);
  }
  bool on_string(string_view part, size_t, error_code& ec) {
    Append(part);
    return Put(std::exchange(text_, {}), ec);
  }

  bool on_number_part(string_view part, error_code&) { return Append(part); }
  bool on_int64(int64_t value, string_view part, error_code& ec) {
    Append(part);
    const std::string spelling = std::exchange(text_, {});
    if (spelling == "-0") return Refuse(Code::kInvalid, "the number -0", ec);
    if (value > kIntegerMax || value < -kIntegerMax) return TooLarge(ec);
    return Put(value, ec);
  }
  bool on_uint64(uint64_t, string_view, error_code& ec) { return TooLarge(ec); }
  bool on_double(double, string_view, error_code& ec) {
    return Refuse(Code::kInvalid, "a number is no integer", ec);
  }
  bool on_bool(bool value, error_code& ec) { return Put(value, ec); }
  bool on_null(error_code& ec) { return Put(Value(), ec); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  Value& value() { return value_; }
  const std::optional<Error>& refusal() const { return refusal_; }

 private:
  struct Scope {
    bool is_object;
    std::string key;
    std::vector<Member> members;
    Array values;
  };

  bool Append(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool Refuse(Code code, const char* why, error_code& ec) {
    refusal_ = Error{code, why};
    ec = boost::json::error::syntax;  // Any will do: refusal_ is what counts.
    return false;
  }
  bool TooLarge(error_code& ec) {
    return Refuse(Code::kInvalid, "a number is beyond 2^53", ec);
  }

  bool Open(bool is_object, error_code& ec) {
    if (open_.size() == kDepthMax) {
      return Refuse(Code::kLimit, "nested more than 16 deep", ec);
    }
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }

  bool Close(Value value, error_code& ec) {
    open_.pop_back();
    return Put(std::move(value), ec);
  }

  bool Put(Value value, error_code& ec) {
    if (++values_ > kValuesMax) {
      return Refuse(Code::kLimit, "more than 262144 values", ec);
    }
    if (open_.empty()) {
      value_ = std::move(value);
    } else if (Scope& scope = open_.back(); scope.is_object) {
      scope.members.push_back({std::move(scope.key), std::move(value)});
    } else {
      scope.values.push_back(std::move(value));
    }
    return true;
  }

  std::vector<Scope> open_;
  std::string text_;  // Of the key, string or number being read.
  size_t values_ = 0;
  Value value_;
  std::optional<Error> refusal_;
};

}  // namespace

Result<Value> Read(Bytes text, size_t size_max) {
  if (text.size() > size_max) {
    return Error{Code::kLimit, "JSON text of more than " +
                                   std::to_string(size_max) + " bytes"};
  }
  boost::json::parse_options options;
  options.max_depth = kDepthMax + 1;  // Ours is reached first, and says so.
  boost::json::basic_parser<Builder> parser(options);
  const std::string_view chars = AsText(text);
  error_code ec;
  const size_t used =
      parser.write_some(/*more=*/false, chars.data(), chars.size(), ec);
  if (const auto& refusal = parser.handler().refusal()) return *refusal;
  if (ec) return Error{Code::kInvalid, "not JSON: " + ec.message()};
  if (used != chars.size()) {
    return Error{Code::kInvalid, "not JSON: something after the value"};
  }
  return std::move(parser.handler().value());
}

}  // namespace vitrine::json
