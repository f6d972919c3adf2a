// SPDX-License-Identifier: Apache-2.0
// Reads of terminals together with their enrolment codes, for handlers. Pass a snapshot.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_ENROLMENT_QUERIES_H_
#define PUHUI_MERCHANT_APP_ENROLMENT_QUERIES_H_

#include "ledger/storage/store.h"
#include "merchant/app/enrolment_rows.h"
#include "merchant/app/rows.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::merchant {

// A terminal that is enrolled, or awaited, or both: at least one of the rows is there.
struct FoundTerminal {
  std::string id{};
  absl::optional<TerminalRow> row{};
  absl::optional<EnrolmentCodeRow> code{};  // The last that was made for it.
};

absl::StatusOr<absl::optional<FoundTerminal>> FindTerminalOrCode(const ledger::Readable& from,
                                                                 MerchantNumber merchant,
                                                                 absl::string_view id);

// By id, those behind `after`, `limit` at most.
absl::StatusOr<std::vector<FoundTerminal>> ListTerminalsAndCodes(const ledger::Readable& from,
                                                                 MerchantNumber merchant,
                                                                 absl::string_view after,
                                                                 std::size_t limit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ENROLMENT_QUERIES_H_
