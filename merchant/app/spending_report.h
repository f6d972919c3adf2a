// SPDX-License-Identifier: Apache-2.0
// What was spent where: the figures of business days, of one merchant, union or campaign.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_SPENDING_REPORT_H_
#define PUHUI_MERCHANT_APP_SPENDING_REPORT_H_

#include "ledger/storage/store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/statement_rows.h"

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace puhui::merchant {

// What is set has to be so.
struct SpendingFilter {
  absl::optional<MerchantNumber> merchant{};
  absl::optional<UnionNumber> origin{};
  absl::optional<CampaignNumber> campaign{};
  absl::CivilDay first_day{};
  absl::CivilDay last_day{};
  // Whose money may be told of; empty: everybody's.
  std::function<absl::StatusOr<bool>(UnionNumber)> told{};
};

struct SpendingPage {
  std::vector<ledger::Row<DayFiguresKey, DayFigures>> rows{};
  absl::optional<DayFiguresKey> next{};  // Where it goes on; nothing at the end.
};

// From `from` on, by merchant, day, origin and campaign: at most `limit` rows in which something
// was spent or given back, of at most kRowsPerPageMax that are looked at.
absl::StatusOr<SpendingPage> ListSpending(const ledger::Readable& store,
                                          const SpendingFilter& filter,
                                          const absl::optional<DayFiguresKey>& from,
                                          std::size_t limit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_SPENDING_REPORT_H_
