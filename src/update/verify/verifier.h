// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "update/order/order.h"
#include "update/verify/office.h"

namespace vitrine::update {

// One update, judged: TUF, the acceptance rule, and the content. What was
// proven on the way is kept through `office`; on success with
// Verdict::What::kTaken the room holds the database, and what proves it was
// given to Keep(). A refusal names its rule; the old database stays.
Result<Verdict> VerifyUpdate(Office& office, const Order& order);

// Makes ready what a cage will not allow any more.
void WarmUpVerifier();

}  // namespace vitrine::update
