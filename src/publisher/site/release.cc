// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/release.h"

#include <algorithm>

#include "base/text.h"
#include "formats/codec/zstd_frame.h"
#include "publisher/database/compare.h"
#include "publisher/database/compile_sources.h"
#include "publisher/database/database_delta.h"
#include "publisher/files/durable_files.h"
#include "publisher/site/limits.h"
#include "publisher/site/published.h"
#include "publisher/site/staging.h"
#include "publisher/sources/source_tree.h"
#include "tuf/repository.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {
namespace {

using engine::vdb::Database;
using update::DeltaPath;
using update::ParseReleasePath;
using update::ReleasePath;

Error RefusedFor(const Diagnostics& diagnostics) {
  const auto is_error = [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kError;
  };
  const auto first =
      std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
  return {Code::kInvalid,
          first->file + ":" + std::to_string(first->line) + ": " +
              first->message + " (" +
              std::to_string(std::count_if(diagnostics.begin(),
                                           diagnostics.end(), is_error)) +
              " errors in all; --allow-errors leaves such lines out)"};
}

// One StageRelease() at work.
class Maker {
 public:
  Maker(const Places& places, const ReleaseOptions& options,
        tuf::Repository repository)
      : places_(places),
        options_(options),
        repository_(std::move(repository)),
        source_(TargetsIn(places.Targets())) {}

  Result<Release> Run() {
    const SourceTree tree = TRY(SourceTree::Open(places_.Sources()));
    channel_ = tree.manifest().channel;
    archive_ = TRY(tree.Pack());
    targets_ = repository_.Draft(update::kDatabaseRole);
    targets_.expires = options_.now + kDatabaseDays * kSecondsADay;
    const auto versions = VersionsOf(channel_, targets_);
    if (!versions.empty()) {
      release_.from = versions.back();
      last_ = TRY(ReadSources(channel_, versions.back(), targets_, source_));
    }
    if (last_ && last_->archive == archive_) {
      TRY(Finish());
      return std::move(release_);
    }
    release_.version = versions.empty() ? 1 : versions.back() + 1;
    TRY(Compile());
    TRY(AddChanges(tree.manifest()));
    TRY(AddDatabase());
    TRY(AddDeltas(versions));
    TRY(AddSources());
    Forget(versions);
    TRY(Finish());
    return std::move(release_);
  }

 private:
  Status Compile() {
    Compiled compiled = TRY(CompileSources(archive_, places_.Scratch()));
    database_ = compiled.database;
    release_.diagnostics = std::move(compiled.diagnostics);
    const bool any_error = std::any_of(
        release_.diagnostics.begin(), release_.diagnostics.end(),
        [](const Diagnostic& d) { return d.severity == Severity::kError; });
    if (any_error && !options_.allow_errors) {
      return RefusedFor(release_.diagnostics);
    }
    release_.database_size = database_->size();
    if (options_.false_positives) {
      const std::string path = places_.Scratch() + ".vdb";
      TRY(DurableFiles().Write(path, database_->image()));
      const Status passed = options_.false_positives(path);
      TRY(DurableFiles().Remove(path));
      TRY(passed);
    }
    leaf_.contents = {update::DescribeFile(
        ReleasePath(channel_, release_.version, "vdb"), database_->image())};
    return Ok();
  }

  Status AddDatabase() {
    const ByteVector packed =
        TRY(codec::PackFrame(database_->image(), {}, kReleaseLevel));
    return Add(ReleasePath(channel_, release_.version, "vdb.zst"), packed);
  }

  Status AddChanges(const Manifest& manifest) {
    const auto members = TRY(update::ReadArchive(archive_));
    const auto entries = EntriesOf(*database_, members);
    update::ChangeList list;
    if (last_) {
      before_ = TRY(ReadDatabase(channel_, *release_.from, targets_, source_));
      list = CompareEntries(EntriesOf(*before_, last_->members),
                            last_->manifest, entries, manifest);
    } else {
      list = ListFirst(entries, manifest);
    }
    list.channel = channel_;
    list.version = release_.version;
    list.from = release_.from;
    release_.summary = update::Summarise(list);
    if (release_.summary.allowed > options_.allowed_most) {
      return Error{Code::kDenied,
                   std::to_string(release_.summary.allowed) +
                       " new entries suppress detections; --allow-most says "
                       "how many are meant"};
    }
    leaf_.summary = release_.summary;
    const std::string text = TRY(update::FormatChanges(list));
    return Add(ReleasePath(channel_, release_.version, "changes"),
               AsBytes(text));
  }

  Status AddDeltas(const std::vector<uint64_t>& versions) {
    for (size_t i = 0; i < std::min(kDeltasMade, versions.size()); ++i) {
      const uint64_t from = versions[versions.size() - 1 - i];
      const auto old_database =
          i == 0 ? before_
                 : TRY(ReadDatabase(channel_, from, targets_, source_));
      const ByteVector delta =
          TRY(MakeDatabaseDelta(*old_database, *database_));
      TRY(Add(DeltaPath(channel_, from, release_.version), delta));
    }
    return Ok();
  }

  Status AddSources() {
    const std::string path =
        ReleasePath(channel_, release_.version, "sources.tar.zst");
    leaf_.source = {crypto::Sha256(archive_), path};
    const std::string recipe = RecipeText();
    leaf_.recipe = {crypto::Sha256(AsBytes(recipe)), CompilerVersion()};
    const ByteVector packed =
        TRY(codec::PackFrame(archive_, {}, kReleaseLevel));
    return Add(path, packed);
  }

  Status Add(const std::string& path, Bytes bytes) {
    targets_.targets.insert_or_assign(
        path, TRY(repository_.AddTargetFile(path, bytes)));
    leaf_.targets.push_back(update::DescribeFile(path, bytes));
    return Ok();
  }

  // Deltas that lead to older releases, and releases beyond those kept.
  void Forget(const std::vector<uint64_t>& versions) {
    const uint64_t oldest =
        versions.size() < kReleasesKept
            ? 0
            : versions[versions.size() - (kReleasesKept - 1)];
    std::erase_if(targets_.targets, [&](const auto& each) {
      const auto name = ParseReleasePath(each.first);
      if (!name || name->channel != channel_) return false;
      if (name->kind == "delta") return name->version != release_.version;
      return name->version < oldest;
    });
  }

  Status Finish() {
    std::sort(leaf_.targets.begin(), leaf_.targets.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    release_.targets = leaf_.targets;
    return Stage(places_.Staging(), update::kDatabaseRole, targets_.version,
                 WriteTargets(targets_), leaf_);
  }

  const Places& places_;
  const ReleaseOptions& options_;
  tuf::Repository repository_;
  TargetSource source_;
  std::string channel_;
  ByteVector archive_;
  tuf::Targets targets_;
  std::optional<PublishedSources> last_;
  std::shared_ptr<const Database> before_;
  std::shared_ptr<const Database> database_;
  update::Leaf leaf_;
  Release release_;
};

}  // namespace

Result<Release> StageRelease(const Places& places,
                             const ReleaseOptions& options) {
  auto repository = TRY(tuf::Repository::Open(places.Site(), {}));
  return Maker(places, options, std::move(repository)).Run();
}

}  // namespace vitrine::publisher
