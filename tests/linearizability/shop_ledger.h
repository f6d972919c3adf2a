// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_SHOP_LEDGER_H_
#define PUHUI_TESTS_LINEARIZABILITY_SHOP_LEDGER_H_

#include "ledger/base/points.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "merchant/app/applier.h"
#include "merchant/app/tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace puhui::testing {

// The views of a merchant, and what they stand on.
class ShopBooks final : public ledger::Fold {
 public:
  explicit ShopBooks(const ledger::Readable* store)
      : set_(store),
        views(&set_, std::size_t{1} << 20),
        merchant(&set_),
        applier_(&merchant, &views) {}
  absl::Status Apply(const journal::v1::Record& record) override;
  absl::Status EndSegment(Sequence last) override { return views.EndSegment(last); }
  ledger::TableSet& tables() override { return set_; }

 private:
  ledger::TableSet set_;

 public:
  ledger::LedgerViews views;
  merchant::Tables merchant;

 private:
  merchant::MerchantApplier applier_;
};

// The real engine, with its threads, over a store in memory: the merchant "m-1" with the terminals
// "t-1" and "t-2" in the store "s-1". Its clock stands still, so that nothing expires.
// Threads: safe.
class ShopLedger {
 public:
  static constexpr const char* kMerchant = "m-1";

  explicit ShopLedger(BasisPoints fee_rate);
  ~ShopLedger();

  const ledger::Readable& latest() const { return engine_->Latest(); }
  ShopBooks& books() { return books_; }
  absl::Time now() const { return clock_.Now(); }

  // A command that must come about, to set the scene.
  void Set(std::unique_ptr<ledger::Command> command);
  // On the writer's own thread or, lent to it, on this one, as the server's queues do it.
  absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command,
                                      std::uint64_t request, bool lend);
  // Ends the engine. Everything stored is what the journal says, and all sums are zero.
  absl::Status Verify();

 private:
  const TempDir directory_;
  FakeClock clock_;
  NoChores chores_;
  ledger::MemoryStore store_;
  ShopBooks books_{&store_};
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<ledger::Engine> engine_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_SHOP_LEDGER_H_
