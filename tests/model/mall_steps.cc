// SPDX-License-Identifier: Apache-2.0
#include "tests/model/mall_steps.h"

#include "ledger/storage/typed_reads.h"
#include "merchant/app/mall_call_commands.h"
#include "merchant/app/mall_commands.h"
#include "merchant/app/offer_view_command.h"
#include "tests/model/model_names.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

using merchant::MallOrderKind;

ledger::Tag LinkHashOf(std::uint64_t token) { return TagOf(token * 8 + 5); }

std::int64_t Few(SeededRandom& random, std::uint64_t most) {
  return 1 + static_cast<std::int64_t>(random.Below(most));
}

template <class Map>
auto Any(Map& map, SeededRandom& random) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(random.Below(map.size())));
}

auto PaidBy(MallModel::Mall& mall, Sequence purchase) {
  return std::find_if(mall.payments.begin(), mall.payments.end(), [purchase](const auto& payment) {
    return payment.second.purchase == purchase;
  });
}

std::vector<merchant::LineRefund> LinesOf(const MallModel::Refund& asked) {
  if (!asked.line.has_value()) return {};
  return {{.line = *asked.line, .points = asked.points}};
}

}  // namespace

MallSteps::MallSteps(RandomDriver* driver) : driver_(*driver), model_(&driver->model_) {}

void MallSteps::Step() {
  switch (driver_.random_.Below(12)) {
    case 0:
      return Enable();
    case 1:
      return Change();
    case 2:
    case 3:
      return Link();
    case 4:
      return Unlink();
    case 5:
      return Look();
    case 6:
    case 7:
      return GiveBack();
    default:
      return Pay();
  }
}

std::uint32_t MallSteps::AnyMall() {
  SeededRandom& random = driver_.random_;
  return static_cast<std::uint32_t>(1 + random.Below(3) + (random.Below(20) == 0 ? 90 : 0));
}

// Batch 0 is the mall's, which no till can name.
LedgerModel::TillCall MallSteps::CallOf(std::uint32_t merchant) const {
  const auto mall = model_.malls.find(merchant);
  LedgerModel::TillCall call{
      .keys = {1, 0, 1}, .request = driver_.requests_ + 1, .now = driver_.NextTime()};
  if (mall != model_.malls.end()) call.keys = {mall->second.terminal, 0, mall->second.calls + 1};
  return call;
}

