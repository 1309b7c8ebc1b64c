// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/member_scan.h"

#include <cstdio>
#include <string>
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
  for (const Embedded& file :
       FindEmbedded(bytes, type, context.options.max_embeddedpe,
                    context.file_types ? &*context.file_types : nullptr)) {
    const Bytes inner = Clip(bytes, file.offset, file.size);
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
