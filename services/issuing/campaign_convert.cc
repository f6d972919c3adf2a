// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/campaign_convert.h"

#include "issuing/app/rule_packs.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/terms_record.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/names.h"
#include "services/ledger/occasion.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// What a campaign is from its creation on.
absl::StatusOr<v1::Campaign> UnchangingPart(const ledger::Readable& store,
                                            const issuing::FoundCampaign& found) {
  Names names(&store);
  v1::Campaign message;
  message.set_name(absl::StrCat("campaigns/", found.row.id));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_union_(), names.OfUnion(found.row.union_number));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_origin(), names.OfUnion(found.row.origin));
  *message.mutable_create_time() = ToTimestamp(found.row.create_time);
  return message;
}

template <class Details>  // CampaignCreated or CampaignDetails.
absl::Status AddDetails(const Details& details, UnionNumber origin, Names& names,
                        v1::Campaign* message) {
  message->set_display_name(details.display_name());
  message->set_occasion(details.occasion());
  PUHUI_ASSIGN_OR_RETURN(const ledger::Terms terms, ledger::TermsFrom(details.terms(), origin));
  PUHUI_ASSIGN_OR_RETURN(*message->mutable_terms(), TermsOf(terms, names));
  return absl::OkStatus();
}

// The number of the campaign that a record is about; 0 when it is about none.
std::uint32_t CampaignNumberOf(const journal::v1::Record& record) {
  if (record.has_campaign_created()) return record.campaign_created().number();
  if (record.has_campaign_submitted()) return record.campaign_submitted().campaign();
  if (record.has_campaign_updated()) return record.campaign_updated().campaign();
  if (record.has_approval_given()) return record.approval_given().campaign();
  if (record.has_campaign_rejected()) return record.campaign_rejected().campaign();
  if (record.has_issue_started()) return record.issue_started().campaign();
  if (record.has_issue_paused()) return record.issue_paused().campaign();
  if (record.has_issue_resumed()) return record.issue_resumed().campaign();
  if (record.has_campaign_cancelled()) return record.campaign_cancelled().campaign();
  if (record.has_campaign_closed()) return record.campaign_closed().campaign();
  return record.entry().approval().campaign();
}

void AddApprovals(const issuing::CampaignRow& row, v1::Campaign* message) {
  for (const issuing::Approval& given : row.approvals) {
    v1::Approval& approval = *message->add_approvals();
    approval.set_person(given.person);
    *approval.mutable_approve_time() = ToTimestamp(given.time);
  }
  message->set_approvers_needed(static_cast<std::int32_t>(row.approvers_needed));
  if (row.approvals_due.has_value()) {
    *message->mutable_approvals_expire_time() = ToTimestamp(*row.approvals_due);
  }
}

void SetIssuing(const journal::v1::Record& record, v1::Campaign* message) {
  message->mutable_progress()->set_paused(record.has_issue_paused());
  if (!record.has_issue_started()) return;
  const journal::v1::IssueStarted& started = record.issue_started();
  v1::Plan& plan = *message->mutable_plan();
  plan.set_hash(ledger::ToHex(started.plan_hash()));
  plan.set_rows(started.rows());
  plan.set_points(started.points());
  const std::int64_t start = std::max(started.start_micros(), record.time_micros());
  *message->mutable_progress()->mutable_start_time() = ToTimestamp(absl::FromUnixMicros(start));
  message->mutable_progress()->set_all_or_nothing(started.all_or_nothing());
}

void SetApproved(const journal::v1::Entry& entry, v1::Campaign* message) {
  message->mutable_plan()->set_hash(ledger::ToHex(entry.approval().plan_hash()));
  for (const journal::v1::Posting& posting : entry.postings()) {
    if (posting.kind() == journal::v1::ACCOUNT_KIND_CAMPAIGN) {
      message->mutable_plan()->set_points(posting.points());
    }
  }
}

v1::CampaignState StateAfter(const journal::v1::Record& record) {
  if (record.has_campaign_submitted() || record.has_approval_given()) {
    return v1::CAMPAIGN_STATE_SUBMITTED;
  }
  if (record.has_entry()) return v1::CAMPAIGN_STATE_APPROVED;
  if (record.has_campaign_rejected()) return v1::CAMPAIGN_STATE_REJECTED;
  if (record.has_campaign_cancelled()) return v1::CAMPAIGN_STATE_CANCELLED;
  if (record.has_campaign_closed()) return v1::CAMPAIGN_STATE_CLOSED;
  if (record.has_issue_started() || record.has_issue_paused() || record.has_issue_resumed()) {
    return v1::CAMPAIGN_STATE_ISSUING;
  }
  return v1::CAMPAIGN_STATE_DRAFT;
}

