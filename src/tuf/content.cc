// SPDX-License-Identifier: Apache-2.0
#include "tuf/content.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "crypto/digest.h"

namespace vitrine::tuf {
namespace {

constexpr std::pair<const char*, crypto::Algorithm> kAlgorithms[] = {
    {"sha256", crypto::Algorithm::kSha256},
    {"sha512", crypto::Algorithm::kSha512},
};

std::optional<crypto::Algorithm> AlgorithmNamed(const std::string& name) {
  for (const auto& [known, algorithm] : kAlgorithms) {
    if (name == known) return algorithm;
  }
  return std::nullopt;
}

}  // namespace

struct ContentCheck::State {
  struct Expected {
    std::string algorithm;
    std::string digest;
    crypto::Hasher hasher;
  };
  uint64_t left;
  std::vector<Expected> expected;
};

ContentCheck::ContentCheck(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ContentCheck::ContentCheck(ContentCheck&&) noexcept = default;
ContentCheck& ContentCheck::operator=(ContentCheck&&) noexcept = default;
ContentCheck::~ContentCheck() = default;

Result<ContentCheck> ContentCheck::Of(int64_t length, const Hashes& hashes) {
  auto state = std::make_unique<State>();
  state->left = static_cast<uint64_t>(length);
  for (const auto& [name, digest] : hashes) {
    const auto algorithm = AlgorithmNamed(name);
    if (!algorithm) {
      return Error{Code::kDenied, "unknown hash algorithm " + name};
    }
    state->expected.push_back({name, digest, crypto::Hasher(*algorithm)});
  }
  if (state->expected.empty()) return Error{Code::kDenied, "no hash"};
  return ContentCheck(std::move(state));
}

Status ContentCheck::Update(Bytes bytes) {
  if (bytes.size() > state_->left) {
    return Error{Code::kDenied, "longer than its signed length"};
  }
  state_->left -= bytes.size();
  for (auto& expected : state_->expected) expected.hasher.Update(bytes);
  return Ok();
}

Status ContentCheck::Finish() {
  if (state_->left != 0) {
    return Error{Code::kDenied, "shorter than its signed length"};
  }
  for (auto& expected : state_->expected) {
    if (ToHex(expected.hasher.Finish()) != expected.digest) {
      return Error{Code::kDenied,
                   "its " + expected.algorithm + " is not the signed one"};
    }
  }
  return Ok();
}

Status CheckMetaFile(Bytes file, const MetaFile& meta,
                     const std::string& what) {
  if (meta.length && static_cast<uint64_t>(*meta.length) != file.size()) {
    return Error{Code::kDenied, what + ": not of its signed length"};
  }
  if (meta.hashes.empty()) return Ok();
  auto check = ContentCheck::Of(static_cast<int64_t>(file.size()), meta.hashes);
  Status checked = check.ok() ? check.value().Update(file) : check.error();
  if (checked.ok()) checked = check.value().Finish();
  if (checked.ok()) return checked;
  return WithContext(checked.error(), what + ": mix-and-match");
}

Hashes HashesOf(Bytes bytes) {
  Hashes hashes;
  for (const auto& [name, algorithm] : kAlgorithms) {
    crypto::Hasher hasher(algorithm);
    hasher.Update(bytes);
    hashes.emplace(name, ToHex(hasher.Finish()));
  }
  return hashes;
}

std::string NamingDigest(const Hashes& hashes) {
  for (const auto& [name, algorithm] : kAlgorithms) {
    const auto at = hashes.find(name);
    if (at != hashes.end()) return at->second;
  }
  return "";
}

}  // namespace vitrine::tuf
