// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "tuf/trusted_set.h"

namespace vitrine::tuf {

// Where files come from. Names are quoted parts of a URL (paths.h). Nothing
// that it gives is believed.
class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // A metadata file; kNotFound when there is none, kLimit when it has more than
  // `size_max` bytes, of which no more need be read.
  virtual Result<ByteVector> FetchMetadata(const std::string& name,
                                           size_t size_max) = 0;

  using Sink = std::function<Status(Bytes)>;
  // Gives a target's bytes to `sink`, in pieces, and stops when it refuses one.
  virtual Status FetchTarget(const std::string& name, uint64_t size_max,
                             const Sink& sink) = 0;
};

// Where trusted metadata is kept, byte for byte as it came, by local name
// ("root.json", paths.h). Each call is whole or does nothing, and lasts.
class Store {
 public:
  virtual ~Store() = default;

  // kNotFound when there is none; kLimit when it is longer.
  virtual Result<ByteVector> Load(const std::string& name, size_t size_max) = 0;
  virtual Status Save(const std::string& name, Bytes file) = 0;
  // Fine when there is none.
  virtual Status Remove(const std::string& name) = 0;
};

// A target that was found: what the role that is responsible for it says.
struct FoundTarget {
  std::string path;
  std::string role;
  int64_t role_version = 0;
  Target target;
};

// One update by the specification's chapter 5: Refresh() once, then as many
// targets as wanted. After an error the store holds what was proven before it,
// and another client can start from there. Thread-compatible.
class Client {
 public:
  // `fetcher` and `store` must outlive this.
  Client(Fetcher& fetcher, Store& store, const TrustedSet::Rules& rules)
      : fetcher_(fetcher), store_(store), rules_(rules) {}

  // 5.2 to 5.6.6.
  Status Refresh();

  // 5.6.7: searches the delegations. kNotFound when no role that is trusted for
  // `path` has it; another error when a role's metadata could not be proven.
  Result<FoundTarget> Find(const std::string& path);

  // 5.7: gives the target's bytes to `sink` as they come and compares them with
  // what was signed. They are good only once this has returned success.
  Status Download(const FoundTarget& found, const Fetcher::Sink& sink);

  // Null before Refresh().
  const TrustedSet* trusted() const { return set_ ? &*set_ : nullptr; }

 private:
  Status UpdateRoot();
  Status UpdateTimestamp();
  Status UpdateSnapshot();
  Status UpdateTargets();
  Result<std::shared_ptr<const Targets>> LoadDelegated(
      const std::shared_ptr<const Targets>& delegator, const std::string& role);
  std::string VersionedName(std::string_view role, int64_t version) const;
  Result<ByteVector> Fetch(const std::string& name, size_t size_max);

  Fetcher& fetcher_;
  Store& store_;
  TrustedSet::Rules rules_;
  std::optional<TrustedSet> set_;
  bool refreshed_ = false;

  // Delegated roles that were proven in this update, by who delegated: the same
  // file may be proven by one delegator and not by another.
  using Proof = std::pair<std::shared_ptr<const Targets>, std::string>;
  std::map<Proof, std::shared_ptr<const Targets>> proven_;
};

}  // namespace vitrine::tuf
