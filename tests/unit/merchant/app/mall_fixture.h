// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_MALL_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_MALL_FIXTURE_H_

#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/mall_call_commands.h"
#include "merchant/app/mall_commands.h"
#include "merchant/app/mall_tokens.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/life_fixture.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

inline const MemberId kOtherMember(1, 2);

// The till of LifeTest, whose merchant m-1 has a mall with the terminal "web", which may take 500
// points by one payment and 800 on one day. Two members, of whom the first has 1,000 points.
class MallTest : public LifeTest {
 protected:
  static constexpr MerchantNumber kShop{1};
  static constexpr MallLimits kLimits{.payment_max = 500, .day_max = 800};

  MallTest() {
    Run([](ledger::Decision& decision) {
      testing::AddMember(kOtherMember, testing::TagOf(0xCA6E), decision);
    });
    AddLot(1'000, absl::Hours(24 * 300));
    PUHUI_CHECK_OK(Enable("m-1", "web").status());
  }

  absl::StatusOr<ledger::Outcome> Enable(const std::string& merchant, const std::string& terminal,
                                         const std::string& store = "s-1") {
    EnableMallCommand command(&tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                         .store = *StoreId::Parse(store, "id"),
                                         .terminal = *TerminalId::Parse(terminal, "id"),
                                         .limits = kLimits,
                                         .person = "people/zhao"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Change(ChangeMallCommand::Wish wish,
                                         const std::string& merchant = "m-1") {
    wish.merchant = *MerchantId::Parse(merchant, "id");
    ChangeMallCommand command(&tables_, std::move(wish));
    return ledger_.Run(command);
  }
  void BlockMall() {
    PUHUI_CHECK_OK(Change({.state = MallState::kBlocked, .reason = "complaints"}).status());
  }
  absl::StatusOr<ledger::Outcome> Unlink(MemberId member = kMember,
                                         const std::string& merchant = "m-1") {
    UnlinkMallCommand command(&tables_, member, *MerchantId::Parse(merchant, "id"));
    return ledger_.Run(command);
  }

  MallCall Call(const std::string& merchant = "m-1") {
    return {.merchant_id = merchant, .time = ledger_.clock().Now()};
  }
  // A code that nobody has shown before.
  ShownCode CodeOf(MemberId member) {
    return {.tag = testing::TagOf(0xC0DE00 + ++codes_),
            .known = ShownCode::Known{.member = member,
                                      .expiry = ledger_.clock().Now() + absl::Minutes(1)}};
  }
  absl::StatusOr<ledger::Outcome> TryLink(const ShownCode& code,
                                          const std::string& merchant = "m-1") {
    LinkMallCommand command(State(), Call(merchant), code, tokens_.Make());
    return Submit(command);
  }
  // One that must come about: the token's hash.
  ledger::Tag Link(MemberId member = kMember, const std::string& merchant = "m-1") {
    const auto outcome = TryLink(CodeOf(member), merchant);
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().has_mall_linked());
    return *tokens_.Read(tokens_.TextOf(outcome->first().mall_linked().nonce()));
  }
  // Whose the token is, as a handler finds it.
  MemberId Linked(const ledger::Tag& token) {
    const MallLinkRow* link = tables_.mall_tokens.Find(token);
    return link == nullptr ? MemberId() : link->member;
  }
  MallPayCommand::Payment Payment(const ledger::Tag& token, const std::string& order,
                                  std::int64_t points) {
    return {.token = token,
            .member = Linked(token),
            .order_number = order,
            .points = Points::FromStored(points),
            .authorization_code = "A1B2C3"};
  }
  absl::StatusOr<ledger::Outcome> Pay(MallPayCommand::Payment payment, std::uint64_t request = 0,
                                      const std::string& merchant = "m-1") {
    MallPayCommand command(State(), Call(merchant), std::move(payment));
    return Submit(command, request);
  }
  absl::StatusOr<ledger::Outcome> Pay(const ledger::Tag& token, const std::string& order,
                                      std::int64_t points, std::uint64_t request = 0) {
    return Pay(Payment(token, order, points), request);
  }
  absl::StatusOr<ledger::Outcome> GiveBack(const std::string& order, const std::string& number,
                                           std::int64_t points, std::uint64_t request = 0,
                                           const std::string& merchant = "m-1",
                                           std::vector<LineRefund> lines = {}) {
    const MallOrderRow* paid = tables_.mall_orders.Find({kShop, MallOrderKind::kPayment, order});
    MallRefundCommand command(State(), Call(merchant),
                              {.order_number = order,
                               .purchase = paid == nullptr ? 0 : paid->purchase,
                               .refund_number = number,
                               .points = Points::FromStored(points),
                               .lines = std::move(lines)});
    return Submit(command, request);
  }
  // To the lines, as many points as they add up to.
  absl::StatusOr<ledger::Outcome> GiveBackTo(const std::string& order, const std::string& number,
                                             std::vector<LineRefund> lines) {
    std::int64_t points = 0;
    for (const LineRefund& line : lines) points += line.points;
    return GiveBack(order, number, points, 0, "m-1", std::move(lines));
  }
  MallRow Mall() { return *tables_.malls.Find(kShop); }

  SeededRandom random_{11};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  const MallTokens tokens_{&keyed_hash_, &random_};
  std::uint64_t codes_ = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_MALL_FIXTURE_H_
