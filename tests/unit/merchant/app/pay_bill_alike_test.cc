// SPDX-License-Identifier: Apache-2.0
// Whatever a wallet holds and whatever is bought: paying a bill comes to what a purchase with a
// code would have come to, lot by lot.
#include "merchant/app/limit_commands.h"
#include "tests/unit/merchant/app/bill_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

// One of two ledgers to which the same happens, until one sells and the other presents a bill.
class World : public BillTest {
 public:
  explicit World(std::uint64_t seed) : draw_(seed) {}

  // Grants under all kinds of terms, purchases from them, and limits.
  void Live() {
    for (std::uint64_t i = 1 + draw_.Below(8); i > 0; --i) AddGrant(Draw(1, 300), DrawTerms());
    if (OneIn(12)) {
      for (int i = 0; i < 22; ++i) AddGrant(Draw(1, 20), Open());
    }
    for (std::uint64_t i = draw_.Below(3); i > 0; --i) {
      PUHUI_CHECK_OK(Purchase(NextCall(), Draw(1, 200)).status());
    }
    if (OneIn(3)) SetSomeLimit();
    if (OneIn(10)) {
      ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
    }
    if (OneIn(10)) tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
    if (OneIn(10)) Block("t-3");
    DrawWish();
  }

  std::string Sell() {
    PurchaseCommand command(
        State(), NextCall("t-3"),
        {.points = Points::FromStored(points_),
         .authorization_code = "A1B2C3",
         .accept_partial = partial_,
         .lines = lines_,
         .code = ShownCode{
             .tag = testing::TagOf(0xC0DE),
             .known = ShownCode::Known{.member = kMember, .expiry = absl::InfiniteFuture()}}});
    return WithoutTheWay(Submit(command));
  }
  std::string PresentAndPay() {
    // As it would have been presented while all was well: what happened since is for the payer.
    const TerminalState terminal = tables_.terminals.Find(TerminalNumber{4})->state;
    const MerchantState merchant = tables_.merchants.Find(MerchantNumber{1})->state;
    tables_.terminals.Edit(TerminalNumber{4}).state = TerminalState::kActive;
    tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kActive;
    CreateBillCommand::Wish wish = Wish(points_);
    wish.accept_partial = partial_;
    wish.lines = lines_;
    const auto created = Create(NextCall("t-3"), std::move(wish));
    PUHUI_CHECK_OK(created.status());
    PUHUI_CHECK(created->first().has_bill_created());
    tables_.terminals.Edit(TerminalNumber{4}).state = terminal;
    tables_.merchants.Edit(MerchantNumber{1}).state = merchant;
    return WithoutTheWay(Pay(Read(created->first())));
  }
  bool accepted() const { return accepted_; }

 private:
  void TestBody() override {}

  bool OneIn(std::uint64_t n) { return draw_.Below(n) == 0; }
  std::int64_t Draw(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(draw_.Below(static_cast<std::uint64_t>(most - least + 1)));
  }
  ledger::Terms DrawTerms() {
    ledger::Terms terms = Open();
    terms.expiry += absl::Hours(24) * Draw(-3, 3);
    if (OneIn(3)) terms.categories = {OneIn(2) ? kGrocer : kBookshop};
    if (OneIn(4)) terms.regions = {kWuhanDistrict};
    if (OneIn(4)) terms.day_cap = Points::FromStored(Draw(1, 100));
    if (OneIn(6)) terms.denied_merchants = {MerchantNumber{1}};
    if (OneIn(4)) terms.earmark = Share(static_cast<std::uint32_t>(Draw(1, 9'999)), {kGrocer});
    return terms;
  }
  void SetSomeLimit() {
    const LimitSubject subject = OneIn(2) ? LimitSubject::kMember : LimitSubject::kTerminal;
    SetLimitsCommand command(
        State(), {.target = {.subject = subject},
                  .limits = {{.window = LimitWindow::kHour, .points_max = Draw(0, 400)}},
                  .person = "people/wang-1"});
    PUHUI_CHECK_OK(ledger_.Run(command).status());
  }
  void DrawWish() {
    partial_ = OneIn(2);
    for (std::uint64_t i = draw_.Below(5); i > 0; --i) {
      lines_.push_back({.category = OneIn(2) ? kBookshop : 0,
                        .region = OneIn(4) ? kWuhanDistrict : 0,
                        .points = Draw(1, 120)});
      points_ += lines_.back().points;
    }
    if (lines_.empty()) points_ = Draw(1, 500);
  }
  // What the record says but for when, who asked, and by which way.
  std::string WithoutTheWay(const absl::StatusOr<ledger::Outcome>& outcome) {
    PUHUI_CHECK_OK(outcome.status());
    journal::v1::Record record = outcome->first();
    accepted_ = record.has_entry();
    record.clear_sequence();
    record.clear_time_micros();
    record.clear_request();
    if (record.has_declined()) record.mutable_declined()->clear_bill();
    if (record.has_entry()) {
      record.mutable_entry()->mutable_purchase()->clear_bill();
      record.mutable_entry()->mutable_purchase()->clear_code();
    }
    return record.DebugString();
  }

  SeededRandom draw_;
  std::int64_t points_ = 0;
  bool partial_ = false;
  std::vector<ledger::BasketLine> lines_{};
  bool accepted_ = false;
};

TEST(PayBillAlikeTest, APayerAndATillComeToTheSame) {
  int accepted = 0;
  constexpr int kRounds = 400;
  for (int seed = 0; seed < kRounds; ++seed) {
    SCOPED_TRACE(seed);
    World till(static_cast<std::uint64_t>(seed));
    World member(static_cast<std::uint64_t>(seed));
    till.Live();
    member.Live();
    ASSERT_EQ(member.PresentAndPay(), till.Sell());
    if (till.accepted()) ++accepted;
  }
  // Both ways of ending were looked at.
  EXPECT_GT(accepted, kRounds / 10);
  EXPECT_LT(accepted, kRounds * 9 / 10);
}

}  // namespace
}  // namespace puhui::merchant
