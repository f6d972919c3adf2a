// SPDX-License-Identifier: Apache-2.0
// What the driver does to campaigns once they have a plan.
#include "issuing/app/approval_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/queries.h"
#include "issuing/app/run_commands.h"
#include "issuing/app/union_commands.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace puhui::testing {

// Moves a campaign on: mostly the step that is next.
void RandomDriver::Decide() {
  const std::uint32_t number = AnyCampaign();
  std::uint64_t step = random_.Below(3);
  const auto at = model_.campaigns.find(number);
  if (at != model_.campaigns.end() && random_.Below(4) != 0) {
    step = static_cast<std::uint64_t>(at->second.state) - 1;
  }
  if (step == 0) return Submit(number);
  if (step == 1) return Approve(number);
  StartIssue(number);
}

void RandomDriver::Submit(std::uint32_t number) {
  const std::string person = AnyPerson();
  ledger::Hash hash{};
  if (model_.campaigns.contains(number)) {
    hash = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number})->row.plan.hash;
  }
  const absl::Time now = NextTime();
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::SubmitCampaignCommand>(
        &ledger_.issuing(), &ledger_.views(),
        issuing::SubmitCampaignCommand::Wish{
            .campaign = CampaignIdOf(number), .plan_hash = hash, .person = person});
  });
  Expect(model_.Submit(number, person, now), outcome);
}

void RandomDriver::Approve(std::uint32_t number) {
  const std::string person = AnyPerson();
  const bool stale = random_.Below(10) == 0;
  ledger::Hash hash{};
  std::string etag = "stale";
  if (model_.campaigns.contains(number)) {
    const auto found = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number});
    hash = found->row.plan.hash;
    if (!stale) etag = issuing::CampaignEtag(found->number, found->row.changed);
  }
  const absl::Time now = NextTime();
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::ApproveCampaignCommand>(
        &ledger_.issuing(), &ledger_.views(),
        issuing::ApproveCampaignCommand::Wish{
            .campaign = CampaignIdOf(number), .plan_hash = hash, .etag = etag, .person = person});
  });
  Expect(model_.Approve(number, person, stale, now), outcome);
}

void RandomDriver::StartIssue(std::uint32_t number) {
  const absl::Time now = NextTime();
  const absl::Time start =
      now + (random_.Below(2) == 0
                 ? absl::ZeroDuration()
                 : absl::Minutes(static_cast<std::int64_t>(random_.Below(36 * 60))));
  const bool all_or_nothing = number % 4 == 1;
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::StartIssueCommand>(
        &ledger_.issuing(), &ledger_.views(),
        issuing::StartIssueCommand::Wish{.campaign = CampaignIdOf(number),
                                         .start = start,
                                         .person = "sam",
                                         .all_or_nothing = all_or_nothing});
  });
  Expect(model_.StartIssue(number, start, all_or_nothing, now), outcome);
}

void RandomDriver::Steer() {
  const std::uint32_t number = AnyCampaign();
  const CampaignId id = CampaignIdOf(number);
  switch (random_.Below(9)) {
    case 0:
      return ChangeTerms(number);
    case 8: {
      const auto outcome = Run([=, this] {
        return std::make_unique<issuing::CloseCampaignCommand>(
            &ledger_.issuing(), &ledger_.views(),
            issuing::CloseCampaignCommand::Wish{.campaign = id});
      });
      Expect(model_.Close(number), outcome);
      return;
    }
    case 1: {
      const bool stale = random_.Below(4) == 0;
      const auto outcome = Run([=, this] {
        return std::make_unique<issuing::RejectCampaignCommand>(
            &ledger_.issuing(),
            issuing::RejectCampaignCommand::Wish{
                .campaign = id, .etag = stale ? "stale" : "", .reason = "no", .person = "ann"});
      });
      Expect(model_.Reject(number, stale), outcome);
      return;
    }
    case 2: {
      const auto outcome = Run([=, this] {
        return std::make_unique<issuing::CancelCampaignCommand>(
            &ledger_.issuing(), issuing::CancelCampaignCommand::Wish{.campaign = id});
      });
      Expect(model_.Cancel(number), outcome);
      return;
    }
    case 3:
    case 4: {
      const auto outcome = Run([=, this] {
        return std::make_unique<issuing::PauseIssueCommand>(
            &ledger_.issuing(), issuing::PauseIssueCommand::Wish{.campaign = id});
      });
      Expect(model_.Pause(number), outcome);
      return;
    }
    default: {
      // Every other one as it is, at the risk that it stops again.
      const bool without = number % 8 == 1;
      const auto outcome = Run([=, this] {
        return std::make_unique<issuing::ResumeIssueCommand>(
            &ledger_.issuing(),
            issuing::ResumeIssueCommand::Wish{.campaign = id, .without_all_or_nothing = without});
      });
      Expect(model_.Resume(number, without), outcome);
    }
  }
}

void RandomDriver::ChangeTerms(std::uint32_t number) {
  const std::string person = AnyPerson();
  const bool stale = random_.Below(4) == 0;
  // Seldom so long that approvals can grow too old.
  const std::uint64_t days = random_.Below(4) == 0 ? 60 : 3;
  issuing::UpdateCampaignCommand::Wish wish{
      .campaign = CampaignIdOf(number), .etag = stale ? "stale" : "", .person = person};
  LedgerModel::Campaign changed;
  if (const auto at = model_.campaigns.find(number); at != model_.campaigns.end()) {
    changed = at->second;
  }
  // Behind the start, wherever that is.
  const absl::Time expiry =
      std::max(ledger_.clock().Now(), changed.start) +
      absl::Minutes(static_cast<std::int64_t>(1 + random_.Below(days * 24 * 60)));
  changed.expiry = expiry;
  wish.terms = TermsOf(changed);
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::UpdateCampaignCommand>(&ledger_.issuing(), &ledger_.views(),
                                                            wish);
  });
  Expect(model_.Change(number, person, expiry, stale), outcome);
}

void RandomDriver::ExpireApprovals() {
  if (random_.Below(8) == 0) ledger_.clock().Advance(absl::Hours(24 * 10));
  for (const auto& [number, campaign] : model_.campaigns) {
    const auto found = issuing::CampaignByNumber(ledger_.store(), CampaignNumber{number});
    ASSERT_OK(found);
    if (!found->row.approvals_due.has_value() || *found->row.approvals_due > NextTime()) continue;
    ASSERT_OK(Run([this, number = number] {
      return std::make_unique<issuing::ExpireApprovalsCommand>(&ledger_.issuing(),
                                                               CampaignNumber{number});
    }));
    model_.ExpireApprovals(number);
  }
}

void RandomDriver::SetApprovers(std::uint32_t id, bool stale) {
  const std::string etag = EtagOf(id, stale);
  absl::optional<std::pair<std::uint32_t, std::int64_t>> approvers;
  absl::optional<issuing::ApprovalPolicy> policy;
  if (random_.Below(4) != 0) {
    approvers = {static_cast<std::uint32_t>(1 + random_.Below(2)),
                 static_cast<std::int64_t>(random_.Below(2) * 500)};
    policy = issuing::ApprovalPolicy{.approvers = approvers->first,
                                     .two_above_points = approvers->second};
  }
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::UpdateUnionCommand>(
        &ledger_.issuing(),
        issuing::UpdateUnionCommand::Wish{
            .id = UnionIdOf(id), .etag = etag, .approval = absl::make_optional(policy)});
  });
  Expect(model_.SetApprovers(id, approvers, stale), outcome);
}

}  // namespace puhui::testing
