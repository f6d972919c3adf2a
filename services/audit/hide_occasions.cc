// SPDX-License-Identifier: Apache-2.0
#include "services/audit/hide_occasions.h"

#include "issuing/app/claw_back_queries.h"
#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/occasion.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

// Of anything that has an occasion and the name that goes with it.
template <class Details>
void HideDetails(Details* details) {
  details->set_occasion(std::string(kNeutralOccasion));
  details->set_display_name(std::string(kNeutralOccasion));
}

// The campaign about which a record has an occasion, a name or a text in somebody's own words, or
// says which rule a row of it broke; 0: it does none of that.
absl::StatusOr<std::uint32_t> CampaignToldAbout(const ledger::Readable& from,
                                                const journal::v1::Record& record) {
  if (!record.claw_back_decided().reason().empty()) {
    PUHUI_ASSIGN_OR_RETURN(
        const auto claw_back,
        issuing::FindClawBack(from, Sequence{record.claw_back_decided().claw_back()}));
    if (claw_back.has_value()) return static_cast<std::uint32_t>(claw_back->campaign);
  }
  if (record.has_campaign_created()) return record.campaign_created().number();
  if (record.has_campaign_updated()) return record.campaign_updated().campaign();
  if (record.issue_started().has_rules()) return record.issue_started().campaign();
  if (record.has_campaign_rejected()) return record.campaign_rejected().campaign();
  if (record.has_campaign_cancelled()) return record.campaign_cancelled().campaign();
  if (record.has_claw_back_proposed()) return record.claw_back_proposed().campaign();
  if (record.plan_rows().reasons_size() != 0) return record.plan_rows().campaign();
  if (record.row_refused().has_broken()) return record.row_refused().campaign();
  return 0;
}

void HideWhatIsTold(journal::v1::Record* record) {
  if (record->has_campaign_created()) {
    HideDetails(record->mutable_campaign_created());
  } else if (record->has_campaign_updated()) {
    HideDetails(record->mutable_campaign_updated()->mutable_before());
    HideDetails(record->mutable_campaign_updated()->mutable_after());
  } else if (record->has_issue_started()) {
    record->mutable_issue_started()->mutable_rules()->set_occasion(std::string(kNeutralOccasion));
  } else if (record->has_campaign_rejected()) {
    HideText(record->mutable_campaign_rejected()->mutable_reason());
  } else if (record->has_campaign_cancelled()) {
    HideText(record->mutable_campaign_cancelled()->mutable_reason());
  } else if (record->has_claw_back_proposed()) {
    HideText(record->mutable_claw_back_proposed()->mutable_reason());
  } else if (record->has_claw_back_decided()) {
    HideText(record->mutable_claw_back_decided()->mutable_reason());
  } else if (record->has_row_refused()) {
    journal::v1::RuleBroken& broken = *record->mutable_row_refused()->mutable_broken();
    broken.clear_rule();
    broken.clear_allowed();
    broken.clear_used();
    broken.clear_asked();
  } else {
    for (auto& reason : *record->mutable_plan_rows()->mutable_reasons()) {
      HideText(reason.mutable_text());
    }
  }
}

}  // namespace

absl::Status HideOccasions(const Principal& by, const ledger::Readable& from,
                           journal::v1::Record* record) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, CampaignToldAbout(from, *record));
  if (number == 0) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const auto campaign,
                         ledger::Find(from, issuing::kCampaignTable, CampaignNumber{number}));
  if (!campaign.has_value())
    return absl::DataLossError(absl::StrCat("there is no campaign ", number));
  if (HidesOccasion(by, *campaign)) HideWhatIsTold(record);
  return absl::OkStatus();
}

}  // namespace puhui::services
