// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_TILL_LEDGER_H_
#define PUHUI_TESTS_LINEARIZABILITY_TILL_LEDGER_H_

#include "ledger/engine/engine.h"
#include "ledger/engine/timers.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "merchant/app/applier.h"
#include "merchant/app/tables.h"
#include "merchant/app/till_commands.h"
#include "tests/linearizability/till_calls.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <memory>

namespace puhui::testing {

// The views of tills, and what they stand on.
class TillBooks final : public ledger::Fold {
 public:
  explicit TillBooks(const ledger::Readable* store)
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

// Whoever answers tills about one wallet: the ledger, or one that a test has broken.
class TillDesk {
 public:
  virtual ~TillDesk() = default;
  // Threads: safe.
  virtual TillOutput Ask(const TillInput& input) = 0;
};

// The real engine, with its threads, over a store in memory: a merchant with two terminals and as
// many wallets as there are histories. Its clock stands still, so that nothing expires.
// Threads: safe.
class TillLedger {
 public:
  TillLedger();
  ~TillLedger();

  // A new member with so many points, in two lots. Returns the number of the wallet.
  std::uint64_t AddWallet(std::int64_t points);
  TillOutput Ask(std::uint64_t wallet, const TillInput& input);
  // Everything stored is what the journal says, and all sums are zero.
  absl::Status Verify();

 private:
  void Run(std::unique_ptr<ledger::Command> command);
  std::unique_ptr<ledger::Command> CommandFor(std::uint64_t wallet, const TillInput& input);
  TillOutput Carry(std::uint64_t wallet, const TillInput& input);
  TillOutput Look(Sequence reference) const;
  TillOutput Balance(std::uint64_t wallet) const;

  const TempDir directory_;
  FakeClock clock_;
  NoChores chores_;
  ledger::MemoryStore store_;
  TillBooks books_{&store_};
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<ledger::Engine> engine_;
  std::uint64_t wallets_ = 0;
};

// One wallet of it. Borrows: the ledger.
class LedgerDesk final : public TillDesk {
 public:
  LedgerDesk(TillLedger* ledger, std::uint64_t wallet) : ledger_(*ledger), wallet_(wallet) {}
  TillOutput Ask(const TillInput& input) override { return ledger_.Ask(wallet_, input); }

 private:
  TillLedger& ledger_;
  const std::uint64_t wallet_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_TILL_LEDGER_H_
