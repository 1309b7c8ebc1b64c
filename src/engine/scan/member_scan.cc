// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/member_scan.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "engine/clamav/auxiliary.h"
#include "formats/member.h"
#include "formats/unpack/unpack.h"

namespace vitrine::engine::scan {
namespace {

// Scans members as an unpacker hands them over, within the session's budgets.
class Sink final : public MemberSink {
 public:
  Sink(ScanContext& context, Session& session)
      : context_(context), session_(session) {}

  uint64_t Allowance(const Member& member) override {
    CheckMetadata(member);
    if (session_.stopped()) return 0;
    return session_.Allowance(PathOf(member.name), member.size);
  }

  Continue OnMember(const Member& member, Bytes bytes, bool whole) override {
    const std::string path = PathOf(member.name);
    session_.Unpacked(bytes.size());
    if (!whole) session_.AddIncomplete(path, bytes.size());
    ScanObject(context_, session_, bytes, path, FileType::kANY);
    return session_.stopped() ? Continue::kStop : Continue::kYes;
  }

  void OnSkipped(std::string_view member, std::string_view reason) override {
    session_.AddLimit(member.empty() ? session_.frame().path : PathOf(member),
                      reason);
  }

  void OnHeuristic(std::string_view alert) override {
    session_.AddHeuristic(session_.frame().path, alert);
  }

 private:
  // .cdb: what the container says of its member is enough.
  void CheckMetadata(const Member& member) {
    if (context_.container_rules.empty()) return;
    for (const size_t rule :
         clamav::MatchContainer(context_.container_rules, session_.frame().type,
                                session_.frame().bytes.size(), member)) {
      session_.AddAlert(context_.container_names[rule], "clamav",
                        PathOf(member.name));
    }
    session_.StopIfFound();
  }

  std::string PathOf(std::string_view member) const {
    return MemberPath(session_.frame().path, member);
  }

  ScanContext& context_;
  Session& session_;
};

// A program or an archive inside an object is, to clamscan, a container of its
// own between the object and what is in it.
class Layer {
 public:
  Layer(Session& session, Bytes bytes, FileType type) : session_(session) {
    Session::Frame frame;
    frame.bytes = bytes;
    frame.type = type;
    frame.path = session.frame().path;
    frame.allow_checked = true;  // No file of this name has these bytes.
    session.frames().push_back(std::move(frame));
  }
  ~Layer() {
    const uint64_t unpacked = session_.frame().unpacked;
    session_.frames().pop_back();
    session_.Unpacked(unpacked);
  }
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

 private:
  Session& session_;
};

// The type of an archive, wherever it begins.
FileType PlainType(FileType type) {
  switch (type) {
    case FileType::kZIPSFX:
      return FileType::kZIP;
    case FileType::kRARSFX:
      return FileType::kRAR;
    case FileType::k7ZSFX:
      return FileType::k7Z;
    case FileType::kCABSFX:
      return FileType::kMSCAB;
    case FileType::kARJSFX:
      return FileType::kARJ;
    default:
      return type;
  }
}

// Whether an object of this type is a program, too, if there is one inside.
bool BecomesProgram(FileType type) {
  return type == FileType::kBINARY_DATA || type == FileType::kJAVA ||
         TargetOf(type) == 3 || TargetOf(type) == 7;
}

void UnpackObject(ScanContext& context, Session& session, Bytes bytes,
                  FileType type) {
  if (!CanUnpack(type)) return;
  Sink sink(context, session);
  UnpackOptions options;
  const std::vector<std::string> passwords =
      clamav::ReadPasswords(context.passwords, type);
  options.passwords = passwords;
  options.deadline = session.deadline();
  const Status status = Unpack(type, bytes, options, sink);
  if (status.ok()) return;
  if (status.error().code == Code::kInvalid) {
    // The magic number lied: it was never a container.
    return;
  }
  session.AddFailure(session.frame().path, status.error());
}

}  // namespace

void ScanMembers(ScanContext& context, Session& session, Bytes bytes,
                 FileType type) {
  if (!context.options.scan_archive) return;
  UnpackObject(context, session, bytes, type);
  if (session.stopped()) return;
  const auto embedded =
      FindEmbedded(bytes, type, context.options.max_embeddedpe,
                   context.file_types ? &*context.file_types : nullptr);
  if (BecomesProgram(type) &&
      std::any_of(embedded.begin(), embedded.end(), [](const Embedded& file) {
        return file.type == FileType::kMSEXE;
      })) {
    session.frame().type = FileType::kMSEXE;
    ScanAsProgram(context, session, bytes);
    if (session.stopped()) return;
  }
  for (const Embedded& file : embedded) {
    const Bytes inner = Clip(bytes, file.offset, file.size);
    const Layer layer(session, inner, PlainType(file.type));
    if (file.type == FileType::kMSEXE) {
      char name[32];
      std::snprintf(name, sizeof name, "@0x%llx",
                    static_cast<unsigned long long>(file.offset));
      ScanObject(context, session, inner,
                 MemberPath(session.frame().path, name), file.type);
    } else {
      UnpackObject(context, session, inner, file.type);
    }
    if (session.stopped()) return;
  }
}

}  // namespace vitrine::engine::scan
