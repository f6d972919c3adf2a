// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/claw_back_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace puhui::services {
namespace {

absl::Status CheckCount(int count, absl::string_view field) {
  if (count >= 1 && static_cast<std::size_t>(count) <= kClawBackRowsMax) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kClawBackRowsMax, ", got ", count));
}

absl::Status NotInPlan(std::string field) {
  return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                           .field = std::move(field),
                           .message = "not in the plan of the campaign"});
}

// What a claw-back is from its proposal on.
absl::StatusOr<v1::ClawBack> UnchangingPart(const ledger::Readable& store, Sequence claw_back,
                                            const issuing::ClawBackRow& row) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign campaign,
                         issuing::CampaignByNumber(store, row.campaign));
  v1::ClawBack message;
  message.set_name(ClawBackNameOf(absl::StrCat("campaigns/", campaign.row.id), claw_back));
  message.set_reason(row.reason);
  message.set_points_per_row_max(row.points_per_row_max);
  message.set_rows(row.RowsIn(campaign.row.plan.rows));
  message.set_points_max(row.points_max);
  message.set_needs_confirmation(row.needs_confirmation);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  return message;
}

}  // namespace

absl::StatusOr<ClawBackSelection> ClawBackSelection::Parse(const v1::ClawBackRequest& request) {
  ClawBackSelection selection;
  switch (request.selection_case()) {
    case v1::ClawBackRequest::kAll:
      return selection;
    case v1::ClawBackRequest::kRows:
      PUHUI_RETURN_IF_ERROR(CheckCount(request.rows().rows_size(), "rows.rows"));
      selection.rows_.assign(request.rows().rows().begin(), request.rows().rows().end());
      return selection;
    case v1::ClawBackRequest::kMembers: {
      PUHUI_RETURN_IF_ERROR(CheckCount(request.members().members_size(), "members.members"));
      std::size_t at = 0;
      for (const v1::ClawBackRequest::Member& member : request.members().members()) {
        PUHUI_RETURN_IF_ERROR(selection.ParseMember(at++, member));
      }
      return selection;
    }
    case v1::ClawBackRequest::SELECTION_NOT_SET:
      break;
  }
  return InvalidField("selection", "want all, rows or members");
}

absl::Status ClawBackSelection::ParseMember(std::size_t at,
                                            const v1::ClawBackRequest::Member& member) {
  members_.emplace_back();
  ids_.emplace_back();
  const std::string field = absl::StrCat("members.members[", at, "]");
  switch (member.member_key_case()) {
    case v1::ClawBackRequest::Member::kMember: {
      PUHUI_ASSIGN_OR_RETURN(members_.back(), ParseMemberName(member.member(), field + ".member"));
      return absl::OkStatus();
    }
    case v1::ClawBackRequest::Member::kExternalId: {
      PUHUI_ASSIGN_OR_RETURN(
          issuing::ExternalId read,
          ParseExternalId(UnionNumber{}, "", member.external_id(), field + ".external_id"));
      ids_.back() = std::move(read.id);
      return absl::OkStatus();
    }
    case v1::ClawBackRequest::Member::MEMBER_KEY_NOT_SET:
      break;
  }
  return InvalidField(field, "want member or external_id");
}

std::string ClawBackSelection::FieldOf(std::size_t at) const {
  if (members_.empty()) return absl::StrCat("rows.rows[", at, "]");
  return absl::StrCat("members.members[", at, "].",
                      ids_[at].has_value() ? "external_id" : "member");
}

absl::StatusOr<std::vector<std::uint64_t>> ClawBackSelection::RowsOfMembers(
    const ledger::Readable& store, const issuing::Vault& vault,
    const issuing::FoundCampaign& campaign) const {
  std::vector<MemberId> members = members_;
  std::vector<ledger::Tag> tags;
  std::vector<std::size_t> tagged;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!ids_[i].has_value()) continue;
    tags.push_back(vault.ExternalIdTag(campaign.row.union_number, *ids_[i]));
    tagged.push_back(i);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::MembersByExternalId(store, tags));
  for (std::size_t i = 0; i < tagged.size(); ++i) {
    if (!found[i].has_value()) return NotInPlan(FieldOf(tagged[i]));
    members[tagged[i]] = *found[i];
  }
  PUHUI_ASSIGN_OR_RETURN(const auto places, issuing::PlanRowsOf(store, campaign, members));
  std::vector<std::uint64_t> rows;
  rows.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].has_value()) return NotInPlan(FieldOf(i));
    rows.push_back(*places[i]);
  }
  return rows;
}

