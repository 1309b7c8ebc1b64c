// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/staging.h"

#include <algorithm>
#include <filesystem>

#include "base/read_file.h"
#include "base/system_error.h"
#include "base/text.h"
#include "tuf/limits.h"
#include "tuf/repository.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMetadataEnd = ".json";

int OrderOf(const std::string& role) {
  return role == "root" ? 0 : role == "targets" ? 1 : 2;
}

// "7.db.json".
std::optional<Staged> NameOf(const std::string& folder,
                             const std::string& name) {
  const size_t dot = name.find('.');
  if (dot == name.npos || !name.ends_with(kMetadataEnd) ||
      name.size() < dot + 1 + kMetadataEnd.size()) {
    return std::nullopt;
  }
  const auto version = ParseDecimal(name.substr(0, dot));
  if (!version) return std::nullopt;
  Staged staged;
  staged.version = static_cast<int64_t>(*version);
  staged.role =
      name.substr(dot + 1, name.size() - dot - 1 - kMetadataEnd.size());
  staged.path = folder + "/" + name;
  return staged;
}

Result<tuf::Envelope> ReadStaged(const std::string& path) {
  const ByteVector bytes = TRY(ReadFile(path, tuf::kTargetsSizeMax));
  return tuf::ReadEnvelope(bytes, tuf::kTargetsSizeMax);
}

// Whose keys count, with what is staged before what is published.
class Signers {
 public:
  Status Read(const std::vector<Staged>& staged, const std::string& site) {
    for (const Staged& each : staged) {
      if (each.role != "root" && each.role != "targets") continue;
      const tuf::Envelope envelope = TRY(ReadStaged(each.path));
      if (each.role == "root") {
        root_ = TRY(tuf::ReadRoot(envelope.body));
      } else {
        top_ = TRY(tuf::ReadTargets(envelope.body));
      }
    }
    const auto repository = TRY(tuf::Repository::Open(site, {}));
    if (!root_ && repository.root() != nullptr) root_ = *repository.root();
    if (!top_ && repository.targets("targets") != nullptr) {
      top_ = *repository.targets("targets");
    }
    return Ok();
  }

  bool Has(const std::string& role, const std::string& key) const {
    const tuf::RoleKeys* keys = nullptr;
    if (role == "root" && root_) keys = &root_->root;
    if (role == "targets" && root_) keys = &root_->targets;
    if (keys == nullptr && top_ && top_->delegations) {
      const tuf::Delegation* const found = top_->delegations->Find(role);
      if (found != nullptr) keys = &found->keys;
    }
    return keys != nullptr &&
           std::find(keys->key_ids.begin(), keys->key_ids.end(), key) !=
               keys->key_ids.end();
  }

 private:
  std::optional<tuf::Root> root_;
  std::optional<tuf::Targets> top_;
};

std::string LeafPath(const std::string& folder, const std::string& role) {
  return folder + "/" + role + ".leaf";
}

}  // namespace

Result<std::vector<Staged>> ListStaging(const std::string& folder) {
  std::vector<Staged> out;
  std::error_code error;
  if (!fs::exists(folder, error)) return out;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    auto staged = NameOf(folder, entry.path().filename().string());
    if (!staged) continue;
    const ByteVector text =
        TRY(ReadFile(LeafPath(folder, staged->role), 65535));
    staged->leaf = TRY(update::ParseLeaf(AsText(text)));
    out.push_back(std::move(*staged));
  }
  if (error) return SystemError(folder, error.value());
  std::sort(out.begin(), out.end(), [](const Staged& a, const Staged& b) {
    const int x = OrderOf(a.role);
    const int y = OrderOf(b.role);
    return x != y ? x < y : a.role < b.role;
  });
  return out;
}

Status Stage(const std::string& folder, const std::string& role,
             int64_t version, const json::Object& body, update::Leaf leaf) {
  const DurableFiles files;
  for (const Staged& old : TRY(ListStaging(folder))) {
    if (old.role != role) continue;
    if (old.version < version) {
      return Error{Code::kDenied,
                   "version " + std::to_string(old.version) + " of " + role +
                       " is published and may not be in the log yet: run "
                       "`log` first"};
    }
    TRY(files.Remove(old.path));
  }
  const std::string text = tuf::WriteEnvelope(body, {});
  leaf.type = update::LeafType::kTuf;
  leaf.role = role;
  leaf.metadata = {static_cast<uint64_t>(version), text.size(),
                   crypto::Sha256(AsBytes(text))};
  const std::string leaf_text = TRY(update::FormatLeaf(leaf));
  TRY(files.Write(LeafPath(folder, role), AsBytes(leaf_text)));
  return files.Write(
      folder + "/" + std::to_string(version) + "." + role + ".json",
      AsBytes(text));
}

Result<std::vector<std::string>> SignStaging(const std::string& folder,
                                             const std::string& site,
                                             const tuf::Signer& signer) {
  const std::vector<Staged> staged = TRY(ListStaging(folder));
  Signers signers;
  TRY(signers.Read(staged, site));
  std::vector<std::string> roles;
  for (const Staged& each : staged) {
    if (!signers.Has(each.role, signer.key().id())) continue;
    const ByteVector file = TRY(ReadFile(each.path, tuf::kTargetsSizeMax));
    const std::string with = TRY(tuf::AddSignature(file, signer));
    TRY(DurableFiles().Write(each.path, AsBytes(with)));
    roles.push_back(each.role);
  }
  return roles;
}

Status ClearStaging(const std::string& folder, const DurableFiles& files) {
  // Metadata without its entry is what nobody could go on with.
  for (const Staged& staged : TRY(ListStaging(folder))) {
    TRY(files.Remove(staged.path));
  }
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) return SystemError(folder, error.value());
  return Ok();
}

}  // namespace vitrine::publisher
