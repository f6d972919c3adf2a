// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_ANSWERED_H_
#define PUHUI_SERVICES_LEDGER_ANSWERED_H_

#include "ledger/engine/command.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// Whether a call was answered before, with this body or another: a command with its identity gets
// that answer from the engine, or says REQUEST_ID_REUSED. For calls that do long work ahead of
// their command, which a copy need not do again. Threads: safe. Fails: as Readable.
absl::StatusOr<bool> IsAnswered(const ledger::Readable& from,
                                const ledger::RequestIdentity& identity);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_ANSWERED_H_
