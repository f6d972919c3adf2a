// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/campaign_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// What google.protobuf.Timestamp may hold: the years 1 to 9999.
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsMax = 253'402'300'799;

absl::Status ReadTerms(const v1::Terms& terms, issuing::CreateCampaignCommand::Wish* wish) {
  const google::protobuf::Timestamp& expiry = terms.expire_time();
  if (!terms.has_expire_time() || expiry.seconds() < kSecondsMin ||
      expiry.seconds() > kSecondsMax || expiry.nanos() < 0 || expiry.nanos() > 999'999'999) {
    return InvalidField("terms.expire_time", "want the moment at which spending ends");
  }
  wish->expiry = FromTimestamp(expiry);
  const auto categories = static_cast<std::size_t>(terms.merchant_categories_size());
  if (categories > kCategoriesPerTermsMax) {
    return InvalidField(
        "terms.merchant_categories",
        absl::StrCat("want at most ", kCategoriesPerTermsMax, ", got ", categories));
  }
  for (std::size_t i = 0; i < categories; ++i) {
    PUHUI_ASSIGN_OR_RETURN(const std::uint32_t category,
                           ParseCategory(terms.merchant_categories(static_cast<int>(i)),
                                         absl::StrCat("terms.merchant_categories[", i, "]")));
    wish->categories.push_back(category);
  }
  if (!v1::ExpiryPolicy_IsValid(terms.expiry_policy())) {
    return InvalidField("terms.expiry_policy", "want one of the policies, or none");
  }
  wish->expire_to_union = terms.expiry_policy() == v1::EXPIRY_POLICY_EXPIRE;
  return absl::OkStatus();
}

v1::Terms TermsOf(const ledger::Terms& terms) {
  v1::Terms message;
  *message.mutable_expire_time() = ToTimestamp(terms.expiry);
  for (const std::uint32_t category : terms.categories) {
    message.add_merchant_categories(FormatCategory(category));
  }
  message.set_expiry_policy(terms.expire_to_union ? v1::EXPIRY_POLICY_EXPIRE
                                                  : v1::EXPIRY_POLICY_RETURN_TO_BUDGET);
  return message;
}

// What a campaign is from its creation on.
absl::StatusOr<v1::Campaign> UnchangingPart(const ledger::Readable& store,
                                            const issuing::FoundCampaign& found) {
  v1::Campaign message;
  message.set_name(absl::StrCat("campaigns/", found.row.id));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_union_(), Names(&store).OfUnion(found.row.union_number));
  message.set_display_name(found.row.display_name);
  message.set_occasion(found.row.occasion);
  *message.mutable_terms() = TermsOf(found.terms);
  *message.mutable_create_time() = ToTimestamp(found.row.create_time);
  return message;
}

// The number of the campaign that a record is about; 0 when it is about none.
std::uint32_t CampaignNumberOf(const journal::v1::Record& record) {
  if (record.has_campaign_created()) return record.campaign_created().number();
  if (record.has_campaign_submitted()) return record.campaign_submitted().campaign();
  if (record.has_issue_started()) return record.issue_started().campaign();
  return record.entry().approval().campaign();
}

void SetApproved(const journal::v1::Entry& entry, v1::Campaign* message) {
  message->set_state(v1::CAMPAIGN_STATE_APPROVED);
  message->mutable_plan()->set_hash(ledger::ToHex(entry.approval().plan_hash()));
  for (const journal::v1::Posting& posting : entry.postings()) {
    if (posting.kind() == journal::v1::ACCOUNT_KIND_CAMPAIGN) {
      message->mutable_plan()->set_points(posting.points());
    }
  }
}

}  // namespace

absl::StatusOr<issuing::CreateCampaignCommand::Wish> ReadCreateCampaign(
    const v1::CreateCampaignRequest& request) {
  issuing::CreateCampaignCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, CampaignId::Parse(request.campaign_id(), "campaign_id"));
  PUHUI_ASSIGN_OR_RETURN(wish.union_id, ParseUnionName(request.union_(), "union"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  PUHUI_RETURN_IF_ERROR(ValidateTextId(request.occasion(), "occasion"));
  wish.occasion = request.occasion();
  PUHUI_RETURN_IF_ERROR(ReadTerms(request.terms(), &wish));
  return wish;
}

absl::StatusOr<ledger::Hash> ParsePlanHash(absl::string_view text, absl::string_view field) {
  const absl::StatusOr<std::string> bytes = ledger::FromHex(text);
  if (!bytes.ok() || bytes->size() != ledger::Hash().size()) {
    return InvalidField(field, "want the 64 hexadecimal characters of a plan's hash");
  }
  return ledger::HashFromBytes(*bytes);
}

absl::StatusOr<v1::Campaign> CampaignOf(const ledger::Readable& store,
                                        const issuing::FoundCampaign& found) {
  PUHUI_ASSIGN_OR_RETURN(v1::Campaign message, UnchangingPart(store, found));
  message.set_state(static_cast<v1::CampaignState>(found.row.state));
  if (found.row.plan.version != 0) *message.mutable_plan() = PlanOf(found.row.plan);
  if (found.row.state >= issuing::CampaignState::kIssuing) {
    *message.mutable_progress() = ProgressOf(found.row);
  }
  return message;
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
  return message;
}

v1::RowVerdict VerdictOf(const issuing::RowVerdict& verdict) {
  v1::RowVerdict message;
  message.set_row(verdict.row);
  message.set_member(FormatMemberName(verdict.what.member));
  message.set_points(verdict.what.points);
  message.set_outcome(static_cast<v1::RowVerdict::Outcome>(verdict.outcome));
  if (verdict.reason.has_value()) {
    message.set_reason(std::string(ledger::ReasonName(*verdict.reason)));
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
  if (record.has_campaign_submitted()) {
    message.set_state(v1::CAMPAIGN_STATE_SUBMITTED);
    message.mutable_plan()->set_hash(ledger::ToHex(record.campaign_submitted().plan_hash()));
  } else if (record.has_issue_started()) {
    // From here on the plan stays.
    message.set_state(v1::CAMPAIGN_STATE_ISSUING);
    *message.mutable_plan() = PlanOf(found.row.plan);
  } else if (record.has_entry()) {
    SetApproved(record.entry(), &message);
  } else {
    message.set_state(v1::CAMPAIGN_STATE_DRAFT);
  }
  return message;
}

}  // namespace puhui::services
