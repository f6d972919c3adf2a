// SPDX-License-Identifier: Apache-2.0
// The steps of the issuing side.
#include "issuing/app/budget_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/expiry_sweep.h"
#include "issuing/app/issue_run.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "tests/model/funding_model.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace puhui::testing {
namespace {

// Lists are given in no order.
template <class List>
std::vector<std::uint32_t> Reversed(const List& list) {
  return {list.rbegin(), list.rend()};
}

}  // namespace

ledger::Terms RandomDriver::TermsOf(const LedgerModel::Campaign& campaign) {
  return {.expiry = campaign.expiry,
          .categories = Reversed(campaign.categories),
          .expire_to_union = campaign.expire_to_union,
          .start = campaign.start,
          .regions = Reversed(campaign.regions),
          .day_cap = Points::FromStored(campaign.day_cap),
          .earmark = {
              .share = BasisPoints::FromStored(static_cast<std::uint32_t>(campaign.earmark_share)),
              .categories = Reversed(campaign.earmark_categories),
              .regions = Reversed(campaign.earmark_regions)}};
}

void RandomDriver::Fund() {
  const std::uint32_t of = AnyUnion();
  const std::string person = AnyPerson();
  if (random_.Below(2) == 0) {
    const auto points = static_cast<std::int64_t>(1 + random_.Below(20'000));
    const bool known = !model_.fundings.empty() && random_.Below(4) == 0;
    const std::string reference =
        known ? model_.fundings.rbegin()->second.reference : absl::StrCat("bank-", ++drawn_);
    const auto outcome = Run([=, this] {
      return std::make_unique<issuing::ProposeFundingCommand>(
          &ledger_.issuing(),
          issuing::ProposeFundingCommand::Wish{.union_id = UnionIdOf(of),
                                               .points = Points::FromStored(points),
                                               .bank_reference = reference,
                                               .person = person});
    });
    if (Expect(ProposeFunding(model_, of, reference), outcome)) {
      model_.fundings[outcome->first().sequence()] = {
          .of = of, .points = points, .person = person, .reference = reference};
    }
    return;
  }
  Sequence proposal = 1;
  if (!model_.fundings.empty()) {
    const auto skip = random_.Below(std::min<std::uint64_t>(model_.fundings.size(), 4));
    proposal = std::prev(model_.fundings.end(), static_cast<std::ptrdiff_t>(1 + skip))->first;
  }
  const auto funding = model_.fundings.find(proposal);
  const bool right = funding != model_.fundings.end() && random_.Below(10) != 0;
  const std::uint32_t at = right ? funding->second.of : of;
  if (random_.Below(5) == 0) {
    const auto outcome = Run([=, this] {
      return std::make_unique<issuing::RejectFundingCommand>(
          &ledger_.issuing(),
          issuing::RejectFundingCommand::Wish{
              .union_id = UnionIdOf(at), .proposal = proposal, .reason = "r", .person = person});
    });
    Expect(RejectFunding(&model_, at, proposal), outcome);
    return;
  }
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::ConfirmFundingCommand>(
        &ledger_.issuing(), &ledger_.views(),
        issuing::ConfirmFundingCommand::Wish{
            .union_id = UnionIdOf(at), .proposal = proposal, .person = person});
  });
  Expect(model_.Confirm(at, proposal, person), outcome);
}

// Where and when, within the expiry: what contradicts itself is for other tests.
void RandomDriver::DrawTerms(LedgerModel::Campaign* campaign) {
  for (std::uint32_t category = 1; category <= 3; ++category) {
    if (random_.Below(4) == 0) campaign->categories.insert(category);
  }
  if (random_.Below(4) == 0) {
    campaign->start = std::min(
        campaign->expiry - absl::Minutes(1),
        ledger_.clock().Now() + absl::Minutes(static_cast<std::int64_t>(random_.Below(24 * 60))));
  }
  const std::uint32_t province = random_.Below(2) == 0 ? 110'000 : 420'000;
  if (random_.Below(6) == 0) campaign->regions = {province};
  if (random_.Below(3) == 0) campaign->day_cap = static_cast<std::int64_t>(1 + random_.Below(300));
  if (random_.Below(3) != 0) return;
  campaign->earmark_share = static_cast<std::int64_t>(1 + random_.Below(10'000));
  if (random_.Below(2) == 0) {
    campaign->earmark_regions = {province + 100};
  } else {
    campaign->earmark_categories = {campaign->categories.empty() ? 2U
                                                                 : *campaign->categories.begin()};
  }
}

void RandomDriver::CreateCampaign() {
  const std::uint32_t of = AnyUnion();
  // Ids follow the numbers that the ledger gives; now and then one that is taken.
  const auto next = static_cast<std::uint32_t>(model_.campaigns.size() + 1);
  const std::uint32_t number = random_.Below(10) == 0 ? std::min(AnyCampaign(), next) : next;
  const std::string creator = AnyPerson();
  const std::uint32_t origin = random_.Below(3) == 0 ? AnyUnion() : of;
  LedgerModel::Campaign campaign{.of = of, .origin = origin, .changers = {creator}};
  campaign.occasion = AnyOccasion();
  campaign.expiry =
      ledger_.clock().Now() + absl::Minutes(static_cast<std::int64_t>(random_.Below(72 * 60)));
  campaign.expire_to_union = random_.Below(2) == 0;
  DrawTerms(&campaign);
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::CreateCampaignCommand>(
        &ledger_.issuing(), issuing::CreateCampaignCommand::Wish{.id = CampaignIdOf(number),
                                                                 .union_id = UnionIdOf(of),
                                                                 .origin = UnionIdOf(origin),
                                                                 .occasion = campaign.occasion,
                                                                 .terms = TermsOf(campaign),
                                                                 .person = creator});
  });
  Expect(model_.CreateCampaign(number, campaign), outcome);
}

