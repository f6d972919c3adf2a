// SPDX-License-Identifier: Apache-2.0
#include "tests/model/market_steps.h"

#include "ledger/storage/typed_reads.h"
#include "merchant/app/notice_commands.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/offers.h"
#include "tests/model/model_names.h"
#include "tests/model/offer_model.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>

namespace puhui::testing {
namespace {

using ledger::Reason;
using Kind = ModelOffer::Kind;

constexpr std::uint32_t kNoOffer = 4'000'000;

}  // namespace

// Others are written by other steps.
std::uint32_t MarketSteps::AnyOffer() {
  if (model_.offers.empty() || Chance(12)) return kNoOffer;
  return std::next(model_.offers.begin(),
                   static_cast<std::ptrdiff_t>(desk_.random->Below(model_.offers.size())))
      ->first;
}

ModelOffer MarketSteps::Draw() {
  const auto below = [this](std::uint64_t bound) {
    return static_cast<std::int64_t>(desk_.random->Below(bound));
  };
  ModelOffer offer{.merchant = static_cast<std::uint32_t>(1 + below(kMerchants)),
                   .kind = static_cast<Kind>(Chance(4) ? 3 + below(2) : 1 + below(2)),
                   .limit = below(4),
                   .last = Today() - 1 + static_cast<int>(below(30))};
  if (offer.kind == Kind::kPercentage) {
    offer.rate = 1 + below(9'999);
    if (Chance(2)) offer.off = 1 + below(100);
    if (Chance(2)) offer.minimum = 1 + below(100);
  } else if (offer.kind == Kind::kAmount) {
    offer.off = 1 + below(50);
    offer.minimum = offer.off + below(50);
  } else {
    offer.stock = below(10);
  }
  if (Chance(4)) offer.first = Today() - 2 + static_cast<int>(below(6));
  if (Chance(4) && !model_.unions.empty()) {
    offer.unions = {
        std::next(model_.unions.begin(), static_cast<std::ptrdiff_t>(below(model_.unions.size())))
            ->first};
  }
  if (Chance(5) && !model_.campaigns.empty()) {
    offer.campaigns = {static_cast<std::uint32_t>(1 + below(model_.campaigns.size()))};
  }
  if (Chance(6)) offer.regions = {kProvinceOfHubei};
  return offer;
}

merchant::OfferContent MarketSteps::ContentOf(const ModelOffer& offer) const {
  merchant::OfferContent content{
      .title = "优惠",
      .kind = static_cast<merchant::OfferKind>(offer.kind),
      .discount = {.off_rate = BasisPoints::FromStored(static_cast<std::uint32_t>(offer.rate)),
                   .off_points = offer.off,
                   .minimum_points = offer.minimum},
      .price = offer.IsDiscount() ? 0 : 5,
      .journey = {.day = absl::CivilDay(9'000, 12, 31), .from = "北京", .to = "厦门"},
      .window = {.first_day = offer.first, .last_day = offer.last},
      .per_member_limit = static_cast<std::uint32_t>(offer.limit)};
  for (const std::uint32_t of : offer.unions) content.audience.unions.push_back(number_of_(of));
  for (const std::uint32_t number : offer.campaigns) {
    content.audience.campaigns.push_back(CampaignNumber{number});
  }
  content.regions.assign(offer.regions.begin(), offer.regions.end());
  if (!offer.IsDiscount()) content.fulfilments = {merchant::FulfilmentKind::kPickUp};
  return content;
}

std::string MarketSteps::AnyEtag(std::uint32_t offer, bool* stale) {
  *stale = Chance(8);
  if (*stale) return "stale";
  const auto at = model_.offers.find(offer);
  if (at == model_.offers.end() || Chance(2)) return "";
  return merchant::EtagOf(merchant::OfferNumber{offer}, at->second.version);
}

void MarketSteps::Create() {
  const ModelOffer offer = Draw();
  const std::uint32_t merchant = Chance(20) ? 9 : offer.merchant;
  const Verdict expected = [&]() -> Verdict {
    if (!IsSound(offer)) return Reason::kInvalidField;
    if (merchant == 9) return Reason::kNotFound;
    if (model_.merchants[merchant].standing == LedgerModel::MerchantStanding::kClosed)
      return Reason::kMerchantNotActive;
    return absl::nullopt;
  }();
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::CreateOfferCommand>(
        Offers(), merchant::CreateOfferCommand::Wish{
                      .merchant = *MerchantId::Parse(absl::StrCat("m-", merchant), "id"),
                      .content = ContentOf(offer),
                      .stock = offer.stock});
  });
  if (!desk_.expect(expected, outcome)) return;
  model_.offers[outcome->first().offer_created().offer()] = offer;
}

// What members may, whom it is for, its days, or what goes off.
void MarketSteps::Update() {
  const std::uint32_t number = AnyOffer();
  const ModelOffer drawn = Draw();
  merchant::OfferFields fields;
  const auto at = model_.offers.find(number);
  ModelOffer changed = at == model_.offers.end() ? drawn : at->second;
  bool other_kind = false;
  switch (desk_.random->Below(4)) {
    case 0:
      fields.per_member_limit = true;
      changed.limit = drawn.limit;
      break;
    case 1:
      fields.audience = fields.regions = true;
      changed.unions = drawn.unions;
      changed.campaigns = drawn.campaigns;
      changed.regions = drawn.regions;
      break;
    case 2:
      fields.first_day = fields.last_day = true;
      changed.first = drawn.first;
      changed.last = drawn.last;
      break;
    default:
      fields.benefit = true;
      other_kind = changed.kind != drawn.kind;
      changed.rate = drawn.rate;
      changed.off = drawn.off;
      changed.minimum = drawn.minimum;
  }
  bool stale = false;
  const std::string etag = AnyEtag(number, &stale);
  const Verdict expected = [&]() -> Verdict {
    if (at == model_.offers.end()) return Reason::kNotFound;
    if (other_kind || !IsSound(changed)) return Reason::kInvalidField;
    if (model_.merchants[changed.merchant].standing == LedgerModel::MerchantStanding::kClosed) {
      return Reason::kMerchantNotActive;
    }
    return stale ? Verdict(Reason::kEtagMismatch) : absl::nullopt;
  }();
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::UpdateOfferCommand>(
        Offers(), merchant::UpdateOfferCommand::Wish{.offer = merchant::OfferNumber{number},
                                                     .etag = etag,
                                                     .fields = fields,
                                                     .content = ContentOf(drawn)});
  });
  if (!desk_.expect(expected, outcome)) return;
  ++changed.version;
  at->second = changed;
}

