// SPDX-License-Identifier: Apache-2.0
// A deployment's ledger as a server of long ago left it.
#ifndef PUHUI_TESTS_INTEGRATION_LEFT_LEDGER_H_
#define PUHUI_TESTS_INTEGRATION_LEFT_LEDGER_H_

#include "ledger/engine/engine.h"
#include "services/ledger/books.h"
#include "tests/support/wire/deployment.h"

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace puhui {

// Makes it, as of `then`, with what `work` runs in it, and closes it. Fails the test when it
// cannot.
void LeaveLedger(const Deployment& deployment, absl::Time then,
                 absl::FunctionRef<void(ledger::Engine& engine, services::Books& books)> work);

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_LEFT_LEDGER_H_
