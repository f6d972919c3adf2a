// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_builder.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/plan_ahead.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/records.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/campaign_convert.h"
#include "services/ledger/answered.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kMembersPerPage = 2'048;
constexpr std::size_t kChunkBytes = kPlanChunkRows * issuing::kPlanRowBytes;
constexpr std::size_t kChunksAtOnce = 4;

}  // namespace

PlanBuilder::PlanBuilder(const IssuingParts& parts, std::unique_ptr<ledger::Readable> store,
                         Wish wish)
    : parts_(parts),
      store_(std::move(store)),
      wish_(std::move(wish)),
      // One level down is asked for where no level is wanted: the first union is all that is taken.
      walk_(store_.get(), wish_.campaign.row.union_number, wish_.rule.subtree() ? 0 : 1),
      run_(parts.ledger.engine) {}

absl::StatusOr<Pull> PlanBuilder::Next(v1::BuildPlanResponse* message) {
  if (stage_ == Stage::kEnded) return Pull::kEnd;
  PUHUI_ASSIGN_OR_RETURN(stage_, Advance(message));
  message->set_members(members_);
  message->set_rows(message->has_plan() ? message->plan().rows() : rows_);
  return Pull::kMessage;
}

absl::StatusOr<PlanBuilder::Stage> PlanBuilder::Advance(v1::BuildPlanResponse* message) {
  switch (stage_) {
    case Stage::kNew:
      return Begin(message);
    case Stage::kLooking: {
      PUHUI_ASSIGN_OR_RETURN(const bool more, LookAtPage());
      if (more) return Stage::kLooking;
      PUHUI_RETURN_IF_ERROR(BeginCheck());
      return Stage::kChecking;
    }
    case Stage::kChecking: {
      PUHUI_ASSIGN_OR_RETURN(const bool more, CheckSome());
      if (more) return Stage::kChecking;
      PUHUI_RETURN_IF_ERROR(Start());
      return Stage::kSending;
    }
    case Stage::kSending: {
      PUHUI_ASSIGN_OR_RETURN(const bool more, SendSome());
      if (more) return Stage::kSending;
      PUHUI_ASSIGN_OR_RETURN(*message->mutable_plan(), Complete());
      return Stage::kEnded;
    }
    case Stage::kEnded:
      break;
  }
  return Stage::kEnded;
}

// Whether there may be a plan at all is the first to be said.
absl::StatusOr<PlanBuilder::Stage> PlanBuilder::Begin(v1::BuildPlanResponse* message) {
  PUHUI_ASSIGN_OR_RETURN(const bool answered, IsAnswered(*store_, wish_.identity));
  if (answered) {
    // The engine answers it again, or says that the id was used with another rule.
    PUHUI_ASSIGN_OR_RETURN(*message->mutable_plan(), Complete());
    return Stage::kEnded;
  }
  const issuing::CampaignRow& campaign = wish_.campaign.row;
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(*store_, campaign.union_number));
  if (const auto refusal = issuing::RefuseNewPlan(campaign, of)) return ledger::ToStatus(*refusal);
  return Stage::kLooking;
}

absl::Status PlanBuilder::Start() {
  auto command = std::make_unique<issuing::StartPlanCommand>(
      parts_.tables,
      issuing::StartPlanCommand::Wish{.campaign = *CampaignId::Parse(wish_.campaign.row.id, "name"),
                                      .person = wish_.person});
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive));
  version_ = outcome.first().plan_started().version();
  return absl::OkStatus();
}

absl::StatusOr<bool> PlanBuilder::LookAtPage() {
  if (!in_.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const auto step, walk_.Next());
    if (!step.has_value() || (step->level > 0 && !wish_.rule.subtree())) return false;
    in_ = step->number;
    after_.reset();
  }
  PUHUI_ASSIGN_OR_RETURN(const std::vector<MemberId> page,
                         issuing::ListMembers(*store_, *in_, after_, kMembersPerPage));
  for (const MemberId member : page) PUHUI_RETURN_IF_ERROR(Consider(member));
  members_ += page.size();
  if (page.size() < kMembersPerPage) {
    in_.reset();
  } else {
    after_ = page.back();
  }
  return true;
}

absl::Status PlanBuilder::Consider(MemberId member) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindMember(*store_, member));
  if (!found.has_value()) return absl::DataLossError("a member of a union is missing");
  if (found->row.state != issuing::MemberState::kActive) return absl::OkStatus();
  absl::optional<issuing::PersonalData> data;
  if (wish_.rule.asks_for_personal_data()) {
    PUHUI_ASSIGN_OR_RETURN(data, issuing::OpenPersonalData(*store_, *parts_.vault, *found));
  }
  const absl::optional<Points> points =
      wish_.rule.PointsFor(found->row.create_time, data.has_value() ? &*data : nullptr);
  if (!points.has_value()) return absl::OkStatus();
  if (rows_ == kPlanRowsMax) return ledger::ToStatus(issuing::TooManyPlanRows());
  if (rows_++ % kPlanChunkRows == 0) chunks_.emplace_back().reserve(kChunkBytes);
  issuing::AppendPlanRow(member, *points, &chunks_.back());
  return absl::OkStatus();
}

absl::Status PlanBuilder::BeginCheck() {
  if (rows_ == 0) {
    return ledger::ToStatus(issuing::Refuse(ledger::Reason::kPlanEmpty, "rule", "it fits nobody"));
  }
  checked_as_of_ = parts_.ledger.engine->Read();
  check_.emplace(checked_as_of_.get(),
                 issuing::PlanCheck::Wish{.of = wish_.campaign.row.union_number, .rows = rows_});
  return absl::OkStatus();
}

absl::StatusOr<bool> PlanBuilder::CheckSome() {
  const std::size_t end = std::min(checked_ + kChunksAtOnce, chunks_.size());
  for (; checked_ < end; ++checked_) {
    PUHUI_RETURN_IF_ERROR(check_->Add(issuing::PlanRowsView(chunks_[checked_])));
  }
  if (checked_ < chunks_.size()) return true;
  PUHUI_RETURN_IF_ERROR(check_->Finish());
  check_.reset();
  checked_as_of_.reset();
  return false;
}

absl::StatusOr<bool> PlanBuilder::SendSome() {
  for (std::size_t i = 0; i < kChunksAtOnce && !chunks_.empty(); ++i) {
    if (run_.full()) PUHUI_RETURN_IF_ERROR(run_.Take().status());
    issuing::AddPlanRowsCommand::Wish wish{.campaign = wish_.campaign.number,
                                           .version = version_,
                                           .first_row = sent_,
                                           .rows = std::move(chunks_.front())};
    chunks_.pop_front();
    const issuing::PlanRowsView rows(wish.rows);
    sent_ += rows.size();
    wish.ahead = issuing::ReadForUpload(*parts_.tables, wish.campaign, rows);
    PUHUI_RETURN_IF_ERROR(
        run_.Give(std::make_unique<issuing::AddPlanRowsCommand>(parts_.tables, std::move(wish))));
  }
  if (!chunks_.empty()) return true;
  while (!run_.empty()) PUHUI_RETURN_IF_ERROR(run_.Take().status());
  return false;
}

absl::StatusOr<v1::Plan> PlanBuilder::Complete() {
  auto command = std::make_unique<issuing::CompletePlanCommand>(parts_.tables,
                                                                wish_.campaign.number, version_);
  command->request = wish_.identity;
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive));
  return PlanOf(outcome.first().plan_completed());
}

}  // namespace puhui::services
