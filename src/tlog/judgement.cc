// SPDX-License-Identifier: Apache-2.0
#include "tlog/judgement.h"

#include <utility>

namespace vitrine::tlog {

Result<OpenedCheckpoint> OpenCheckpoint(std::string_view note,
                                        const Policy& policy, uint64_t latest) {
  OpenedCheckpoint opened;
  opened.note = TRY(ParseNote(note));
  opened.checkpoint = TRY(ParseCheckpoint(opened.note.text));
  if (opened.checkpoint.size == 0 && opened.checkpoint.root != EmptyRoot()) {
    return Error{Code::kDenied, "an empty tree that is not empty"};
  }
  std::vector<VerifierKey> keys;
  std::vector<size_t> numbers;
  for (size_t i = 0; i < policy.logs.size(); ++i) {
    if (policy.logs[i].key.name() != opened.checkpoint.origin) continue;
    keys.push_back(policy.logs[i].key);
    numbers.push_back(i);
  }
  if (keys.empty()) {
    return Error{Code::kDenied, "a log that the policy does not name"};
  }
  opened.log = numbers[TRY(VerifyLogSignatures(opened.note, keys))];
  for (const PolicyWitness& witness : policy.witnesses) {
    opened.times.emplace_back();
    const auto signature = TRY(SignatureOf(witness.key, opened.note));
    if (signature == nullptr) continue;
    const uint64_t time =
        TRY(witness.key.VerifyCosignature(opened.note.text, *signature));
    if (time <= latest) opened.times.back() = time;
  }
  return opened;
}

Result<Judgement> JudgeCheckpoint(std::string_view note, const Policy& policy,
                                  uint64_t latest) {
  Judgement judgement;
  judgement.opened = TRY(OpenCheckpoint(note, policy, latest));
  judgement.times = TRY(policy.Quorum(judgement.opened.times));
  return judgement;
}

}  // namespace vitrine::tlog
