// SPDX-License-Identifier: Apache-2.0
// The client's state machine against a repository whose every file may be any
// other: the input chooses, for each file that the client asks for, one of the
// documents below, bent at a place and signed anew by whichever keys it says.
// Whatever it does, a client never goes back, and takes no target that the
// target's role has not signed.
#include <algorithm>

#include "base/check.h"
#include "tuf/testing.h"

namespace vitrine::tuf {
namespace {

constexpr int kUpdates = 3;

// The input as a source of small choices; zero when it is used up.
class Choices {
 public:
  explicit Choices(Bytes input) : input_(input) {}
  uint8_t Next() {
    if (input_.empty()) return 0;
    const uint8_t choice = input_[0];
    input_ = input_.subspan(1);
    return choice;
  }

 private:
  Bytes input_;
};

// Changes numbers and times of the repository's documents, then publishes.
void Bend(TestRepository& repository, Choices& choices) {
  Common* const documents[] = {
      &repository.root, &repository.timestamp, &repository.snapshot,
      &repository.roles["targets"], &repository.roles["a"]};
  const int count = choices.Next() % 8;
  for (int i = 0; i < count; ++i) {
    Common& document = *documents[choices.Next() % std::size(documents)];
    const uint8_t change = choices.Next();
    switch (change % 8) {
      case 0:
        document.version = std::max<int64_t>(1, document.version - 1);
        break;
      case 1:
        document.expires = kTestNow + change - 128;
        break;
      case 2:
        repository.describe = change & 8;
        break;
      case 3:
        std::swap(repository.signers["timestamp"],
                  repository.signers["snapshot"]);
        break;
      case 4:
        repository.RotateKey(change & 8 ? "timestamp" : "snapshot");
        break;
      case 5:
        repository.root.consistent_snapshot = change & 8;
        break;
      default:
        ++document.version;
    }
  }
  repository.PublishRoot();
  repository.PublishAll();
}

int64_t VersionOf(const MemoryStore& store, const std::string& name) {
  const auto at = store.files.find(name);
  if (at == store.files.end()) return 0;
  const auto envelope = ReadEnvelope(AsBytes(at->second), 1 << 20);
  CHECK(envelope.ok());  // Nothing else may have been kept.
  return *envelope.value().body.Find("version")->integer();
}

void Update(TestRepository& repository, MemoryStore& store, Choices& choices) {
  Bend(repository, choices);
  // Serve some files under each other's names.
  const int swaps = choices.Next() % 4;
  for (int i = 0; i < swaps; ++i) {
    auto& files = repository.metadata;
    auto from = std::next(files.begin(), choices.Next() % files.size());
    auto to = std::next(files.begin(), choices.Next() % files.size());
    to->second = from->second;
  }
  const int64_t root = VersionOf(store, "root.json");
  const int64_t timestamp = VersionOf(store, "timestamp.json");
  Client client(repository, store, {kTestNow, Schemes::kEd25519, false});
  store.done.clear();
  const bool refreshed = client.Refresh().ok();
  const bool forgot = std::count(store.done.begin(), store.done.end(),
                                 "remove timestamp.json") != 0;
  CHECK(VersionOf(store, "root.json") >= root);
  CHECK(forgot || VersionOf(store, "timestamp.json") >= timestamp);
  if (!refreshed) return;
  const auto found = client.Find("a/x");
  if (!found.ok()) return;
  CHECK(found.value().target.length == 7);
  std::string content;
  const Status done = client.Download(found.value(), [&content](Bytes piece) {
    content += AsText(piece);
    return Ok();
  });
  CHECK(!done.ok() || content == "content");
}

}  // namespace
}  // namespace vitrine::tuf

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tuf;  // NOLINT(google-build-using-namespace)
  // Keys are made once; the rest is copied, for they are what is slow.
  static const TestRepository kBegin = [] {
    TestRepository repository;
    repository.Delegate("targets", "a", {"a/*"});
    repository.AddTarget("a", "a/x", "content");
    repository.Advance();
    return repository;
  }();
  TestRepository repository = kBegin;
  MemoryStore store;
  store.files["root.json"] = repository.metadata["1.root.json"];
  Choices choices({data, size});
  for (int i = 0; i < kUpdates; ++i) Update(repository, store, choices);
  return 0;
}
