// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_TERMS_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_TERMS_FIXTURE_H_

#include "ledger/core/terms.h"
#include "ledger/engine/terms_record.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// 2025-01-01, a Wednesday, begins in China eight hours before the clock of the tests.
inline const absl::CivilDay kFirstDay(2025, 1, 1);
inline constexpr std::uint32_t kWuhanDistrict = 420'106;

// The till of TillTest, and lots under whatever terms. The terminal "t-3" stands in a store of
// Wuhan.
class TermsTest : public TillTest {
 protected:
  TermsTest() {
    CreateStoreCommand store(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                        .id = *StoreId::Parse("s-wuhan", "id"),
                                        .region = kWuhanDistrict});
    PUHUI_CHECK_OK(ledger_.Run(store).status());
    EnrollTerminalCommand terminal(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                              .store = *StoreId::Parse("s-wuhan", "id"),
                                              .id = *TerminalId::Parse("t-3", "id"),
                                              .certificate_pem = "PEM"});
    PUHUI_CHECK_OK(ledger_.Run(terminal).status());
  }

  // Terms that end in a month and ask nothing else.
  ledger::Terms Open() const { return {.expiry = ledger_start_ + absl::Hours(24 * 30)}; }
  static ledger::Earmark Share(std::uint32_t basis_points, std::vector<std::uint32_t> categories) {
    return {.share = BasisPoints::FromStored(basis_points), .categories = std::move(categories)};
  }

  // Gives the member the lots of a grant of its own campaign and union, which have its number.
  std::uint32_t AddGrant(std::int64_t points, ledger::Terms terms) {
    const std::uint32_t number = ++lots_;
    ledger::SortLists(&terms);
    const std::int64_t earmarked =
        ledger::SplitRoundedUp(Points::FromStored(points), terms.earmark.share).earmarked.value();
    Run([&](ledger::Decision& decision) {
      testing::AddFunding(number, points, decision);
      journal::v1::CampaignCreated& created = *decision.Add().mutable_campaign_created();
      created.set_number(number);
      created.set_id(absl::StrCat("campaign-", number));
      created.set_union_number(number);
      ledger::StoreTerms(terms, *created.mutable_terms());
      testing::AddApproval(number, number, points, decision);
      testing::AddGrant({.campaign = number,
                         .origin = number,
                         .member = kMember,
                         .lot = number,
                         .points = points,
                         .expiry = terms.expiry,
                         .earmarked = earmarked},
                        decision);
    });
    return number;
  }

  // What a till of the merchant says is available, by asking for more than there can be.
  std::int64_t AvailableHere(std::string terminal = "t-1") {
    const auto outcome = Purchase(NextCall(std::move(terminal)), Points::kMax);
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().has_declined());
    return outcome->first().declined().available();
  }
  // At another merchant, of another category.
  absl::StatusOr<ledger::Outcome> BuyBooks(std::int64_t points) {
    tables_.merchants.Edit(MerchantNumber{2}).category = kBookshop;
    TillCall call = NextCall();
    call.merchant_id = "m-2";
    return Purchase(std::move(call), points);
  }

  std::int64_t Remaining(LotNumber lot) {
    const ledger::Lot* found = ledger_.views().wallets.Find(kMember)->FindLot(lot);
    return found == nullptr ? 0 : found->remaining;
  }

  const absl::Time ledger_start_ = ledger_.clock().Now();
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_TERMS_FIXTURE_H_
