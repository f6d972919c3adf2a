// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_chores.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_expiry.h"
#include "merchant/app/business_days.h"
#include "merchant/app/queries.h"
#include "merchant/app/statement_commands.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

// Walks the authorisations that expire at one time.
// Threads: the timers'. Borrows: what its commands need.
class ExpiryWalk final : public ledger::Chore {
 public:
  ExpiryWalk(TillState state, absl::Time expiry) : state_(state), expiry_(expiry) {}

  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(const ledger::Readable& store) override {
    PUHUI_ASSIGN_OR_RETURN(
        const auto rows,
        ledger::List(store, kExpiringTable,
                     {.prefix = ledger::EncodeKeyPrefix(kExpiringTable.id, expiry_),
                      .from = given_,
                      .after_from = true},
                     kExpireChunkAuthorizations));
    if (rows.empty()) return nullptr;
    given_ = ledger::EncodeKey(kExpiringTable.id, rows.back().key);
    std::vector<Sequence> authorizations;
    for (const auto& row : rows) authorizations.push_back(row.key.authorization);
    return std::make_unique<ExpireAuthorizationsCommand>(state_, std::move(authorizations));
  }

 private:
  const TillState state_;
  const absl::Time expiry_;
  std::string given_;  // The key of the last one; ahead of what is durable.
};

// Cuts one business day of one merchant: one command.
// Threads: the timers'. Borrows: what its command needs.
class DayEnd final : public ledger::Chore {
 public:
  DayEnd(TillState state, StatementKey statement) : state_(state), key_(statement) {}

  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(
      const ledger::Readable& /*store*/) override {
    if (given_) return nullptr;
    given_ = true;
    return std::make_unique<CutDayCommand>(state_, key_);
  }

 private:
  const TillState state_;
  const StatementKey key_;
  bool given_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ledger::Chore>> MerchantChores::BeginCut(
    const ledger::TimerKey& timer, const ledger::Readable& store) {
  const CutReference cut = ReadReference(timer);
  StatementKey key{cut.merchant, cut.day};
  if (timer.due == absl::UnixEpoch()) {
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kOpenDayTable, cut.merchant));
    PUHUI_ASSIGN_OR_RETURN(const MerchantRow merchant, MerchantByNumber(store, cut.merchant));
    if (!row.has_value()) return nullptr;
    key.day = DayOfLines(*row, merchant, state_.merchant_zone).day;
  }
  return std::make_unique<DayEnd>(state_, key);
}

absl::StatusOr<std::unique_ptr<ledger::Chore>> MerchantChores::Begin(
    const ledger::TimerKey& timer, const ledger::Readable& store) {
  if (timer.kind == ledger::kTimerBusinessDay) return BeginCut(timer, store);
  if (timer.kind != ledger::kTimerAuthorizations) return nullptr;
  return std::make_unique<ExpiryWalk>(state_, timer.due);
}

}  // namespace puhui::merchant
