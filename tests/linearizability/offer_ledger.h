// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_
#define PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_

#include "merchant/app/member_profiles.h"
#include "merchant/app/offer_rows.h"
#include "tests/linearizability/offer_calls.h"
#include "tests/linearizability/shop_ledger.h"

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

// A shop's ledger with offers, and members with more points than all they can order. Threads: safe.
class OfferLedger {
 public:
  // A published offer, picked up, of which there are OfferModel::kStock. Returns its number.
  std::uint32_t AddOffer();
  OfferOutput Ask(std::uint32_t offer, const OfferInput& input);
  // As ShopLedger.
  absl::Status Verify() { return shop_.Verify(); }

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

  Everybody everybody_;
  ShopLedger shop_{BasisPoints()};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint32_t> traces_{0};
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_OFFER_LEDGER_H_
