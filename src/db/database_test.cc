// SPDX-License-Identifier: Apache-2.0
#include "db/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace vitrine::db {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "db.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
    path_ = root_ / "test.db";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  Database Open() const {
    return Database::Open(path_, Mode::kReadWrite).value();
  }

  std::filesystem::path root_;
  std::string path_;
};

TEST_F(DatabaseTest, KeepsIntegersTextAndBytes) {
  Database database = Open();
  ASSERT_TRUE(
      database.Run("CREATE TABLE t(a INTEGER, b TEXT, c BLOB) STRICT").ok());
  Statement insert =
      database.Prepare("INSERT INTO t VALUES(?1, ?2, ?3)").value();
  const ByteVector blob = {0, 1, 2};
  ASSERT_TRUE(insert.Bind(1, int64_t{-5})
                  .Bind(2, std::string_view("a\0b", 3))
                  .Bind(3, Bytes(blob))
                  .Run()
                  .ok());
  ASSERT_TRUE(
      insert.Bind(1, int64_t{6}).Bind(2, "").Bind(3, Bytes()).Run().ok());
  EXPECT_EQ(database.LastRowId(), 2);
  Statement select = database.Prepare("SELECT a, b, c FROM t").value();
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Integer(0), -5);
  EXPECT_EQ(select.Text(1), std::string_view("a\0b", 3));
  EXPECT_EQ(select.Blob(2).size(), 3u);
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Text(1), "");
  EXPECT_TRUE(select.Blob(2).empty());
  EXPECT_FALSE(select.Step().value());
}

TEST_F(DatabaseTest, ATransactionIsWholeOrNothing) {
  Database database = Open();
  ASSERT_TRUE(database.Run("CREATE TABLE t(a INTEGER) STRICT").ok());
  {
    auto transaction = Transaction::Begin(database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(database.Run("INSERT INTO t VALUES(1)").ok());
  }
  EXPECT_EQ(database.Ask("SELECT count(*) FROM t").value(), 0);
  {
    auto transaction = Transaction::Begin(database);
    ASSERT_TRUE(database.Run("INSERT INTO t VALUES(1)").ok());
    ASSERT_TRUE(transaction.value().Commit().ok());
  }
  EXPECT_EQ(database.Ask("SELECT count(*) FROM t").value(), 1);
}

TEST_F(DatabaseTest, ErrorsSayWhatCanBeDone) {
  EXPECT_EQ(Database::Open(path_, Mode::kRead).error().code, Code::kNotFound);
  std::ofstream(path_) << "this is no database, and long enough to be read";
  Database damaged = Open();
  EXPECT_EQ(damaged.Ask("SELECT count(*) FROM t").error().code, Code::kInvalid);
  std::filesystem::remove(path_);
  Database database = Open();
  EXPECT_EQ(database.Run("SELEKT").error().code, Code::kInternal);
  ASSERT_TRUE(database.Run("CREATE TABLE t(a INTEGER) STRICT").ok());
  Database reader = Database::Open(path_, Mode::kRead).value();
  EXPECT_EQ(reader.Run("INSERT INTO t VALUES(1)").error().code, Code::kDenied);
}

}  // namespace
}  // namespace vitrine::db
