// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/answered.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"

namespace puhui::services {

absl::StatusOr<bool> IsAnswered(const ledger::Readable& from,
                                const ledger::RequestIdentity& identity) {
  ledger::Sha256 sha256;
  const ledger::Tag key = ledger::RequestKeyOf(identity.caller, identity.request_id, sha256);
  PUHUI_ASSIGN_OR_RETURN(const auto known, ledger::Find(from, ledger::kRequestTable, key));
  return known.has_value();
}

}  // namespace puhui::services
