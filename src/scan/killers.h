// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>

namespace vitrine::scan {

// Which file, in which state: tells a sample again without reading it. Whoever
// can write the file can change it, and buys one more try with that.
struct SampleIdentity {
  // device, inode, size, time of change and of status change in ns.
  std::array<uint64_t, 5> parts = {};

  static SampleIdentity Of(const struct stat& status);
  auto operator<=>(const SampleIdentity&) const = default;
};

// Samples over which scanners died, kKillersMax of them; the one that was not
// asked for longest is forgotten. Thread-compatible.
class Killers {
 public:
  void Add(const SampleIdentity& sample);
  // Whether it killed kDeathsMax times.
  bool Knows(const SampleIdentity& sample);
  void Clear();
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    SampleIdentity sample;
    unsigned deaths = 0;
  };
  // The most recently used first.
  std::list<Entry> entries_;
  std::map<SampleIdentity, std::list<Entry>::iterator> by_sample_;
};

}  // namespace vitrine::scan