void RandomDriver::UploadPlan() {
  const std::uint32_t number = AnyCampaign();
  const auto campaign = model_.campaigns.find(number);
  std::vector<std::pair<MemberId, std::int64_t>> plan;
  std::set<MemberId> planned;
  for (std::uint64_t tries = random_.Below(20); campaign != model_.campaigns.end() && tries > 0;
       --tries) {
    const absl::optional<MemberId> member = AnyMember();
    if (!member.has_value()) break;
    if (!model_.IsWithin(model_.members[*member].of, campaign->second.of)) continue;
    if (!planned.insert(*member).second) continue;
    plan.emplace_back(*member, static_cast<std::int64_t>(1 + random_.Below(500)));
  }
  if (plan.empty() && campaign != model_.campaigns.end()) return;
  const std::string person = AnyPerson();
  const auto started = Run([=, this] {
    return std::make_unique<issuing::StartPlanCommand>(
        &ledger_.issuing(),
        issuing::StartPlanCommand::Wish{.campaign = CampaignIdOf(number), .person = person});
  });
  std::string rows;
  for (const auto& [member, points] : plan) {
    issuing::AppendPlanRow(member, Points::FromStored(points), &rows);
  }
  if (!Expect(model_.UploadPlan(number, person, std::move(plan)), started)) return;
  const std::uint32_t version = started->first().plan_started().version();
  ASSERT_OK(Run([=, this] {
    return std::make_unique<issuing::AddPlanRowsCommand>(
        &ledger_.issuing(),
        issuing::AddPlanRowsCommand::Wish{
            .campaign = CampaignNumber{number}, .version = version, .first_row = 0, .rows = rows});
  }));
  ASSERT_OK(Run([=, this] {
    return std::make_unique<issuing::CompletePlanCommand>(&ledger_.issuing(),
                                                          CampaignNumber{number}, version);
  }));
}

void RandomDriver::IssueRows() {
  for (const auto& [number, campaign] : model_.campaigns) {
    if (campaign.state != LedgerModel::State::kIssuing || random_.Below(3) == 0) continue;
    // As its timer would: not before its time, not while it is paused.
    if (campaign.paused || campaign.run_start > NextTime()) continue;
    const auto found = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number});
    ASSERT_OK(found);
    ASSERT_EQ(found->row.rows_done, campaign.rows_done);
    const auto rows =
        issuing::ReadPlanPiece(ledger_.store(), CampaignNumber{number}, found->row.plan,
                               campaign.rows_done, 1 + random_.Below(8));
    ASSERT_OK(rows);
    const absl::Time now = NextTime();
    ASSERT_OK(
        Run([this, number = number, version = found->row.plan.version,
             first = std::uint64_t{campaign.rows_done}, piece = *rows, due = *found->row.run_due] {
          return std::make_unique<issuing::IssueChunkCommand>(
              &ledger_.issuing(), &ledger_.views(),
              issuing::PlanPiece{.campaign = CampaignNumber{number},
                                 .version = version,
                                 .first_row = first,
                                 .rows = piece,
                                 .foreseen = {.run_due = due}});
        }));
    model_.Issue(number, rows->size() / issuing::kPlanRowBytes, now);
    return;
  }
}

void RandomDriver::SweepDue() {
  for (const auto& [number, campaign] : model_.campaigns) {
    const auto found = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number});
    ASSERT_OK(found);
    if (!found->row.sweep_due.has_value() || *found->row.sweep_due > NextTime()) continue;
    const auto rows = issuing::ReadPlanPiece(ledger_.store(), CampaignNumber{number},
                                             found->row.plan, 0, campaign.plan.size());
    ASSERT_OK(rows);
    const absl::Time now = NextTime();
    ASSERT_OK(Run([this, number = number, version = found->row.plan.version, piece = *rows] {
      return std::make_unique<issuing::ExpireChunkCommand>(
          &ledger_.issuing(), &ledger_.views(),
          issuing::PlanPiece{CampaignNumber{number}, version, 0, piece});
    }));
    model_.Expire(number, now);
  }
}

}  // namespace puhui::testing