// Whether it has to be submitted again, because another rule pack binds than when it was.
absl::StatusOr<bool> IsOfAnotherPack(const ledger::Readable& store,
                                     const issuing::CampaignRow& campaign, absl::Time now) {
  if (!issuing::AwaitsIssue(campaign.state)) return false;
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, campaign.union_number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(&store).Of(campaign.union_number, of));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<issuing::RulePackName> pack,
                         issuing::PackInForce(store, settings, issuing::DayOf(settings, now)));
  return pack.value_or(issuing::RulePackName()) != campaign.rule_pack;
}

// Where the record left the campaign, and what it says of it.
absl::Status AddAsOf(const journal::v1::Record& record, const issuing::FoundCampaign& found,
                     Names& names, v1::Campaign* message) {
  message->set_state(StateAfter(record));
  if (record.has_campaign_created()) {
    return AddDetails(record.campaign_created(), found.row.origin, names, message);
  }
  if (record.has_campaign_updated()) {
    return AddDetails(record.campaign_updated().after(), found.row.origin, names, message);
  }
  if (record.has_campaign_submitted()) {
    const journal::v1::CampaignSubmitted& submitted = record.campaign_submitted();
    message->mutable_plan()->set_hash(ledger::ToHex(submitted.plan_hash()));
    message->set_approvers_needed(static_cast<std::int32_t>(submitted.approvers()));
  }
  if (record.has_approval_given()) {
    message->mutable_plan()->set_hash(ledger::ToHex(record.approval_given().plan_hash()));
  }
  if (record.has_entry()) SetApproved(record.entry(), message);
  if (record.has_campaign_rejected()) message->set_end_reason(record.campaign_rejected().reason());
  if (record.has_campaign_cancelled()) {
    message->set_end_reason(record.campaign_cancelled().reason());
  }
  if (message->state() == v1::CAMPAIGN_STATE_ISSUING) SetIssuing(record, message);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CampaignChange> ReadUpdateCampaign(const v1::UpdateCampaignRequest& request) {
  const v1::Campaign& from = request.campaign();
  CampaignChange change;
  issuing::UpdateCampaignCommand::Wish& wish = change.wish;
  PUHUI_ASSIGN_OR_RETURN(wish.campaign, ParseCampaignName(from.name(), "campaign.name"));
  wish.etag = from.etag();
  if (request.update_mask().paths().empty()) {
    return InvalidField("update_mask", "want the fields that are to change");
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "display_name") {
      PUHUI_RETURN_IF_ERROR(CheckDisplayName(from.display_name(), "campaign.display_name"));
      wish.display_name = from.display_name();
    } else if (path == "occasion") {
      PUHUI_RETURN_IF_ERROR(ValidateTextId(from.occasion(), "campaign.occasion"));
      wish.occasion = from.occasion();
    } else if (path == "terms") {
      PUHUI_ASSIGN_OR_RETURN(change.terms, ReadTerms(from.terms()));
    } else {
      return InvalidField("update_mask", "want display_name, occasion and terms only");
    }
  }
  return change;
}

absl::StatusOr<CampaignDraft> ReadCreateCampaign(const v1::CreateCampaignRequest& request) {
  CampaignDraft draft;
  issuing::CreateCampaignCommand::Wish& wish = draft.wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, CampaignId::Parse(request.campaign_id(), "campaign_id"));
  PUHUI_ASSIGN_OR_RETURN(wish.union_id, ParseUnionName(request.union_(), "union"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  PUHUI_RETURN_IF_ERROR(ValidateTextId(request.occasion(), "occasion"));
  wish.occasion = request.occasion();
  if (!request.origin().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.origin, ParseUnionName(request.origin(), "origin"));
  }
  PUHUI_ASSIGN_OR_RETURN(draft.terms, ReadTerms(request.terms()));
  return draft;
}

absl::StatusOr<ledger::Hash> ParsePlanHash(absl::string_view text, absl::string_view field) {
  const absl::StatusOr<std::string> bytes = ledger::FromHex(text);
  if (!bytes.ok() || bytes->size() != ledger::Hash().size()) {
    return InvalidField(field, "want the 64 hexadecimal characters of a plan's hash");
  }
  return ledger::HashFromBytes(*bytes);
}

