// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/object_scan.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/clamav/auxiliary.h"
#include "engine/scan/limits.h"
#include "engine/scan/member_scan.h"
#include "engine/scan/views.h"
#include "formats/elf/elf.h"
#include "formats/image/broken.h"
#include "formats/macho/macho.h"
#include "formats/pe/imports.h"
#include "formats/pe/pe.h"
#include "formats/text/structured.h"

namespace vitrine::engine::scan {
namespace {

using Scope = ir::HashSignature::Scope;

// One object's way through the stages, in the order of Run().
class ObjectScan {
 public:
  ObjectScan(ScanContext& context, Session& session, Bytes bytes, FileType type)
      : context_(context),
        session_(session),
        bytes_(bytes),
        object_(bytes, type) {}

  void Run() {
    SetContainers();
    const match::View raw = RawView(object_, context_.options);
    SweepAndCheckDigest(raw);
    if (session_.stopped()) return;
    EvaluateRaw();
    CheckPe();
    CheckBroken();
    CheckStructured();
    if (Stopped()) return;
    ScanNormalised();
    if (Stopped()) return;
    RescanAsAsked();
  }

  void RunAsProgram() {
    SetContainers();
    match::View view = RawView(object_, context_.options);
    view.targets &= ir::TargetMask{1} << TargetOf(FileType::kMSEXE);
    context_.runner.Sweep(view, object_, session_);
    EvaluateRaw();
    Stopped();
  }

 private:
  void SetContainers() {
    for (const Session::Frame& frame : session_.frames()) {
      if (&frame != &session_.frame()) object_.containers.push_back(frame.type);
    }
  }

  bool Stopped() {
    session_.StopIfFound();
    return session_.stopped();
  }

  void AddDigestAlert(const vdb::HashEntry& entry) {
    if (Allowed()) return;
    session_.AddAlert(context_.database.Text(entry.name), "hash",
                      session_.frame().path);
  }

  // Whether this object or one around it is listed as good.
  bool Allowed() {
    if (!context_.digests.Has(Scope::kAllow)) return false;
    for (Session::Frame& frame : session_.frames()) {
      if (!std::exchange(frame.allow_checked, true)) {
        context_.digests.Find(Scope::kAllow, frame.bytes, frame.bytes.size(),
                              [&](const vdb::HashEntry&) {
                                frame.allowed = true;
                                return false;
                              });
      }
      if (frame.allowed) return true;
    }
    return false;
  }

  // The pass that looks for rules' atoms makes the digest as well.
  void SweepAndCheckDigest(const match::View& raw) {
    crypto::Md5Digest md5;
    const bool wanted = context_.digests.WantsMd5(Scope::kFile, bytes_.size());
    const bool swept =
        context_.runner.Sweep(raw, object_, session_, wanted ? &md5 : nullptr);
    context_.digests.Find(
        Scope::kFile, bytes_, bytes_.size(),
        [&](const vdb::HashEntry& entry) {
          AddDigestAlert(entry);
          return context_.options.all_match;
        },
        wanted && swept ? &md5 : nullptr);
  }

  // Rules over the view swept last.
  void Evaluate() {
    context_.runner.Evaluate([this] { return Allowed(); });
  }

  // The same; what they ask for is scanned again, which clamscan does for raw
  // bytes only.
  void EvaluateRaw() {
    Evaluate();
    const auto& asked = context_.runner.rescans();
    rescans_.insert(rescans_.end(), asked.begin(), asked.end());
  }

  void ScanNormalised() {
    if (!context_.options.normalize || bytes_.size() < kClamavSizeLeast) return;
    // Of HTML, what data: URLs hold is wanted in any case.
    if (!context_.looks_at_normalised && TargetOf(object_.type()) != 3) return;
    const NormalisedViews normalised =
        Normalise(object_, context_.options, session_);
    for (const NormalisedView& view : normalised.views) {
      context_.runner.Sweep(
          {view.bytes, vdb::FilterClass::kNormalised, view.targets, nullptr},
          object_, session_);
      Evaluate();
      if (Stopped()) return;
    }
    ScanData(normalised.members);
  }

  // What data: URLs of a page hold.
  void ScanData(const std::vector<ByteVector>& members) {
    const std::string page = session_.frame().path;
    for (size_t i = 0; i < members.size() && !session_.stopped(); ++i) {
      const std::string path =
          MemberPath(page, "data-url-" + std::to_string(i + 1));
      const Bytes bytes =
          Clip(members[i], 0, session_.Allowance(path, members[i].size()));
      if (bytes.empty()) continue;
      session_.Unpacked(bytes.size());
      if (bytes.size() < members[i].size()) {
        session_.AddIncomplete(path, bytes.size());
      }
      ScanObject(context_, session_, bytes, path, FileType::kANY);
    }
  }

  // Signatures of a PE file's parts.
  void CheckPe() {
    if (object_.type() != FileType::kMSEXE || object_.Layout()->is_broken) {
      return;
    }
    const auto add = [&](const vdb::HashEntry& entry) {
      AddDigestAlert(entry);
      return context_.options.all_match;
    };
    if (context_.digests.Has(Scope::kSection) && object_.Pe() != nullptr) {
      for (const pe::Section& section : object_.Pe()->sections) {
        const Bytes raw = pe::RawData(*object_.Pe(), section);
        if (raw.empty()) continue;
        context_.digests.Find(Scope::kSection, raw, raw.size(), add);
      }
    }
    if (context_.digests.Has(Scope::kImports) && object_.Pe() != nullptr) {
      const auto imports = pe::ClamavImphashText(*object_.Pe());
      if (imports && !imports->empty()) {
        context_.digests.Find(Scope::kImports, AsBytes(*imports),
                              imports->size(), add);
      }
    }
  }

