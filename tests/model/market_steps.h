// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MARKET_STEPS_H_
#define PUHUI_TESTS_MODEL_MARKET_STEPS_H_

#include "merchant/app/offer_commands.h"
#include "services/ledger/member_profiles.h"
#include "tests/model/ledger_model.h"
#include "tests/model/settlement_steps.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace puhui::testing {

// Offers and notices: the steps that write, change, publish and withdraw them. Threads: none.
// Borrows: the desk's ledger and random numbers, and the model.
class MarketSteps {
 public:
  // `number_of`: of a union of the model.
  MarketSteps(SettlementSteps::Desk desk, LedgerModel* model,
              std::function<UnionNumber(std::uint32_t)> number_of)
      : desk_(std::move(desk)), model_(*model), number_of_(std::move(number_of)) {}

  void Step();
  // Everything, in the store.
  void Compare();
  // Mostly one that there is; now and then none.
  std::uint32_t AnyOffer();
  // Of the ledger as it stands: good until the next call.
  merchant::MemberProfiles* ProfilesNow() {
    profiles_ = std::make_unique<services::LedgerMemberProfiles>(&desk_.ledger->issuing(), nullptr);
    return profiles_.get();
  }

 private:
  void Create();
  void Update();
  void Move();
  void Restock();
  void PublishNotice();
  void WithdrawNotice();

  ModelOffer Draw();
  merchant::OfferContent ContentOf(const ModelOffer& offer) const;
  merchant::OfferDesk Offers() const { return {&desk_.ledger->merchant(), absl::UTCTimeZone()}; }
  // Mostly that of now.
  std::string AnyEtag(std::uint32_t offer, bool* stale);
  absl::CivilDay Today() const { return absl::ToCivilDay(desk_.now(), absl::UTCTimeZone()); }
  bool Chance(std::uint64_t one_in) { return desk_.random->Below(one_in) == 0; }

  const SettlementSteps::Desk desk_;
  LedgerModel& model_;
  const std::function<UnionNumber(std::uint32_t)> number_of_;
  std::unique_ptr<services::LedgerMemberProfiles> profiles_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MARKET_STEPS_H_