absl::StatusOr<v1::Campaign> CampaignOf(const ledger::Readable& store,
                                        const issuing::FoundCampaign& found, absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(v1::Campaign message, UnchangingPart(store, found));
  message.set_state(static_cast<v1::CampaignState>(found.row.state));
  message.set_display_name(found.row.display_name);
  message.set_occasion(found.row.occasion);
  Names names(&store);
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_terms(), TermsOf(found.terms, names));
  if (found.row.plan.version != 0) *message.mutable_plan() = PlanOf(found.row.plan);
  if (found.row.run_record != 0) *message.mutable_progress() = ProgressOf(found.row);
  message.set_etag(issuing::CampaignEtag(found.number, found.row.changed));
  AddApprovals(found.row, &message);
  message.set_void_reason(static_cast<v1::VoidReason>(found.row.void_reason));
  PUHUI_ASSIGN_OR_RETURN(const bool stale, IsOfAnotherPack(store, found.row, now));
  if (stale) message.set_void_reason(v1::VOID_REASON_RULE_PACK_CHANGED);
  message.set_end_reason(found.row.end_reason);
  return message;
}

void HideOccasion(const Principal& principal, const issuing::CampaignRow& row,
                  v1::Campaign* campaign) {
  if (!HidesOccasion(principal, row)) return;
  campaign->set_occasion(std::string(kNeutralOccasion));
  campaign->set_display_name(std::string(kNeutralOccasion));
  HideText(campaign->mutable_end_reason());
}

v1::Plan PlanOf(const issuing::Plan& plan) {
  v1::Plan message;
  message.set_hash(ledger::ToHex(plan.hash));
  message.set_rows(plan.rows);
  message.set_points(plan.points);
  return message;
}

v1::Plan PlanOf(const journal::v1::PlanCompleted& completed) {
  v1::Plan message;
  message.set_hash(ledger::ToHex(completed.plan_hash()));
  message.set_rows(completed.rows());
  message.set_points(completed.points());
  return message;
}

v1::IssueProgress ProgressOf(const issuing::CampaignRow& row) {
  v1::IssueProgress message;
  message.set_rows(row.plan.rows);
  message.set_rows_done(row.rows_done);
  message.set_rows_granted(row.rows_granted);
  message.set_rows_refused(row.rows_refused);
  message.set_points_granted(row.points_granted);
  message.set_state(static_cast<v1::CampaignState>(row.state));
  message.set_paused(row.paused);
  if (row.run_record != 0) *message.mutable_start_time() = ToTimestamp(row.run_start);
  message.set_all_or_nothing(row.all_or_nothing);
  if (row.stopped.rows > 0) {
    v1::RunStop& stop = *message.mutable_stopped_by();
    stop.set_row(row.stopped.row);
    stop.set_reason(std::string(ledger::ReasonName(row.stopped.reason)));
    stop.set_rows(row.stopped.rows);
  }
  return message;
}

v1::RowVerdict VerdictOf(const issuing::RowVerdict& verdict, bool hidden) {
  v1::RowVerdict message;
  message.set_row(verdict.row);
  message.set_member(FormatMemberName(verdict.what.member));
  message.set_points(verdict.what.points);
  message.set_outcome(static_cast<v1::RowVerdict::Outcome>(verdict.outcome));
  if (verdict.reason.has_value()) {
    message.set_reason(std::string(ledger::ReasonName(*verdict.reason)));
  }
  message.set_plan_reason(verdict.plan_reason);
  if (!verdict.broken.ok()) {
    message.set_rule(std::string(issuing::RuleText(verdict.broken.rule)));
    message.set_allowed(verdict.broken.allowed);
    message.set_used(verdict.broken.used);
    message.set_asked(verdict.broken.asked);
  }
  if (hidden) {
    HideText(message.mutable_plan_reason());
    HideRule(&message);
  }
  return message;
}

absl::StatusOr<v1::Campaign> CampaignAsOf(const ledger::Readable& store,
                                          const journal::v1::Record& record) {
  const CampaignNumber number{CampaignNumberOf(record)};
  if (number == CampaignNumber{}) return absl::DataLossError("a record that is of no campaign");
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         issuing::CampaignByNumber(store, number));
  PUHUI_ASSIGN_OR_RETURN(v1::Campaign message, UnchangingPart(store, found));
  Names names(&store);
  PUHUI_RETURN_IF_ERROR(AddAsOf(record, found, names, &message));
  // Approvals, and what becomes of a run, are not what is approved.
  const bool changed = record.has_campaign_created() || record.has_campaign_updated() ||
                       record.has_campaign_submitted() || record.has_campaign_rejected() ||
                       record.has_campaign_cancelled() || record.has_campaign_closed();
  if (changed) message.set_etag(issuing::CampaignEtag(found.number, record.sequence()));
  return message;
}

}  // namespace puhui::services