void MarketSteps::Move() {
  const std::uint32_t number = AnyOffer();
  const bool publish = !Chance(3);
  const auto at = model_.offers.find(number);
  bool stale = false;
  const std::string etag = AnyEtag(number, &stale);
  const absl::Time now = desk_.now();
  const Verdict expected = [&]() -> Verdict {
    if (at == model_.offers.end()) return Reason::kNotFound;
    const ModelOffer& offer = at->second;
    if (publish &&
        model_.merchants[offer.merchant].standing != LedgerModel::MerchantStanding::kActive) {
      return Reason::kMerchantNotActive;
    }
    if (stale) return Reason::kEtagMismatch;
    if (offer.state == (publish ? ModelOffer::State::kPublished : ModelOffer::State::kWithdrawn)) {
      return Reason::kOfferState;
    }
    if (publish && !IsBeforeEnd(offer, now)) return Reason::kOfferNotOpen;
    return absl::nullopt;
  }();
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::MoveOfferCommand>(
        &desk_.ledger->merchant(),
        merchant::MoveOfferCommand::Wish{.offer = merchant::OfferNumber{number},
                                         .etag = etag,
                                         .state = publish ? merchant::OfferState::kPublished
                                                          : merchant::OfferState::kWithdrawn});
  });
  if (!desk_.expect(expected, outcome)) return;
  at->second.state = publish ? ModelOffer::State::kPublished : ModelOffer::State::kWithdrawn;
  ++at->second.version;
}

void MarketSteps::Restock() {
  const std::uint32_t number = AnyOffer();
  const auto change = static_cast<std::int64_t>(desk_.random->Below(20)) - 8;
  const auto at = model_.offers.find(number);
  const Verdict expected = [&]() -> Verdict {
    if (at == model_.offers.end()) return Reason::kNotFound;
    const ModelOffer& offer = at->second;
    if (model_.merchants[offer.merchant].standing == LedgerModel::MerchantStanding::kClosed) {
      return Reason::kMerchantNotActive;
    }
    if (offer.IsDiscount()) return Reason::kOfferState;
    if (offer.stock + change < 0) return Reason::kOfferStockLimit;
    return absl::nullopt;
  }();
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::RestockOfferCommand>(
        &desk_.ledger->merchant(), merchant::RestockOfferCommand::Wish{
                                       .offer = merchant::OfferNumber{number}, .change = change});
  });
  if (desk_.expect(expected, outcome)) at->second.stock += change;
}

