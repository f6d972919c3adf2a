// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_TILL_LEDGER_H_
#define PUHUI_TESTS_LINEARIZABILITY_TILL_LEDGER_H_

#include "merchant/app/till_commands.h"
#include "tests/linearizability/shop_ledger.h"
#include "tests/linearizability/till_calls.h"

#include "absl/status/status.h"

#include <cstdint>
#include <memory>

namespace puhui::testing {

// Whoever answers tills about one wallet: the ledger, or one that a test has broken.
class TillDesk {
 public:
  virtual ~TillDesk() = default;
  // Threads: safe.
  virtual TillOutput Ask(const TillInput& input) = 0;
};

// A shop's ledger with as many wallets as there are histories. Threads: safe.
class TillLedger {
 public:
  // A new member with so many points, in two lots. Returns the number of the wallet.
  std::uint64_t AddWallet(std::int64_t points);
  TillOutput Ask(std::uint64_t wallet, const TillInput& input);
  // As ShopLedger.
  absl::Status Verify() { return shop_.Verify(); }

 private:
  std::unique_ptr<ledger::Command> CommandFor(std::uint64_t wallet, const TillInput& input);
  TillOutput Carry(std::uint64_t wallet, const TillInput& input);
  TillOutput Look(Sequence reference) const;
  TillOutput Balance(std::uint64_t wallet) const;

  ShopLedger shop_{BasisPoints::FromStored(250)};
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
