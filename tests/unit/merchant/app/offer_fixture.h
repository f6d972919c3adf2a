// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_OFFER_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_OFFER_FIXTURE_H_

#include "merchant/app/member_profiles.h"
#include "merchant/app/merchant_life_commands.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/offer_queries.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// What members are, as a test says.
class FakeProfiles final : public MemberProfiles {
 public:
  absl::optional<MemberProfile> Read(MemberId member, const Audience& /*audience*/) override {
    const auto known = profiles.find(member);
    if (known == profiles.end()) return absl::nullopt;
    return known->second;
  }

  std::map<MemberId, MemberProfile> profiles;
};

// The till of TermsTest, and offers of its merchant. The member is of union 7, below 3.
class OfferTest : public TermsTest {
 protected:
  OfferTest() {
    profiles_.profiles[kMember] = {.unions = {UnionNumber{7}, UnionNumber{3}},
                                   .joined = absl::CivilDay(2020, 1, 1)};
  }

  TillState StateWithProfiles() {
    TillState state = State();
    state.profiles = &profiles_;
    return state;
  }
  absl::CivilDay Today() { return absl::ToCivilDay(ledger_.clock().Now(), absl::UTCTimeZone()); }
  OfferContent PercentageOff(std::uint32_t basis_points) {
    return {.title = "会员九折",
            .kind = OfferKind::kPercentageOff,
            .discount = {.off_rate = BasisPoints::FromStored(basis_points)},
            .window = {.last_day = Today() + 10}};
  }
  OfferContent AmountOff(std::int64_t points, std::int64_t minimum) {
    return {.title = "满减",
            .kind = OfferKind::kAmountOff,
            .discount = {.off_points = points, .minimum_points = minimum},
            .window = {.last_day = Today() + 10}};
  }
  OfferContent Item(std::int64_t price) {
    return {.title = "端午粽子礼盒",
            .kind = OfferKind::kItem,
            .price = price,
            .components = {{.text = "鲜肉粽", .quantity = 6}},
            .window = {.last_day = Today() + 10},
            .fulfilments = {FulfilmentKind::kPickUp}};
  }

  absl::StatusOr<ledger::Outcome> Create(OfferContent content, std::int64_t stock = 0,
                                         const char* merchant = "m-1") {
    CreateOfferCommand command(desk_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                       .content = std::move(content),
                                       .stock = stock,
                                       .person = "people/li-1"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Move(OfferNumber offer, OfferState state, std::string etag = "") {
    MoveOfferCommand command(&tables_, {.offer = offer,
                                        .etag = std::move(etag),
                                        .state = state,
                                        .reason = "售罄",
                                        .person = "people/li-1"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Update(OfferNumber offer, OfferFields fields,
                                         OfferContent content, std::string etag = "") {
    UpdateOfferCommand command(desk_, {.offer = offer,
                                       .etag = std::move(etag),
                                       .fields = fields,
                                       .content = std::move(content),
                                       .person = "people/li-1"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Restock(OfferNumber offer, std::int64_t change) {
    RestockOfferCommand command(&tables_,
                                {.offer = offer, .change = change, .person = "people/li-1"});
    return ledger_.Run(command);
  }
  // One that members may use.
  OfferNumber Published(OfferContent content, std::int64_t stock = 0) {
    const auto created = Create(std::move(content), stock);
    PUHUI_CHECK_OK(created.status());
    const OfferNumber offer{created->first().offer_created().offer()};
    PUHUI_CHECK_OK(Move(offer, OfferState::kPublished).status());
    return offer;
  }
  OfferRow OfferOf(OfferNumber offer) { return **FindOffer(ledger_.store(), offer); }
  OfferStockRow StockOf(OfferNumber offer) {
    return **FindOfferStock(ledger_.store(), offer, OfferOf(offer).content);
  }
  std::uint32_t Uses(OfferNumber offer) {
    const auto used = ledger::Find(ledger_.store(), kOfferUseTable, {offer, kMember});
    PUHUI_CHECK_OK(used.status());
    return used->value_or(0);
  }

  struct Bill {
    std::int64_t points = 0;
    std::vector<ledger::BasketLine> lines{};
    bool accept_partial = false;
    std::string terminal = "t-1";
  };
  absl::StatusOr<ledger::Outcome> BuyWith(OfferNumber offer, Bill bill) {
    PurchaseCommand command(StateWithProfiles(), NextCall(bill.terminal),
                            {.card = kCard,
                             .points = Points::FromStored(bill.points),
                             .authorization_code = "A1B2C3",
                             .accept_partial = bill.accept_partial,
                             .lines = std::move(bill.lines),
                             .offer = offer});
    return Submit(command);
  }

  FakeProfiles profiles_;
  const OfferDesk desk_{&tables_, absl::UTCTimeZone()};
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_OFFER_FIXTURE_H_
