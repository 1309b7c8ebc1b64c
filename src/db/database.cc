// SPDX-License-Identifier: Apache-2.0
#include "db/database.h"

#include <sqlite3.h>

#include <utility>

#include "base/check.h"
#include "db/limits.h"

namespace vitrine::db {
namespace {

Error FromCode(int code, const char* what, sqlite3* handle) {
  Code kind = Code::kInternal;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      kind = Code::kUnavailable;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kind = Code::kInvalid;
      break;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      kind = Code::kDenied;
      break;
    case SQLITE_CANTOPEN:
      kind = Code::kNotFound;
      break;
    default:
      break;
  }
  const char* const detail =
      handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  return {kind, std::string(what) + ": " + detail};
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  return *this;
}
Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::Bind(int parameter, int64_t value) {
  CHECK(sqlite3_bind_int64(statement_, parameter, value) == SQLITE_OK);
  return *this;
}
Statement& Statement::Bind(int parameter, std::string_view text) {
  CHECK(sqlite3_bind_text64(statement_, parameter, text.data(), text.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}
Statement& Statement::Bind(int parameter, Bytes bytes) {
  // No bytes are an empty blob, not NULL.
  const void* const data =
      bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  CHECK(sqlite3_bind_blob64(statement_, parameter, data, bytes.size(),
                            SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return FromCode(code, "database", sqlite3_db_handle(statement_));
}

Status Statement::Run() {
  for (;;) {
    const auto row = Step();
    if (!row.ok()) {
      Reset();
      return row.error();
    }
    if (!row.value()) break;
  }
  Reset();
  return Ok();
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string_view Statement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {reinterpret_cast<const char*>(text), static_cast<size_t>(size)};
}
Bytes Statement::Blob(int column) const {
  const auto* bytes =
      static_cast<const uint8_t*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return {bytes, static_cast<size_t>(size)};
}

Result<Database> Database::Open(const std::string& path, Mode mode) {
  const int flags =
      (mode == Mode::kRead ? SQLITE_OPEN_READONLY
                           : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);  // Even a failed one wants to be closed.
  if (code != SQLITE_OK) return FromCode(code, path.c_str(), handle);
  // The file may have been made by somebody else: nothing in its schema runs.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kValueBytesMax);
  sqlite3_busy_timeout(handle, kBusyMs);
  return database;
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}
// _v2: statements that still live keep the handle until they end.
Database::~Database() { sqlite3_close_v2(handle_); }

Result<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(
      handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return FromCode(code, "database", handle_);
  return Statement(statement);
}

Status Database::Run(const std::string& sql) {
  const int code =
      sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return FromCode(code, "database", handle_);
  return Ok();
}

Result<int64_t> Database::Ask(std::string_view sql) {
  Statement statement = TRY(Prepare(sql));
  const bool has_row = TRY(statement.Step());
  if (!has_row) return Error{Code::kNotFound, "database: no such row"};
  return statement.Integer(0);
}

int64_t Database::LastRowId() const {
  return sqlite3_last_insert_rowid(handle_);
}
int64_t Database::Changes() const { return sqlite3_changes64(handle_); }

Result<Transaction> Transaction::Begin(Database& database) {
  TRY(database.Run("BEGIN IMMEDIATE"));
  return Transaction(database);
}
Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
Transaction::~Transaction() {
  // An error that ended the transaction by itself makes this one fail: fine.
  if (database_ != nullptr) static_cast<void>(database_->Run("ROLLBACK"));
}

Status Transaction::Commit() {
  TRY(database_->Run("COMMIT"));
  database_ = nullptr;
  return Ok();
}

}  // namespace vitrine::db
