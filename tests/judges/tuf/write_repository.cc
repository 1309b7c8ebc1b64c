// SPDX-License-Identifier: Apache-2.0
// write_repository FOLDER STAGE: takes the repository in FOLDER, within
// Vitrine's profile, one step further, for other people's clients to read.
// Stage 1 is a first release, 2 a new database, 3 new keys for every role and
// another database. Prints a line "PATH CONTENT" for each target that is then
// offered.
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tuf/profile.h"
#include "tuf/repository.h"

namespace vitrine::tuf {
namespace {

constexpr Time kDay = 86'400;

// The keys of a stage: other numbers, other keys.
struct Holders {
  std::vector<Signer> offline, online;
  std::vector<Signer> snapshot, timestamp;
};

Signer Numbered(size_t number, const json::Object& fields) {
  crypto::Ed25519Seed seed{};
  seed[0] = static_cast<uint8_t>(number);
  seed[1] = 0x7f;
  return Signer(crypto::PrivateKey::Ed25519(seed), fields);
}

Holders HoldersFrom(size_t number) {
  const auto sides = [&number](size_t each) {
    std::vector<Signer> signers;
    for (size_t i = 0; i < each; ++i) {
      for (const Side side : {Side::kVendor, Side::kOutside}) {
        signers.push_back(Numbered(number++, {{kSideField, SideName(side)}}));
      }
    }
    return signers;
  };
  Holders holders;
  holders.offline = sides(3);
  holders.online = sides(2);
  holders.snapshot = {Numbered(number++, {})};
  holders.timestamp = {Numbered(number++, {})};
  return holders;
}

RoleKeys Give(Keys& keys, const std::vector<Signer>& signers,
              int64_t threshold) {
  RoleKeys role;
  for (const Signer& signer : signers) {
    keys.insert_or_assign(signer.key().id(), signer.key());
    role.key_ids.push_back(signer.key().id());
  }
  role.threshold = threshold;
  return role;
}

struct Publisher {
  Repository repository;
  Holders holders;
  Time now;

  // `also` signs too: the holders of the last root.
  Status PublishRoot(int64_t version, std::vector<Signer> also) {
    Root root;
    root.version = version;
    root.expires = now + 365 * kDay;
    root.root = Give(root.keys, holders.offline, 4);
    root.targets = Give(root.keys, holders.offline, 4);
    root.snapshot = Give(root.keys, holders.snapshot, 1);
    root.timestamp = Give(root.keys, holders.timestamp, 1);
    also.insert(also.end(), holders.offline.begin(), holders.offline.end());
    return repository.PublishRoot(AsBytes(SignDocument(WriteRoot(root), also)));
  }

  Delegation Delegate(Keys& keys, const std::string& name,
                      const std::vector<Signer>& signers, int64_t threshold) {
    Delegation role;
    role.name = name;
    role.terminating = true;
    role.paths = {{name + "/*/*"}};
    role.keys = Give(keys, signers, threshold);
    return role;
  }

  Status PublishTop() {
    Targets top = repository.Draft("targets");
    top.expires = now + 365 * kDay;
    top.delegations.emplace();
    auto& [keys, roles, others] = *top.delegations;
    roles.push_back(Delegate(keys, "engine", holders.offline, 4));
    roles.push_back(Delegate(keys, "db", holders.online, 3));
    return repository.PublishTargets(
        "targets", AsBytes(SignDocument(WriteTargets(top), holders.offline)));
  }

  Status PublishTarget(const std::string& role, const std::string& path,
                       const std::string& content) {
    Targets targets = repository.Draft(role);
    targets.expires = now + 6 * kDay;
    Target target = TRY(repository.AddTargetFile(path, AsBytes(content)));
    target.others.Set("custom", json::Object{{"note", "é \"quoted\" \\ \n"}});
    targets.targets.insert_or_assign(path, std::move(target));
    const auto& signers = role == "db" ? holders.online : holders.offline;
    return repository.PublishTargets(
        role, AsBytes(SignDocument(WriteTargets(targets), signers)));
  }

  Status Freshen() {
    return repository.Freshen({now, now + 6 * kDay, now + kDay},
                              holders.snapshot, holders.timestamp);
  }
};

Status Run(const std::string& folder, int stage) {
  Publisher publisher{TRY(Repository::Open(folder, {})),
                      HoldersFrom(stage == 3 ? 100 : 1), time(nullptr)};
  switch (stage) {
    case 1:
      TRY(publisher.PublishRoot(1, {}));
      TRY(publisher.PublishTop());
      TRY(publisher.PublishTarget("engine", "engine/linux/vitrine-1.deb", "e"));
      TRY(publisher.PublishTarget("db", "db/main/main-1.vdb", "one"));
      break;
    case 2:
      TRY(publisher.PublishTarget("db", "db/main/main-2.vdb", "two"));
      break;
    case 3:
      TRY(publisher.PublishRoot(2, HoldersFrom(1).offline));
      TRY(publisher.PublishTop());
      TRY(publisher.PublishTarget("engine", "engine/linux/vitrine-2.deb", "f"));
      TRY(publisher.PublishTarget("db", "db/main/main-3.vdb", "three"));
      break;
    default:
      return Error{Code::kInvalid, "no such stage"};
  }
  return publisher.Freshen();
}

void Print(int stage) {
  std::puts("engine/linux/vitrine-1.deb e");
  std::puts("db/main/main-1.vdb one");
  if (stage >= 2) std::puts("db/main/main-2.vdb two");
  if (stage >= 3) std::puts("engine/linux/vitrine-2.deb f");
  if (stage >= 3) std::puts("db/main/main-3.vdb three");
}

}  // namespace
}  // namespace vitrine::tuf

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int stage = std::atoi(argv[2]);
  const auto done = vitrine::tuf::Run(argv[1], stage);
  if (!done.ok()) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return 1;
  }
  vitrine::tuf::Print(stage);
  return 0;
}
