// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "http/client.h"

namespace vitrine::courier {

// The folder where fetched files are laid for whoever judges them. A file has
// its name once it is whole; parts lie in ".parts". Everything in it comes from
// strangers, and links in it are followed by nobody. Nothing is synced: a power
// cut leaves what a mirror might have sent too, and it is judged and fetched
// anew.
//
// Not thread-safe; one courier a folder.
class Staging {
 public:
  // The folder must be there; ".parts" is made, and old parts are dropped.
  static Result<Staging> Open(const std::string& folder);

  // A file on its way.
  class Part : public http::BodyTaker {
   public:
    bool Take(Bytes bytes) override;
    uint64_t size() const { return size_; }

   private:
    friend class Staging;
    std::string name_;
    UniqueFd file_;
    uint64_t size_ = 0;
  };

  enum class Begin : uint8_t { kAnew, kResume };
  // The part of `name` from `source`; with kResume it has what an earlier one
  // left, cut to a multiple of kResumeStep.
  Result<Part> BeginPart(std::string_view name, std::string_view source,
                         Begin begin);
  // Gives the part its name, in place of an older file.
  Status Finish(Part part, std::string_view name);
  // Nobody will go on with it.
  void Drop(const Part& part);

 private:
  explicit Staging(UniqueFd folder) : folder_(std::move(folder)) {}
  Status DropOldParts();

  UniqueFd folder_;
  UniqueFd parts_;
};

}  // namespace vitrine::courier
