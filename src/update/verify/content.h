// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "tuf/client.h"
#include "update/accept/log_view.h"
#include "update/order/order.h"
#include "update/verify/office.h"
#include "update/verify/sources.h"

// From metadata that was accepted to the bytes of a database.
namespace vitrine::update {

// What the content is made from; borrowed.
struct ContentSource {
  Office& office;
  Sources& sources;
  tuf::Client& client;
  const tuf::Targets& db;
  const Order& order;
  const LogView& view;
};

// The release wanted, of those that are listed for the channel. kNotFound.
Result<uint64_t> ChooseRelease(const tuf::Targets& db, const Order& order);

// The database of release `verdict.version` into the office's room, by a delta
// from the one in use or whole; its entry of the log and that one's proof to
// Keep(). `index`: of the entry of db's metadata. Rules 9 and 10.
Status TakeContent(const ContentSource& source, uint64_t index,
                   Verdict& verdict);

}  // namespace vitrine::update
