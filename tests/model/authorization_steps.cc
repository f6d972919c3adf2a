// SPDX-License-Identifier: Apache-2.0
// The steps that reserve points and end that.
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_commands.h"
#include "merchant/app/authorization_expiry.h"
#include "merchant/app/queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

namespace jv1 = journal::v1;

constexpr std::uint64_t kMinutesMax = 3 * 24 * 60;

merchant::AuthorizationState StateOf(LedgerModel::HoldState state) {
  switch (state) {
    case LedgerModel::HoldState::kHeld:
      return merchant::AuthorizationState::kHeld;
    case LedgerModel::HoldState::kCaptured:
      return merchant::AuthorizationState::kCaptured;
    case LedgerModel::HoldState::kVoided:
      return merchant::AuthorizationState::kVoided;
    case LedgerModel::HoldState::kExpired:
      return merchant::AuthorizationState::kExpired;
  }
  return merchant::AuthorizationState::kHeld;
}

absl::Time NextWholeSecond(absl::Time time) {
  const absl::Time second = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  return second < time ? second + absl::Seconds(1) : second;
}

absl::Duration AnyLifetime(SeededRandom& random) {
  return absl::Minutes(static_cast<std::int64_t>(1 + random.Below(kMinutesMax)));
}

}  // namespace

void RandomDriver::Authorize() {
  const LedgerModel::TillCall draft = AnyCall();
  const merchant::TillCall till = CallOf(draft);
  const absl::optional<MemberId> member = AnyMember();
  const std::uint64_t card = AnyCard(member);
  const LedgerModel::Wish wish = AnyWish(member, draft.now);
  const absl::Duration lifetime = AnyLifetime(random_);
  const auto outcome = Run([=, this] {
    merchant::SpendCommand::Wish with = SpendWishOf(wish);
    with.card = TagOf(card * 4 + 2);
    return std::make_unique<merchant::AuthorizeCommand>(Till(), till, std::move(with), lifetime);
  });
  ASSERT_OK(outcome);
  LedgerModel::TillCall call = draft;
  call.sequence = outcome->first().sequence();
  Expect(model_.Authorize(call, card, wish, NextWholeSecond(draft.now + lifetime)), outcome);
  if (member.has_value()) CompareMember(*member);
}

void RandomDriver::AuthorizeWithCode() {
  const LedgerModel::TillCall draft = AnyCall();
  const merchant::TillCall till = CallOf(draft);
  const std::uint64_t code = AnyCode(draft);
  const merchant::ShownCode shown = ShownFor(code);
  absl::optional<MemberId> member;
  if (shown.known.has_value()) member = shown.known->member;
  const LedgerModel::Wish wish = AnyWish(member, draft.now);
  const absl::Duration lifetime = AnyLifetime(random_);
  const auto outcome = Run([=, this] {
    merchant::SpendCommand::Wish with = SpendWishOf(wish);
    with.code = shown;
    return std::make_unique<merchant::AuthorizeCommand>(Till(), till, std::move(with), lifetime);
  });
  ASSERT_OK(outcome);
  LedgerModel::TillCall call = draft;
  call.sequence = outcome->first().sequence();
  Expect(model_.AuthorizeWithCode(call, code, wish, NextWholeSecond(draft.now + lifetime)),
         outcome);
  if (member.has_value()) CompareMember(*member);
}

// Mostly all of it, or a part; now and then more than there is, or of named lines.
void RandomDriver::Capture() {
  const Sequence hold = AnyHold();
  LedgerModel::TillCall call = CallAbout(hold);
  const auto at = model_.holds.find(hold);
  const std::int64_t held = at == model_.holds.end() ? 10 : at->second.points;
  std::int64_t points = held;
  if (random_.Below(3) != 0) {
    points = static_cast<std::int64_t>(
        1 + random_.Below(static_cast<std::uint64_t>(held + held / 8 + 1)));
  }
  std::map<std::size_t, std::int64_t> named;
  if (random_.Below(2) == 0) {
    points = 0;
    for (std::uint64_t i = 1 + random_.Below(3); i > 0; --i) {
      named[random_.Below(5)] =
          static_cast<std::int64_t>(1 + random_.Below(static_cast<std::uint64_t>(held / 4 + 1)));
    }
    for (const auto& [line, wanted] : named) points += wanted;
  }
  std::vector<merchant::LineCapture> lines;
  for (const auto& [line, wanted] : named) lines.push_back({line, wanted});
  const merchant::TillCall till = CallOf(call);
  const auto outcome = Run([=, this] {
    return std::make_unique<merchant::CaptureCommand>(Till(), till, hold,
                                                      Points::FromStored(points), lines);
  });
  ASSERT_OK(outcome);
  call.sequence = outcome->first().sequence();
  Expect(model_.Capture(call, hold, points, named), outcome);
  if (at != model_.holds.end()) CompareMember(at->second.member);
}

