// SPDX-License-Identifier: Apache-2.0
// Points that are taken back: what they must come to, and the steps.
#include "issuing/app/claw_back_commands.h"
#include "issuing/app/claw_back_queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace puhui::testing {

using ledger::Reason;

Verdict LedgerModel::ProposeClawBack(std::uint32_t number, const ClawBack& claw_back) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  const bool cancelled = at->second.state == State::kCancelled && at->second.rows_granted > 0;
  if (at->second.state != State::kIssued && !cancelled) return Reason::kCampaignState;
  if (at->second.claw_back.has_value()) return Reason::kClawBackState;
  at->second.claw_back = claw_back;
  return absl::nullopt;
}

bool LedgerModel::NeedsSecond(std::uint32_t number, const ClawBack& claw_back) const {
  const Campaign& campaign = campaigns.at(number);
  const Figures& of = campaign.figures;
  std::int64_t bound = of.granted - of.expired - of.clawed_back - of.returned;
  std::int64_t named = 0;
  for (const std::size_t row : claw_back.rows) {
    named += std::min(campaign.plan[row].second, claw_back.most);
  }
  const auto rows = static_cast<std::int64_t>(campaign.plan.size());
  if (!claw_back.rows.empty()) {
    bound = std::min(bound, named);
  } else if (bound / rows >= claw_back.most) {
    bound = rows * claw_back.most;
  }
  return ApproversFor(campaign.of, of.clawed_back + bound) >= 2;
}

// Row by row of the plan, of each what is open and not held.
void LedgerModel::GoOnWithClawBack(std::uint32_t number, std::size_t rows, absl::Time now) {
  Campaign& campaign = campaigns[number];
  ClawBack& claw_back = *campaign.claw_back;
  for (; rows > 0; --rows) {
    const std::size_t row =
        claw_back.rows.empty()
            ? claw_back.next
            : *std::next(claw_back.rows.begin(), static_cast<std::ptrdiff_t>(claw_back.next));
    ++claw_back.next;
    const MemberId id = campaign.plan[row].first;
    std::map<std::uint32_t, Lot>& lots = members[id].lots;
    std::int64_t left = claw_back.most;
    for (auto lot = lots.begin(); lot != lots.end();) {
      const std::int64_t held = Held(id, lot->first);
      std::int64_t taken = std::min(lot->second.remaining - held, left);
      if (lot->second.campaign != number || lot->second.expiry <= now) taken = 0;
      left -= taken;
      claw_back.taken += taken;
      campaign.figures.clawed_back += taken;
      Receive(campaign, id, -taken);
      ComeHome(campaign.of, campaign.origin, taken);
      lot->second.remaining -= taken;
      lot = lot->second.remaining == 0 ? lots.erase(lot) : std::next(lot);
    }
  }
  const std::size_t all = claw_back.rows.empty() ? campaign.plan.size() : claw_back.rows.size();
  if (claw_back.next == all) campaign.claw_back.reset();
}

void RandomDriver::ProposeClawBack() {
  const std::uint32_t number = AnyCampaign();
  LedgerModel::ClawBack claw_back{.most = static_cast<std::int64_t>(1 + random_.Below(300))};
  const auto campaign = model_.campaigns.find(number);
  issuing::ClawBackWish wish{.rows_known = true,
                             .points_per_row_max = claw_back.most,
                             .reason = "at random",
                             .person = AnyPerson()};
  wish.campaign = *CampaignId::Parse(absl::StrCat("c-", number), "campaign");
  if (campaign != model_.campaigns.end() && !campaign->second.plan.empty() &&
      random_.Below(2) == 0) {
    const auto& plan = campaign->second.plan;
    for (std::uint64_t tries = 1 + random_.Below(5); tries > 0; --tries) {
      claw_back.rows.insert(random_.Below(plan.size()));
    }
    for (const std::size_t row : claw_back.rows) wish.rows.push_back({row, plan[row].second});
  }
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::ProposeClawBackCommand>(&ledger_.issuing(), &ledger_.views(),
                                                             wish);
  });
  if (!Expect(model_.ProposeClawBack(number, claw_back), outcome)) return;
  const Sequence sequence = outcome->first().sequence();
  model_.campaigns[number].claw_back->sequence = sequence;
  const bool needs_second = model_.NeedsSecond(number, claw_back);
  EXPECT_EQ(outcome->first().claw_back_proposed().needs_confirmation(), needs_second);
  if (needs_second) DecideClawBack(number, sequence, wish.person);
}

// At once, so that nothing else is proposed meanwhile.
void RandomDriver::DecideClawBack(std::uint32_t number, Sequence sequence,
                                  const std::string& proposer) {
  const bool confirm = random_.Below(3) != 0;
  for (const std::string& person : {proposer, std::string("somebody-else")}) {
    const auto decided = Run([=, this] {
      return std::make_unique<issuing::DecideClawBackCommand>(
          &ledger_.issuing(), issuing::DecideClawBackCommand::Wish{.campaign = CampaignIdOf(number),
                                                                   .claw_back = sequence,
                                                                   .confirm = confirm,
                                                                   .reason = confirm ? "" : "no",
                                                                   .person = person});
    });
    Expect(person == proposer ? Verdict(Reason::kSamePerson) : Verdict(), decided);
  }
  if (!confirm) model_.campaigns[number].claw_back.reset();
}

// As the chore does it, but in small pieces.
void RandomDriver::GoOnWithClawBack() {
  for (const auto& [number, campaign] : model_.campaigns) {
    if (!campaign.claw_back.has_value() || random_.Below(3) == 0) continue;
    const LedgerModel::ClawBack& expected = *campaign.claw_back;
    const auto row = issuing::FindClawBack(ledger_.store(), expected.sequence);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    ASSERT_EQ((*row)->next_row, expected.next);
    ASSERT_EQ((*row)->points_taken, expected.taken);
    const std::uint64_t end = std::min<std::uint64_t>((*row)->RowsIn(campaign.plan.size()),
                                                      expected.next + 1 + random_.Below(5));
    issuing::ClawBackPiece piece{.claw_back = expected.sequence, .first = expected.next};
    for (std::uint64_t i = expected.next; i < end; ++i) {
      const std::uint64_t at = (*row)->RowAt(i);
      piece.rows.push_back(
          {at, campaign.plan[static_cast<std::size_t>(at)].first, at < campaign.rows_done});
    }
    const absl::Time now = NextTime();
    ASSERT_OK(Run([this, piece] {
      return std::make_unique<issuing::ClawBackChunkCommand>(&ledger_.issuing(), &ledger_.views(),
                                                             piece);
    }));
    model_.GoOnWithClawBack(number, piece.rows.size(), now);
    return;
  }
}

}  // namespace puhui::testing