void MallSteps::Enable() {
  const std::uint32_t merchant = AnyMall();
  MallModel::Mall mall{.payment_max = Few(driver_.random_, 400),
                       .day_max = Few(driver_.random_, 2'000)};
  const auto outcome = driver_.Run([=, this] {
    return std::make_unique<merchant::EnableMallCommand>(
        &driver_.ledger_.merchant(),
        merchant::EnableMallCommand::Wish{
            .merchant = MerchantIdOf(merchant),
            .store = *StoreId::Parse("s-1", "id"),
            .terminal = *TerminalId::Parse("web", "id"),
            .limits = {.payment_max = mall.payment_max, .day_max = mall.day_max}});
  });
  if (outcome.ok()) mall.terminal = outcome->first().terminal_enrolled().number();
  driver_.Expect(model_.Enable(merchant, mall), outcome);
}

void MallSteps::Change() {
  const std::uint32_t merchant = AnyMall();
  const MallModel::Mall to{.payment_max = Few(driver_.random_, 400),
                           .day_max = Few(driver_.random_, 2'000),
                           .blocked = driver_.random_.Below(5) == 0};
  driver_.Expect(model_.Change(merchant, to), driver_.Run([=, this] {
    return std::make_unique<merchant::ChangeMallCommand>(
        &driver_.ledger_.merchant(),
        merchant::ChangeMallCommand::Wish{
            .merchant = MerchantIdOf(merchant),
            .state = to.blocked ? merchant::MallState::kBlocked : merchant::MallState::kActive,
            .limits = merchant::MallLimits{.payment_max = to.payment_max, .day_max = to.day_max}});
  }));
}

void MallSteps::Link() {
  const std::uint32_t merchant = AnyMall();
  LedgerModel::TillCall call = CallOf(merchant);
  const std::uint64_t code = driver_.AnyCode(call);
  const merchant::ShownCode shown = driver_.ShownFor(code);
  const std::uint64_t token = ++driver_.drawn_;
  const merchant::MallCall mall{.merchant_id = MerchantIdOf(merchant).text(), .time = call.now};
  const auto outcome = driver_.Run([=, this] {
    return std::make_unique<merchant::LinkMallCommand>(
        driver_.Till(), mall, shown,
        merchant::MallTokens::Fresh{.nonce = std::string(16, 'n'), .hash = LinkHashOf(token)});
  });
  if (outcome.ok()) call.sequence = outcome->first().sequence();
  driver_.Expect(model_.LinkTo(merchant, call, code, token), outcome);
}

// Mostly one that there is.
void MallSteps::Unlink() {
  MallModel::Link link{driver_.AnyMember().value_or(MemberId(9, 9)), AnyMall()};
  if (!model_.tokens.empty() && driver_.random_.Below(4) != 0) {
    link = Any(model_.tokens, driver_.random_)->second;
  }
  driver_.Expect(model_.Unlink(link), driver_.Run([=, this] {
    return std::make_unique<merchant::UnlinkMallCommand>(&driver_.ledger_.merchant(), link.first,
                                                         MerchantIdOf(link.second));
  }));
}

// Mostly one whose member has points.
MallSteps::Token MallSteps::AnyToken() {
  std::vector<Token> able;
  for (auto link = model_.tokens.begin(); link != model_.tokens.end(); ++link) {
    if (driver_.model_.Available(link->second.first, driver_.NextTime()) > 0) able.push_back(link);
  }
  if (able.empty() || driver_.random_.Below(8) == 0) return Any(model_.tokens, driver_.random_);
  return able[driver_.random_.Below(able.size())];
}

// Mostly with a token that is good, and for an order that is new; or for the last one again, with
// what it was paid with or otherwise.
void MallSteps::Pay() {
  SeededRandom& random = driver_.random_;
  std::uint32_t merchant = AnyMall();
  MallModel::Payment asked{.points = Few(random, 120)};
  if (!model_.tokens.empty() && random.Below(20) != 0) {
    const auto link = AnyToken();
    asked.token = link->first;
    if (random.Below(20) != 0) merchant = link->second.second;
    // Mostly what there is.
    const std::int64_t available = driver_.model_.Available(link->second.first, driver_.NextTime());
    if (available > 0 && random.Below(4) != 0) {
      asked.points =
          Few(random, static_cast<std::uint64_t>(std::min<std::int64_t>(available, 120)));
    }
  }
  if (random.Below(2) == 0) asked.lines = {asked.points};
  // In two, where there is enough for two.
  if (!asked.lines.empty() && asked.points > 1) {
    const std::int64_t first = Few(random, static_cast<std::uint64_t>(asked.points) - 1);
    asked.lines = {first, asked.points - first};
  }
  std::string order = absl::StrCat("o-", ++driver_.drawn_);
  const auto known = model_.malls.find(merchant);
  if (known != model_.malls.end() && !known->second.payments.empty() && random.Below(2) == 0) {
    const auto& [number, payment] = *Any(known->second.payments, random);
    order = number;
    const std::uint64_t dice = random.Below(4);
    if (dice != 0) asked = payment;
    if (dice == 1) asked = {.points = payment.points + 1, .token = payment.token};
  }
  MemberId member;
  if (model_.tokens.contains(asked.token)) member = model_.tokens.at(asked.token).first;
  LedgerModel::TillCall call = CallOf(merchant);
  const merchant::MallCall mall{.merchant_id = MerchantIdOf(merchant).text(), .time = call.now};
  std::vector<ledger::BasketLine> lines;
  for (const std::int64_t points : asked.lines) lines.push_back({.points = points});
  const auto outcome = driver_.Run([=, this] {
    return std::make_unique<merchant::MallPayCommand>(
        driver_.Till(), mall,
        merchant::MallPayCommand::Payment{.token = LinkHashOf(asked.token),
                                          .member = member,
                                          .order_number = order,
                                          .points = Points::FromStored(asked.points),
                                          .lines = lines,
                                          .authorization_code = "A1B2C3"});
  });
  if (model_.WasPaid(merchant, order, asked)) {
    EXPECT_TRUE(outcome.ok() && outcome->empty());
    return;
  }
  if (outcome.ok()) call.sequence = outcome->first().sequence();
  driver_.Expect(model_.Pay(merchant, call, order, asked), outcome);
  if (!member.none()) driver_.CompareMember(member);
}

// Mostly of a payment that there is, to its last lines or to one that is named; now and then what
// was given back before, to the same lines or to others.
void MallSteps::GiveBack() {
  SeededRandom& random = driver_.random_;
  const std::uint32_t merchant = AnyMall();
  std::string order = "none";
  Sequence purchase = 0;
  MallModel::Refund asked{.number = absl::StrCat("r-", ++driver_.drawn_),
                          .points = Few(random, 60)};
  if (random.Below(3) == 0) asked.line = random.Below(4);
  const auto known = model_.malls.find(merchant);
  if (known != model_.malls.end() && !known->second.payments.empty() && random.Below(20) != 0) {
    auto payment = Any(known->second.payments, random);
    if (!known->second.refunds.empty() && random.Below(4) == 0) {
      const auto refund = Any(known->second.refunds, random);
      asked.number = refund->first;
      if (random.Below(4) != 0) asked.points = refund->second.points;
      if (random.Below(4) != 0) payment = PaidBy(known->second, refund->second.purchase);
    }
    order = payment->first;
    purchase = payment->second.purchase;
  }
  LedgerModel::TillCall call = CallOf(merchant);
  const merchant::MallCall mall{.merchant_id = MerchantIdOf(merchant).text(), .time = call.now};
  const auto outcome = driver_.Run([=, this] {
    return std::make_unique<merchant::MallRefundCommand>(
        driver_.Till(), mall,
        merchant::MallRefundCommand::Refund{.order_number = order,
                                            .purchase = purchase,
                                            .refund_number = asked.number,
                                            .points = Points::FromStored(asked.points),
                                            .lines = LinesOf(asked)});
  });
  if (model_.WasRefunded(merchant, order, asked)) {
    EXPECT_TRUE(outcome.ok() && outcome->empty());
    return;
  }
  if (outcome.ok()) call.sequence = outcome->first().sequence();
  driver_.Expect(model_.GiveBack(merchant, call, order, asked), outcome);
}

void MallSteps::Look() {
  const auto offer = static_cast<std::uint32_t>(Few(driver_.random_, 5));
  const auto views = static_cast<std::uint32_t>(Few(driver_.random_, 9));
  const auto of = static_cast<std::uint32_t>(Few(driver_.random_, 3));
  model_.views[{of, offer}] += views;
  EXPECT_OK(driver_.Run([=] {
    return std::make_unique<merchant::CountOfferViewsCommand>(
        std::vector<merchant::OfferViewCount>{{.offer = offer,
                                               .merchant = MerchantNumber{1},
                                               .unions = {UnionNumber{of}},
                                               .views = views}});
  }));
}

void MallSteps::CompareTransactions(std::uint32_t merchant, const MallModel::Mall& expected) {
  const auto& table = merchant::kMallTransactionTable;
  const auto rows =
      ledger::List(driver_.ledger_.store(), table,
                   {.prefix = ledger::EncodeKeyPrefix(table.id, MerchantNumber{merchant})},
                   expected.payments.size() + expected.refunds.size() + 1);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), expected.payments.size() + expected.refunds.size());
  for (const auto& row : *rows) {
    const std::string& number = row.value.number;
    const bool is_payment = row.value.kind == MallOrderKind::kPayment;
    EXPECT_EQ(row.value.points, is_payment ? expected.payments.at(number).points
                                           : expected.refunds.at(number).points);
  }
}

void MallSteps::Compare() {
  const ledger::Readable& store = driver_.ledger_.store();
  std::map<std::uint32_t, std::uint32_t> links;
  for (const auto& [token, link] : model_.tokens) {
    ++links[link.second];
    const auto row = ledger::Find(store, merchant::kMallTokenTable, LinkHashOf(token));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->member, link.first);
    EXPECT_EQ((*row)->merchant, MerchantNumber{link.second});
  }
  const auto tokens = ledger::List(store, merchant::kMallTokenTable, {}, model_.tokens.size() + 1);
  ASSERT_OK(tokens);
  EXPECT_EQ(tokens->size(), model_.tokens.size());
  for (const auto& [merchant, expected] : model_.malls) {
    const auto row = ledger::Find(store, merchant::kMallTable, MerchantNumber{merchant});
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->state == merchant::MallState::kBlocked, expected.blocked);
    EXPECT_EQ((*row)->limits.payment_max, expected.payment_max);
    EXPECT_EQ((*row)->links, links[merchant]);
    EXPECT_EQ((*row)->calls, expected.calls);
    CompareTransactions(merchant, expected);
  }
  for (const auto& [key, views] : model_.views) {
    const merchant::OfferFigureKey of{UnionNumber{key.first}, merchant::OfferFigureKind::kOffer,
                                      key.second};
    const auto row = ledger::Find(store, merchant::kOfferFigureTable, of);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->views, views);
  }
}

}  // namespace puhui::testing