  void CheckBroken() {
    if (context_.options.alert_broken_media) {
      if (const auto reason = image::BrokenReason(bytes_, object_.type())) {
        session_.AddHeuristic(session_.frame().path,
                              "Heuristics.Broken.Media." + *reason);
      }
    }
    if (!context_.options.alert_broken) return;
    const auto is_broken = [&] {
      if (object_.type() == FileType::kMSEXE) return pe::IsBroken(bytes_);
      if (object_.type() == FileType::kELF) return elf::IsBroken(bytes_);
      return object_.type() == FileType::kMACHO && object_.Macho() != nullptr &&
             macho::IsBroken(*object_.Macho());
    };
    if (is_broken()) {
      session_.AddHeuristic(session_.frame().path,
                            "Heuristics.Broken.Executable");
    }
  }

  // Payment cards and social security numbers in texts.
  void CheckStructured() {
    const ScanOptions& options = context_.options;
    if (!options.detect_structured || TargetOf(object_.type()) != 7) return;
    const text::Structured found = text::CountStructured(bytes_);
    const std::string_view path = session_.frame().path;
    const uint32_t cards =
        options.structured_cc_mode == 1 ? found.cards_only : found.credit_cards;
    if (cards >= options.structured_cc_count) {
      session_.AddHeuristic(path, "Heuristics.Structured.CreditCardNumber");
    }
    const uint32_t numbers =
        (options.structured_ssn_format != 1 ? found.ssn_normal : 0) +
        (options.structured_ssn_format != 0 ? found.ssn_stripped : 0);
    if (numbers >= options.structured_ssn_count) {
      session_.AddHeuristic(path, "Heuristics.Structured.SSN");
    }
  }

  // HandlerType: the same bytes once more, as another type.
  void RescanAsAsked() {
    for (const FileType type : rescans_) {
      if (type == object_.type()) continue;
      ScanObject(context_, session_, bytes_, session_.frame().path, type);
      if (session_.stopped()) return;
    }
  }

  ScanContext& context_;
  Session& session_;
  Bytes bytes_;
  Object object_;
  std::vector<FileType> rescans_;
};

// Measures one object without its members.
class FormatClock {
 public:
  FormatClock(ScanContext& context, FileType type, uint64_t bytes)
      : context_(context), type_(type), bytes_(bytes) {}
  ~FormatClock() {
    if (!context_.profile) return;
    auto& cost = context_.format_costs[type_];
    cost.nanoseconds += static_cast<uint64_t>(
        std::chrono::nanoseconds(Clock::now() - start_).count());
    ++cost.times;
    cost.bytes += bytes_;
  }
  FormatClock(const FormatClock&) = delete;
  FormatClock& operator=(const FormatClock&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  ScanContext& context_;
  FileType type_;
  uint64_t bytes_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

namespace {

// Whether a rule of the database can hold for a normalised view.
bool LooksAtNormalised(const vdb::Database& db) {
  constexpr auto kClass = static_cast<size_t>(vdb::FilterClass::kNormalised);
  constexpr ir::TargetMask kTargets = ir::kTargetAny | 1u << 3 | 1u << 7;
  const vdb::FilterRecord& filter = db.filters()[kClass];
  if (filter.atoms.count != 0) return true;
  const auto groups = db.always_groups();
  return std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
    const auto rules = db.RulesOf(group);
    return std::any_of(rules.begin(), rules.end(), [&](uint32_t rule) {
      return (db.rules()[rule].targets & kTargets) != 0;
    });
  });
}

}  // namespace

ScanContext::ScanContext(const vdb::Database& db, const ScanOptions& opts,
                         RuleRunner& rules, bool with_profile)
    : database(db),
      options(opts),
      runner(rules),
      digests(db),
      looks_at_normalised(LooksAtNormalised(db)),
      profile(with_profile) {
  std::vector<Bytes> file_type_codes;
  for (const vdb::AuxiliaryRecord& record : db.auxiliaries()) {
    const Bytes code = db.Code(record.code);
    switch (static_cast<ir::Auxiliary::Kind>(record.kind)) {
      case ir::Auxiliary::Kind::kContainer:
        container_rules.push_back(code);
        container_names.push_back(db.Text(record.name));
        break;
      case ir::Auxiliary::Kind::kFileType:
        file_type_codes.push_back(code);
        break;
      case ir::Auxiliary::Kind::kPassword:
        passwords.push_back(code);
        break;
      default:
        break;
    }
  }
  if (file_type_codes.empty()) return;
  auto table =
      FileTypeTable::Create(clamav::ReadFileTypeEntries(file_type_codes));
  if (table.ok()) file_types = std::move(table).value();
}

void ScanObject(ScanContext& context, Session& session, Bytes bytes,
                std::string_view path, FileType type) {
  if (session.stopped() || !session.Enter(path, bytes.size())) return;
  if (type == FileType::kANY) {
    type = Detect(
        bytes, context.file_types.has_value() ? &*context.file_types : nullptr);
  }
  Session::Frame frame;
  frame.bytes = bytes;
  frame.type = type;
  frame.path = path;
  session.frames().push_back(std::move(frame));
  {
    const FormatClock clock(context, type, bytes.size());
    ObjectScan(context, session, bytes, type).Run();
  }
  session.StopIfFound();
  if (!session.stopped()) ScanMembers(context, session, bytes, type);
  const uint64_t unpacked = session.frame().unpacked;
  session.frames().pop_back();
  if (!session.frames().empty()) session.Unpacked(unpacked);
}

void ScanAsProgram(ScanContext& context, Session& session, Bytes bytes) {
  ObjectScan(context, session, bytes, FileType::kMSEXE).RunAsProgram();
}

}  // namespace vitrine::engine::scan
