// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_builder.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/campaign_convert.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kMembersPerPage = 2'048;
constexpr std::size_t kChunkBytes = kPlanChunkRows * issuing::kPlanRowBytes;

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
  if (ended_) return Pull::kEnd;
  if (version_ == 0) {
    PUHUI_ASSIGN_OR_RETURN(const bool answered, KnowsOutcome());
    if (answered) {
      // The engine answers it again, or says that the id was used with another rule.
      PUHUI_ASSIGN_OR_RETURN(*message->mutable_plan(), Complete());
      message->set_rows(message->plan().rows());
      ended_ = true;
      return Pull::kMessage;
    }
  }
  PUHUI_ASSIGN_OR_RETURN(const bool more, LookAtPage());
  // A rule that fits nobody changes nothing.
  if (version_ == 0 && !rows_.empty()) PUHUI_RETURN_IF_ERROR(Start());
  if (version_ == 0 && !more) return RefuseEmpty();
  PUHUI_RETURN_IF_ERROR(SendFullChunks(/*last=*/!more));
  if (!more) {
    PUHUI_ASSIGN_OR_RETURN(*message->mutable_plan(), Complete());
    ended_ = true;
  }
  message->set_members(members_);
  message->set_rows(sent_ + rows_.size() / issuing::kPlanRowBytes);
  return Pull::kMessage;
}

absl::StatusOr<bool> PlanBuilder::KnowsOutcome() const {
  ledger::Sha256 sha256;
  const ledger::Tag key =
      ledger::RequestKeyOf(wish_.identity.caller, wish_.identity.request_id, sha256);
  PUHUI_ASSIGN_OR_RETURN(const auto known, ledger::Find(*store_, ledger::kRequestTable, key));
  return known.has_value();
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

absl::Status PlanBuilder::RefuseEmpty() {
  // Whether there may be a plan at all is the first to be said.
  if (!issuing::IsOpenToChange(wish_.campaign.row.state)) PUHUI_RETURN_IF_ERROR(Start());
  return ledger::ToStatus(issuing::Refuse(ledger::Reason::kPlanEmpty, "rule", "it fits nobody"));
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
  if (points.has_value()) issuing::AppendPlanRow(member, *points, &rows_);
  return absl::OkStatus();
}

absl::Status PlanBuilder::SendFullChunks(bool last) {
  std::size_t at = 0;
  while (rows_.size() - at >= kChunkBytes || (last && at < rows_.size())) {
    const std::string chunk = rows_.substr(at, kChunkBytes);
    at += chunk.size();
    PUHUI_RETURN_IF_ERROR(run_.Give(std::make_unique<issuing::AddPlanRowsCommand>(
        parts_.tables, issuing::AddPlanRowsCommand::Wish{.campaign = wish_.campaign.number,
                                                         .version = version_,
                                                         .first_row = sent_,
                                                         .rows = chunk})));
    sent_ += chunk.size() / issuing::kPlanRowBytes;
    if (run_.full()) PUHUI_RETURN_IF_ERROR(run_.Take().status());
  }
  rows_.erase(0, at);
  while (last && !run_.empty()) PUHUI_RETURN_IF_ERROR(run_.Take().status());
  return absl::OkStatus();
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
