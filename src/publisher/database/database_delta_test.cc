// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/database_delta.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/compile/compile.h"
#include "engine/sources/sources.h"
#include "update/delta/delta.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;
using engine::vdb::Database;

class DatabaseDelta : public testing::Test {
 protected:
  DatabaseDelta()
      : folder_(fs::path(testing::TempDir()) /
                ("delta" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~DatabaseDelta() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  std::shared_ptr<const Database> Compile() {
    const auto loaded = engine::sources::Load({folder_.string()}, {});
    EXPECT_FALSE(loaded.refused);
    return Database::FromBytes(engine::compile::Compile(loaded.program).value())
        .value();
  }

  void ExpectDelta(const Database& from, const Database& to,
                   size_t size_max) const {
    const ByteVector file = MakeDatabaseDelta(from, to).value();
    EXPECT_LE(file.size(), size_max);
    const update::Delta delta = update::ParseDelta(file).value();
    ByteVector out(delta.new_size);
    ASSERT_TRUE(update::ApplyDelta(delta, from.image(), out).ok());
    EXPECT_TRUE(std::equal(out.begin(), out.end(), to.image().begin(),
                           to.image().end()));
  }

  fs::path folder_;
};

std::string YaraRules(int from, int to) {
  std::string out;
  for (int i = from; i < to; ++i) {
    const std::string number = std::to_string(i);
    out += "rule r" + number + " : tag" + std::to_string(i % 7) +
           " { meta: author = \"somebody " + std::to_string(i % 50) +
           "\" strings: $a = \"text number " + number +
           " of many\" $b = { 01 02 " + std::to_string(10 + i % 80) +
           " 04 ff } condition: all of them }\n";
  }
  return out;
}

std::string Hashes(uint64_t from, uint64_t to, const std::string& name) {
  std::string out;
  char line[100];
  for (uint64_t i = from; i < to; ++i) {
    const auto mixed = static_cast<unsigned long>(i * 0x9e3779b97f4a7c15u);
    std::snprintf(line, sizeof line, "%016lx%016lx:%lu:%s-%lu\n", mixed,
                  mixed ^ 0x5555, static_cast<unsigned long>(1000 + i % 77),
                  name.c_str(), static_cast<unsigned long>(i));
    out += line;
  }
  return out;
}

TEST_F(DatabaseDelta, OfAFewRulesIsSmall) {
  Write("a.yar", YaraRules(0, 500));
  Write("b.yar", YaraRules(500, 2000));
  Write("c.hdb", Hashes(0, 10000, "Win.Test"));
  const auto from = Compile();
  Write("a.yar",
        YaraRules(0, 100) + YaraRules(101, 500) + YaraRules(2000, 2003));
  Write("c.hdb", Hashes(0, 5000, "Win.Test") + Hashes(5003, 10009, "Win.Test"));
  const auto to = Compile();
  ExpectDelta(*from, *to, to->size() / 100);
  ExpectDelta(*to, *from, to->size() / 100);
}

TEST_F(DatabaseDelta, OfNothingIsAlmostNothing) {
  Write("a.yar", YaraRules(0, 500));
  const auto from = Compile();
  const auto to = Compile();
  ExpectDelta(*from, *to, 1500);
}

TEST_F(DatabaseDelta, IsMadeBetweenDatabasesThatShareNothing) {
  Write("a.yar", YaraRules(0, 5));
  const auto from = Compile();
  fs::remove(folder_ / "a.yar");
  Write("b.hdb", Hashes(0, 100, "Win.Test"));
  const auto to = Compile();
  ExpectDelta(*from, *to, to->size());
  ExpectDelta(*to, *from, from->size());
}

}  // namespace
}  // namespace vitrine::publisher