absl::StatusOr<std::vector<std::uint64_t>> ClawBackSelection::RowNumbers(
    const ledger::Readable& store, const issuing::Vault& vault,
    const issuing::FoundCampaign& campaign) const {
  if (!members_.empty()) return RowsOfMembers(store, vault, campaign);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i] >= campaign.row.plan.rows) return NotInPlan(FieldOf(i));
  }
  return rows_;
}

absl::StatusOr<std::vector<issuing::ClawBackWish::Row>> ClawBackSelection::Resolve(
    const ledger::Readable& store, const issuing::Vault& vault,
    const issuing::FoundCampaign& campaign) const {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> named,
                         RowNumbers(store, vault, campaign));
  std::vector<std::size_t> order(named.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&named](std::size_t a, std::size_t b) { return named[a] < named[b]; });
  std::vector<std::uint64_t> sorted;
  for (const std::size_t at : order) {
    if (!sorted.empty() && sorted.back() == named[at]) {
      return InvalidField(FieldOf(at), "want each row once");
    }
    sorted.push_back(named[at]);
  }
  PUHUI_ASSIGN_OR_RETURN(const std::vector<issuing::PlanRow> plan_rows,
                         issuing::ReadPlanRows(store, campaign.number, campaign.row.plan, sorted));
  std::vector<issuing::ClawBackWish::Row> rows;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    rows.push_back({.row = sorted[i], .points = plan_rows[i].points});
  }
  return rows;
}

std::string ClawBackNameOf(absl::string_view campaign_name, Sequence claw_back) {
  return absl::StrCat(campaign_name, "/clawBacks/", claw_back);
}

absl::StatusOr<v1::ClawBack> ClawBackOf(const ledger::Readable& store, Sequence claw_back,
                                        const issuing::ClawBackRow& row) {
  PUHUI_ASSIGN_OR_RETURN(v1::ClawBack message, UnchangingPart(store, claw_back, row));
  message.set_state(static_cast<v1::ClawBackState>(row.state));
  message.set_decision_reason(row.decision_reason);
  if (row.decide_time.has_value()) {
    *message.mutable_decide_time() = ToTimestamp(*row.decide_time);
  }
  if (row.finish_time.has_value()) {
    *message.mutable_finish_time() = ToTimestamp(*row.finish_time);
  }
  v1::ClawBackProgress& progress = *message.mutable_progress();
  progress.set_rows_done(row.next_row);
  progress.set_rows_taken(row.rows_taken);
  progress.set_rows_nothing_left(row.rows_nothing_left);
  progress.set_rows_held(row.rows_held);
  progress.set_rows_not_granted(row.rows_not_granted);
  progress.set_rows_expired(row.rows_expired);
  progress.set_points_taken(row.points_taken);
  return message;
}

absl::StatusOr<v1::ClawBack> ClawBackAfter(const ledger::Readable& store,
                                           const journal::v1::Record& record) {
  const bool decided = record.has_claw_back_decided();
  const Sequence claw_back = decided ? record.claw_back_decided().claw_back() : record.sequence();
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindClawBack(store, claw_back));
  if (!row.has_value()) return absl::DataLossError("a claw-back is missing");
  PUHUI_ASSIGN_OR_RETURN(v1::ClawBack message, UnchangingPart(store, claw_back, *row));
  if (!decided) {
    message.set_state(row->needs_confirmation ? v1::CLAW_BACK_STATE_PROPOSED
                                              : v1::CLAW_BACK_STATE_RUNNING);
    return message;
  }
  const journal::v1::ClawBackDecided& decision = record.claw_back_decided();
  message.set_state(decision.confirmed() ? v1::CLAW_BACK_STATE_RUNNING
                                         : v1::CLAW_BACK_STATE_REJECTED);
  message.set_decision_reason(decision.reason());
  *message.mutable_decide_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return message;
}

}  // namespace puhui::services
