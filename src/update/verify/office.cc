// SPDX-License-Identifier: Apache-2.0
#include "update/verify/office.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/read_file.h"
#include "base/system_error.h"
#include "wire/letter.h"

namespace vitrine::update {
namespace {

// What the parent's "failed CODE text" means; it is believed in nothing else.
Error Failure(const std::vector<std::string_view>& words,
              const std::string& text) {
  Code code = Code::kUnavailable;
  if (words.size() > 1) {
    for (const Code each : {Code::kLimit, Code::kDenied, Code::kDeadline}) {
      if (words[1] == CodeName(each)) code = each;
    }
  }
  return {code, text.substr(std::min<size_t>(text.size(), 7))};
}

}  // namespace

Result<UniqueFd> Office::Ask(const std::string& question) {
  TRY(wire::Post(parent_, question));
  wire::Letter answer = TRY(wire::TakeLetter(
      parent_, 0, wire::Descriptors::kTaken, Deadline::Never()));
  const auto words = answer.Words();
  if (words.front() == "file" && answer.file) return std::move(answer.file);
  if (words.front() == "missing") return Error{Code::kNotFound, "none there"};
  if (words.front() == "failed") return Failure(words, answer.text);
  return Error{Code::kInternal, "an answer that is none: " + answer.text};
}

Result<ByteVector> Office::Read(const std::string& question,
                                const std::string& name, uint64_t size_max) {
  auto file = Ask(question);
  if (!file.ok()) return WithContext(std::move(file).error(), name);
  return ReadFile(file.value().get(), size_max, name);
}

Result<ByteVector> Office::Want(const std::string& name, uint64_t size_max) {
  return Read("want " + name + ' ' + std::to_string(size_max) + " fresh", name,
              size_max);
}

Result<ByteVector> Office::WantLasting(const std::string& name,
                                       uint64_t size_max) {
  return Read("want " + name + ' ' + std::to_string(size_max) + " lasting",
              name, size_max);
}

Result<ByteVector> Office::Load(const std::string& name, uint64_t size_max) {
  return Read("load " + name, name, size_max);
}

Result<UniqueFd> Office::Base() { return Ask("base"); }

Result<std::span<uint8_t>> Office::Room(uint64_t size) {
  const UniqueFd file = TRY(Ask("room " + std::to_string(size)));
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) return SystemError("mmap", errno);
  return std::span(static_cast<uint8_t*>(memory), size);
}

Status Office::Save(const std::string& name, Bytes bytes) {
  return wire::Post(parent_, "save " + name, bytes);
}

Status Office::Drop(const std::string& name) {
  return wire::Post(parent_, "drop " + name);
}

Status Office::Keep(const std::string& name, Bytes bytes) {
  return wire::Post(parent_, "keep " + name, bytes);
}

Status Office::Tell(const Alert& alert) {
  const std::string text = RuleName(alert.rule) + ": " + alert.what;
  return wire::Post(parent_, "alert", AsBytes(text));
}

Status Office::Testify(Bytes evidence) {
  return wire::Post(parent_, "evidence", evidence);
}

}  // namespace vitrine::update
