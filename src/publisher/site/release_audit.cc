// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/release_audit.h"

#include <algorithm>

#include "publisher/database/compare.h"
#include "publisher/database/compile_sources.h"
#include "publisher/site/limits.h"
#include "publisher/site/release.h"
#include "publisher/sources/source_tree.h"
#include "update/delta/delta.h"
#include "update/release/changes.h"

namespace vitrine::publisher {

std::vector<std::string> ReleaseAudit::LookAt(const update::Leaf& leaf,
                                              const FileMap& files,
                                              const std::string& scratch) {
  std::vector<std::string> alarms;
  const Status compared = Compare(leaf, files, scratch, alarms);
  if (!compared.ok()) alarms.push_back(compared.error().message);
  return alarms;
}

Status ReleaseAudit::Compare(const update::Leaf& leaf, const FileMap& files,
                             const std::string& scratch,
                             std::vector<std::string>& alarms) {
  const update::LeafFile& content = leaf.contents[0];
  const auto name = ParseReleasePath(content.path);
  if (!name || leaf.contents.size() != 1 || !leaf.source) {
    return Error{Code::kInvalid, "not a release of one database with sources"};
  }
  const auto packed = files.find(leaf.source->path);
  const auto stored = files.find(content.path + ".zst");
  if (packed == files.end() || stored == files.end()) {
    return Error{Code::kNotFound, "its database or sources are not there"};
  }
  Seen now;
  now.sources.archive = TRY(UnpackTarget(packed->first, packed->second));
  if (crypto::Sha256(now.sources.archive) != leaf.source->sha256) {
    alarms.push_back(packed->first + ": unpacks to other sources");
  }
  now.sources.members = TRY(update::ReadArchive(now.sources.archive));
  now.sources.manifest = TRY(ManifestOf(now.sources.members));
  const ByteVector published = TRY(UnpackTarget(stored->first, stored->second));
  if (update::DescribeFile(content.path, published) != content) {
    alarms.push_back(stored->first + ": unpacks to another database");
  }
  Compiled compiled = TRY(CompileSources(now.sources.archive, scratch));
  now.database = std::move(compiled.database);
  if (update::DescribeFile(content.path, now.database->image()) != content) {
    alarms.push_back(content.path +
                     ": is not what its sources make (recipe of ours: " +
                     CompilerVersion() + ")");
  }
  std::string changes = content.path;
  changes.resize(changes.size() - std::string_view("vdb").size());
  CompareChanges(changes + "changes", files, now, leaf, alarms);
  CompareDeltas(files, now, alarms);
  auto& channel = seen_[name->channel];
  channel.insert_or_assign(name->version, std::move(now));
  while (channel.size() > kDeltasMade) channel.erase(channel.begin());
  return Ok();
}

void ReleaseAudit::CompareChanges(const std::string& path, const FileMap& files,
                                  const Seen& now, const update::Leaf& leaf,
                                  std::vector<std::string>& alarms) const {
  const auto text = files.find(path);
  if (text == files.end()) {
    alarms.push_back(path + ": is not there");
    return;
  }
  const auto list = update::ParseChanges(AsText(text->second));
  if (!list.ok()) {
    alarms.push_back(path + ": " + list.error().message);
    return;
  }
  if (update::Summarise(list.value()) != leaf.summary) {
    alarms.push_back(path + ": adds up to another summary than the entry's");
  }
  const auto entries = EntriesOf(*now.database, now.sources.members);
  update::ChangeList own;
  if (!list.value().from) {
    own = ListFirst(entries, now.sources.manifest);
  } else {
    const auto channel = seen_.find(list.value().channel);
    if (channel == seen_.end()) return;
    const auto before = channel->second.find(*list.value().from);
    if (before == channel->second.end()) return;
    own = CompareEntries(
        EntriesOf(*before->second.database, before->second.sources.members),
        before->second.sources.manifest, entries, now.sources.manifest);
  }
  own.version = list.value().version;
  own.from = list.value().from;
  if (own != list.value()) {
    alarms.push_back(path + ": is not what differs between the sources");
  }
}

void ReleaseAudit::CompareDeltas(const FileMap& files, const Seen& now,
                                 std::vector<std::string>& alarms) const {
  for (const auto& [path, bytes] : files) {
    if (!path.ends_with(".delta")) continue;
    const auto delta = update::ParseDelta(bytes);
    const Bytes image = now.database->image();
    if (!delta.ok() || delta.value().new_sha256 != crypto::Sha256(image)) {
      alarms.push_back(path + ": does not lead to the database");
      continue;
    }
    for (const auto& [channel, releases] : seen_) {
      for (const auto& [version, seen] : releases) {
        const Bytes before = seen.database->image();
        if (crypto::Sha256(before) != delta.value().old_sha256) continue;
        ByteVector out(delta.value().new_size);
        if (!update::ApplyDelta(delta.value(), before, out).ok() ||
            !std::equal(out.begin(), out.end(), image.begin(), image.end())) {
          alarms.push_back(path + ": makes another database");
        }
      }
    }
  }
}

}  // namespace vitrine::publisher
