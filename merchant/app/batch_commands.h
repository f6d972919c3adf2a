// SPDX-License-Identifier: Apache-2.0
// The end of a till's day.
#ifndef PUHUI_MERCHANT_APP_BATCH_COMMANDS_H_
#define PUHUI_MERCHANT_APP_BATCH_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/storage/store.h"
#include "merchant/app/batch_rows.h"
#include "merchant/app/tables.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Closes a batch for good; of one that is closed it says so again. The batches of a blocked or
// retired terminal too, when its back end asks: what they hold has happened.
// Refuses: UNKNOWN_TERMINAL, TERMINAL_NOT_ACTIVE (and it asks itself), BATCH_CHANGED (the totals
// are not the till's).
class CloseBatchCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    TerminalId terminal{};
    std::uint32_t batch_number = 0;
    BatchTotals told{};
    bool accept_difference = false;
    bool by_terminal = false;  // Which may be in anybody's hands; else its back end asks.
  };
  CloseBatchCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// What is stored of a batch; an open one without a call when nothing is. Fails: as Readable.
absl::StatusOr<BatchRow> FindBatch(const ledger::Readable& from, const BatchKey& key);

// The calls that totals count, with trace numbers from `first` to `last`, by those. At most `limit`
// rows are looked at; nothing when there are more. A reversal under the keys of its original comes
// after it. Fails: as Readable.
struct BatchRange {
  BatchKey batch{};
  std::uint32_t first = 1;
  std::uint32_t last = 0;
};
absl::StatusOr<absl::optional<std::vector<BatchCall>>> ListBatchCalls(const ledger::Readable& from,
                                                                      const BatchRange& range,
                                                                      std::size_t limit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BATCH_COMMANDS_H_
