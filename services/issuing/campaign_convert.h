// SPDX-License-Identifier: Apache-2.0
// Campaigns and plans: from API messages to wishes, from records and rows to answers.
#ifndef PUHUI_SERVICES_ISSUING_CAMPAIGN_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_CAMPAIGN_CONVERT_H_

#include "issuing/app/campaign_commands.h"
#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/campaign_service.pb.h"
#include "services/auth/identity.h"
#include "services/issuing/terms_convert.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace puhui::services {

// All but the person and the terms, which stand beside it until they are resolved.
struct CampaignDraft {
  issuing::CreateCampaignCommand::Wish wish{};
  TermsDraft terms{};
};
// Refuses: kInvalidField, naming the field.
absl::StatusOr<CampaignDraft> ReadCreateCampaign(const v1::CreateCampaignRequest& request);

// The same of a change; without terms, they stay.
struct CampaignChange {
  issuing::UpdateCampaignCommand::Wish wish{};
  absl::optional<TermsDraft> terms{};
};
// Refuses: kInvalidField, naming the field.
absl::StatusOr<CampaignChange> ReadUpdateCampaign(const v1::UpdateCampaignRequest& request);

// 64 hexadecimal characters. Refuses: kInvalidField.
absl::StatusOr<ledger::Hash> ParsePlanHash(absl::string_view text, absl::string_view field);

// A campaign as `store`, a snapshot that `found` was read from, has it `now`, which is when rule
// packs are asked for.
absl::StatusOr<v1::Campaign> CampaignOf(const ledger::Readable& store,
                                        const issuing::FoundCampaign& found, absl::Time now);
// Takes from `campaign`, which is that of the row, what `principal` may not know: occasion.h of
// services/ledger says what that is.
void HideOccasion(const Principal& principal, const issuing::CampaignRow& row,
                  v1::Campaign* campaign);
v1::Plan PlanOf(const issuing::Plan& plan);
v1::Plan PlanOf(const journal::v1::PlanCompleted& completed);
v1::IssueProgress ProgressOf(const issuing::CampaignRow& row);
// `hidden`: without what says why, for who may not know the occasion of the campaign.
v1::RowVerdict VerdictOf(const issuing::RowVerdict& verdict, bool hidden);

// A campaign as a record made it, whatever it was that happened to it. What never changes is read
// from `store`; what may have moved on since is taken from the record or left out, so that a replay
// gives the same bytes. So a submitted plan shows its hash alone, an approved one its hash and
// points.
// Fails: kDataLoss when it is another record or the campaign is missing.
absl::StatusOr<v1::Campaign> CampaignAsOf(const ledger::Readable& store,
                                          const journal::v1::Record& record);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_CAMPAIGN_CONVERT_H_
