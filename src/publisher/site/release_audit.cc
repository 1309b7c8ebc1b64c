// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/release_audit.h"

#include <algorithm>

#include "publisher/database/compare.h"
#include "publisher/database/compile_sources.h"
#include "publisher/site/limits.h"
#include "publisher/sources/source_tree.h"
#include "update/delta/delta.h"
#include "update/release/changes.h"

namespace vitrine::publisher {

std::vector<std::string> ReleaseAudit::LookAt(const update::Leaf& leaf,
                                              const FileMap& files,
                                              const std::string& scratch,
                                              Before before) {
  std::vector<std::string> alarms;
  const Status compared = Compare(leaf, files, scratch, before, alarms);
  if (!compared.ok()) alarms.push_back(compared.error().message);
  return alarms;
}

Status ReleaseAudit::Compare(const update::Leaf& leaf, const FileMap& files,
                             const std::string& scratch, Before before,
                             std::vector<std::string>& alarms) {
  const update::LeafFile& content = leaf.contents[0];
  const auto name = update::ParseReleasePath(content.path);
  if (!name || leaf.contents.size() != 1 || !leaf.source ||
      content.path !=
          update::ReleasePath(name->channel, name->version, "vdb")) {
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
  if (now.sources.manifest.channel != name->channel) {
    alarms.push_back(packed->first + ": are sources of another channel");
  }
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
  CompareChanges(*name, files, now, leaf, before, alarms);
  CompareDeltas(files, now, alarms);
  auto& channel = seen_[name->channel];
  channel.insert_or_assign(name->version, std::move(now));
  while (channel.size() > kDeltasMade) channel.erase(channel.begin());
  return Ok();
}

void ReleaseAudit::CompareChanges(const update::ReleaseName& name,
                                  const FileMap& files, const Seen& now,
                                  const update::Leaf& leaf, Before before,
                                  std::vector<std::string>& alarms) const {
  const std::string path =
      update::ReleasePath(name.channel, name.version, "changes");
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
  const std::optional<uint64_t> from = list.value().from;
  if (before == Before::kNot && from) return;
  // The list says nothing of which release it is to be compared with: else it
  // could name one that nobody has.
  const auto channel = seen_.find(name.channel);
  const auto entries = EntriesOf(*now.database, now.sources.members);
  update::ChangeList own;
  if (channel == seen_.end()) {
    own = ListFirst(entries, now.sources.manifest);
  } else {
    const auto& [version, last] = *channel->second.rbegin();
    if (name.version <= version) {
      alarms.push_back(path + ": is not of a later release than the last");
    }
    own = CompareEntries(EntriesOf(*last.database, last.sources.members),
                         last.sources.manifest, entries, now.sources.manifest);
    own.from = version;
  }
  own.version = name.version;
  if (from != own.from) {
    alarms.push_back(path + ": is not against the release before it");
  } else if (own != list.value()) {
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