void RandomDriver::Void() {
  const Sequence hold = AnyHold();
  LedgerModel::TillCall call = CallAbout(hold);
  const merchant::TillCall till = CallOf(call);
  const auto outcome =
      Run([=, this] { return std::make_unique<merchant::VoidCommand>(Till(), till, hold); });
  ASSERT_OK(outcome);
  call.sequence = outcome->first().sequence();
  Expect(model_.Void(call, hold), outcome);
  const auto at = model_.holds.find(hold);
  if (at != model_.holds.end()) CompareMember(at->second.member);
}

// The first that are due by the index, as the timer does, and any others with them.
void RandomDriver::ExpireHolds() {
  const absl::Time now = NextTime();
  const auto rows = ledger::List(ledger_.store(), merchant::kExpiringTable, {}, 5);
  ASSERT_OK(rows);
  std::vector<Sequence> holds;
  for (const auto& row : *rows) {
    ASSERT_EQ(row.key.expiry, model_.holds.at(row.key.authorization).expiry);
    if (row.key.expiry <= now) holds.push_back(row.key.authorization);
  }
  if (holds.empty()) return;
  for (int more = 0; more < 3; ++more) {
    const Sequence hold = AnyHold();
    if (!model_.holds.contains(hold)) continue;
    if (std::find(holds.begin(), holds.end(), hold) == holds.end()) holds.push_back(hold);
  }
  const auto outcome = Run(
      [=, this] { return std::make_unique<merchant::ExpireAuthorizationsCommand>(Till(), holds); });
  ASSERT_OK(outcome);
  const auto& records = outcome->records();
  const auto ended = std::count_if(records.begin(), records.end(), [](const jv1::Record* record) {
    return record->entry().has_authorization_expiry();
  });
  EXPECT_EQ(static_cast<std::size_t>(ended), model_.ExpireHolds(holds, now));
  for (const Sequence hold : holds) CompareMember(model_.holds.at(hold).member);
}

Sequence RandomDriver::AnyHold() {
  const std::size_t count = model_.holds.size();
  if (count == 0 || random_.Below(30) == 0) return 1;
  const auto back = 1 + random_.Below(std::min<std::uint64_t>(count, 12));
  return std::prev(model_.holds.end(), static_cast<std::ptrdiff_t>(back))->first;
}

LedgerModel::TillCall RandomDriver::CallAbout(Sequence hold) {
  LedgerModel::TillCall call = AnyCall();
  const auto at = model_.holds.find(hold);
  if (at != model_.holds.end() && random_.Below(10) != 0) {
    std::get<0>(call.keys) = at->second.merchant * 2 - static_cast<std::uint32_t>(random_.Below(2));
  }
  return call;
}

void RandomDriver::CompareHolds() {
  std::map<std::uint32_t, std::int64_t> by_origin;
  for (const auto& [id, of] : model_.unions) by_origin[id] = 0;
  std::size_t open = 0;
  for (const auto& [sequence, expected] : model_.holds) {
    const auto found = merchant::FindAuthorization(ledger_.store(), sequence);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->state, StateOf(expected.state));
    EXPECT_EQ((*found)->points, expected.points);
    EXPECT_EQ((*found)->expiry, expected.expiry);
    if (expected.state != LedgerModel::HoldState::kHeld) continue;
    ++open;
    ASSERT_EQ((*found)->lines.size(), expected.lines.size());
    for (std::size_t i = 0; i < expected.lines.size(); ++i) {
      EXPECT_EQ((*found)->lines[i].Paid(), expected.lines[i].left);
    }
    for (const LedgerModel::Taken& taken : expected.taken) {
      by_origin[model_.campaigns.at(taken.from.campaign).origin] += taken.points;
    }
  }
  for (const auto& [origin, held] : by_origin) {
    const auto total = ledger::Find(
        ledger_.store(), ledger::kTotalTable,
        ledger::TotalKey{ledger::AccountKind::kHeld, UnionNumber{union_numbers_[origin]}});
    ASSERT_OK(total);
    EXPECT_EQ(total->value_or(0), held);
  }
  const auto rows = ledger::List(ledger_.store(), merchant::kExpiringTable, {}, open + 1);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), open);
}

}  // namespace puhui::testing
