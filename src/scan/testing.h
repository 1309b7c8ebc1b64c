// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "engine/compile/compile.h"
#include "engine/sources/sources.h"
#include "scan/scanner_pool.h"
#include "wire/settings.h"

// The words that the tests of this folder are written in.
namespace vitrine::scan {

// Beside the test programs; tests/faulty_scanner says what it does.
inline std::string FaultyScanner() {
  return std::string(VITRINE_BINARY_DIR) + "/bin/vitrine-scanner-faulty";
}

// A file with this content, in memory.
inline UniqueFd SampleOf(const std::string& content) {
  UniqueFd file(memfd_create("sample", MFD_CLOEXEC));
  EXPECT_EQ(write(file.get(), content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  return file;
}
inline UniqueFd FaultOf(const std::string& word) {
  return SampleOf("FAULT:" + word + "\n");
}

// A database with one rule, called `rule`, that finds the word MARKER.
class TestDatabase {
 public:
  explicit TestDatabase(const std::string& rule,
                        wire::Externals externals = {}) {
    const std::string path = testing::TempDir() + "/" + rule + "-" +
                             std::to_string(getpid()) + ".yar";
    FILE* const file = std::fopen(path.c_str(), "w");
    std::fprintf(file, "rule %s { strings: $a = \"MARKER\" condition: $a }\n",
                 rule.c_str());
    std::fclose(file);
    const auto loaded = engine::sources::Load({path}, {});
    unlink(path.c_str());
    const auto image = engine::compile::Compile(loaded.program);
    EXPECT_TRUE(image.ok());
    file_ = SampleOf(std::string(AsText(image.value())));
    settings_ = wire::EncodeSettings({{}, std::move(externals)}).value();
  }
  operator Database() const { return {file_.get(), settings_}; }

 private:
  UniqueFd file_;
  ByteVector settings_;
};

// Collects the outcomes of requests by their place. Thread-safe.
class Outcomes {
 public:
  ScannerPool::Callback Take(size_t place) {
    return [this, place](Outcome outcome) {
      const std::lock_guard lock(mutex_);
      if (all_.size() <= place) all_.resize(place + 1);
      all_[place].push_back(std::move(outcome));
      ++count_;
      came_.notify_all();
    };
  }
  // Waits until `count` have come; what came for each place.
  std::vector<std::vector<Outcome>> Await(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(came_.wait_for(lock, std::chrono::seconds(60),
                               [&] { return count_ >= count; }))
        << count_ << " of " << count;
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::vector<Outcome>> all_;
  size_t count_ = 0;
};

inline PoolOptions Faulty(unsigned scanners, unsigned standbys,
                          unsigned pipeline = 1) {
  PoolOptions options;
  options.program = FaultyScanner();
  options.scanners = scanners;
  options.standbys = standbys;
  options.pipeline = pipeline;
  return options;
}

inline std::unique_ptr<ScannerPool> Started(const PoolOptions& options,
                                            const Database& database) {
  auto pool = ScannerPool::Create(options, database);
  EXPECT_TRUE(pool.ok()) << (pool.ok() ? "" : pool.error().message);
  return pool.ok() ? std::move(pool).value() : nullptr;
}

}  // namespace vitrine::scan
