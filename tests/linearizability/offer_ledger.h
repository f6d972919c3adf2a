// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_
#define PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_

#include "ledger/engine/engine.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "merchant/app/member_profiles.h"
#include "merchant/app/offer_rows.h"
#include "tests/linearizability/offer_calls.h"
#include "tests/linearizability/till_ledger.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include "absl/status/status.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace puhui::testing {

// Whoever answers about one offer: the ledger, or one that a test has broken.
class OfferDesk {
 public:
  virtual ~OfferDesk() = default;
  // Threads: safe.
  virtual OfferOutput Ask(const OfferInput& input) = 0;
};

// The real engine, with its threads, over a store in memory: a merchant with two terminals, and
// members with more points than all they can order. Its clock stands still.
// Threads: safe.
class OfferLedger {
 public:
  OfferLedger();
  ~OfferLedger();

  // A published offer, picked up, of which there are OfferModel::kStock. Returns its number.
  std::uint32_t AddOffer();
  OfferOutput Ask(std::uint32_t offer, const OfferInput& input);
  // Everything stored is what the journal says.
  absl::Status Verify();

 private:
  class Everybody final : public merchant::MemberProfiles {
   public:
    absl::optional<merchant::MemberProfile> Read(MemberId /*member*/,
                                                 const merchant::Audience& /*audience*/) override {
      return merchant::MemberProfile();
    }
  };

  void AddBuyer(std::uint32_t offer, std::uint32_t buyer);
  absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command);
  std::unique_ptr<ledger::Command> CommandFor(std::uint32_t offer, const OfferInput& input);

  const TempDir directory_;
  FakeClock clock_;
  NoChores chores_;
  Everybody everybody_;
  ledger::MemoryStore store_;
  TillBooks books_{&store_};
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<ledger::Engine> engine_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint32_t> traces_{0};
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_