void MarketSteps::PublishNotice() {
  const ModelOffer days = Draw();
  const absl::Time now = desk_.now();
  const bool sound = !days.first.has_value() || *days.first <= days.last;
  const Verdict expected =
      sound && IsBeforeEnd(days, now) ? Verdict() : Verdict(Reason::kInvalidField);
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::PublishNoticeCommand>(
        &desk_.ledger->merchant(),
        merchant::PublishNoticeCommand::Wish{
            .title = "公告",
            .text = "正文",
            .window = merchant::ResolveWindow(days.first, days.last, absl::UTCTimeZone())});
  });
  if (!desk_.expect(expected, outcome)) return;
  model_.notices[outcome->first().notice_published().notice()] = false;
}

void MarketSteps::WithdrawNotice() {
  const auto number =
      static_cast<std::uint32_t>(1 + desk_.random->Below(model_.notices.size() + 1));
  const auto at = model_.notices.find(number);
  Verdict expected;
  if (at == model_.notices.end()) {
    expected = Reason::kNotFound;
  } else if (at->second) {
    expected = Reason::kNoticeState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::WithdrawNoticeCommand>(
        &desk_.ledger->merchant(), merchant::NoticeNumber{number}, "person-1");
  });
  if (desk_.expect(expected, outcome)) at->second = true;
}

void MarketSteps::Step() {
  switch (desk_.random->Below(10)) {
    case 0:
    case 1:
    case 2:
      return Create();
    case 3:
    case 4:
      return Update();
    case 5:
    case 6:
    case 7:
      return Move();
    case 8:
      return Restock();
    default:
      return Chance(2) ? PublishNotice() : WithdrawNotice();
  }
}

void MarketSteps::Compare() {
  const ledger::Readable& store = desk_.ledger->store();
  for (const auto& [number, expected] : model_.offers) {
    const merchant::OfferNumber offer{number};
    ASSERT_OK_AND_ASSIGN(const auto row, merchant::FindOffer(store, offer));
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(static_cast<int>(row->state), static_cast<int>(expected.state));
    EXPECT_EQ(row->version, expected.version);
    EXPECT_EQ(row->content.discount.off_points, expected.off);
    EXPECT_EQ(row->content.discount.minimum_points, expected.minimum);
    EXPECT_EQ(row->content.window.last_day, expected.last);
    EXPECT_EQ(std::int64_t{row->content.per_member_limit}, expected.limit);
    ASSERT_OK_AND_ASSIGN(const auto stock, merchant::FindOfferStock(store, offer, row->content));
    EXPECT_EQ(stock.has_value(), !expected.IsDiscount());
    if (stock.has_value()) {
      EXPECT_EQ(stock->available, expected.stock);
    }
    ASSERT_OK_AND_ASSIGN(
        const auto versions,
        merchant::ListOfferVersions(store, {MerchantNumber{expected.merchant}, offer, 0}, 1'000));
    EXPECT_EQ(versions.size(), expected.version);
  }
  std::map<std::pair<std::uint32_t, MemberId>, std::int64_t> uses;
  for (const auto& [sequence, purchase] : model_.purchases) {
    if (purchase.offer == 0 || purchase.given_back == purchase.points) continue;
    ++uses[{purchase.offer, purchase.member}];
  }
  ASSERT_OK_AND_ASSIGN(const auto rows, ledger::List(store, merchant::kOfferUseTable, {}, 100'000));
  for (const auto& row : rows) {
    const auto offer = static_cast<std::uint32_t>(row.key.offer);
    if (!model_.offers.contains(offer)) continue;  // It is ordered.
    EXPECT_EQ((uses[{offer, row.key.member}]), std::int64_t{row.value});
    uses.erase({offer, row.key.member});
  }
  EXPECT_TRUE(uses.empty());
  ASSERT_OK_AND_ASSIGN(const auto notices,
                       merchant::ListNotices(store, merchant::NoticeNumber{}, 100'000));
  ASSERT_EQ(notices.size(), model_.notices.size());
  for (const merchant::FoundNotice& notice : notices) {
    EXPECT_EQ(notice.row.withdraw_time.has_value(),
              model_.notices.at(static_cast<std::uint32_t>(notice.number)));
  }
}

}  // namespace puhui::testing
