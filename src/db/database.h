// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

// SQLite as values that close themselves. The only folder that includes its
// header. Nothing here is thread-safe: a Database and all that it made belong
// to one thread at a time.
//
// Errors: kUnavailable where it is worth trying again (busy, disk full),
// kInvalid where the file is damaged or no database, kDenied, kNotFound as
// usual, kInternal for SQL that is wrong.
namespace vitrine::db {

enum class Mode : uint8_t { kRead, kReadWrite };

// A prepared statement. Lives no longer than its Database.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Parameters count from 1. Bytes and text are copied.
  Statement& Bind(int parameter, int64_t value);
  Statement& Bind(int parameter, std::string_view text);
  Statement& Bind(int parameter, Bytes bytes);

  // Whether there is a (next) row.
  Result<bool> Step();
  // Runs to the end and makes ready for the next run; parameters are forgotten.
  Status Run();
  void Reset();

  // Of the current row; columns count from 0. Views end with the next Step().
  int64_t Integer(int column) const;
  std::string_view Text(int column) const;
  Bytes Blob(int column) const;

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  sqlite3_stmt* statement_;
};

class Database {
 public:
  // kReadWrite makes the file where there is none.
  static Result<Database> Open(const std::string& path, Mode mode);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  Result<Statement> Prepare(std::string_view sql);
  // One or more statements without parameters, whose rows nobody wants.
  Status Run(const std::string& sql);
  // The integer that a statement gives as its only row and column.
  Result<int64_t> Ask(std::string_view sql);

  int64_t LastRowId() const;
  int64_t Changes() const;  // Rows that the last statement touched.

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
};

// Ended by Commit(), or undone at the end of the scope. Writes from the start,
// so that it cannot fail half-way for another writer.
class Transaction {
 public:
  static Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace vitrine::db
