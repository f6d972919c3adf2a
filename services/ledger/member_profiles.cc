// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/member_profiles.h"

#include "issuing/app/queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

bool AsksForDay(const merchant::Audience& audience) {
  return audience.joined_from.has_value() || audience.joined_to.has_value();
}

// A zone whose rules are not known here is taken for UTC, so that an audience still has an answer.
absl::CivilDay DayIn(const std::string& time_zone, absl::Time time) {
  absl::TimeZone zone;
  absl::LoadTimeZone(time_zone, &zone);
  return absl::ToCivilDay(time, zone);
}

void Take(issuing::PersonalData data, merchant::MemberProfile* profile) {
  profile->employment = std::move(data.employment);
  profile->department = std::move(data.department);
}

// The row of the plan that was issued to the member; nothing when it was not reached.
absl::optional<std::uint64_t> RowReached(const issuing::CampaignRow& campaign,
                                         const issuing::PlanPlace& place) {
  const absl::optional<std::uint64_t> row = place.RowIn(campaign.plan.version);
  return row.has_value() && *row < campaign.rows_done ? row : absl::nullopt;
}

}  // namespace

bool LedgerMemberProfiles::WasGranted(MemberId member, CampaignNumber campaign) {
  const auto found = tables_.FindCampaign(campaign);
  if (!found.has_value()) return false;
  const issuing::PlanPlace* place = tables_.plan_members.Find({campaign, member});
  if (place == nullptr) return false;
  const absl::optional<std::uint64_t> row = RowReached(*found->row, *place);
  return row.has_value() && tables_.refused_rows.Find({campaign, *row}) == nullptr;
}

absl::optional<merchant::MemberProfile> LedgerMemberProfiles::Read(
    MemberId member, const merchant::Audience& audience) {
  const issuing::MemberRow* row = tables_.members.Find(member);
  if (row == nullptr || row->state == issuing::MemberState::kLeft) return absl::nullopt;
  merchant::MemberProfile profile;
  if (!audience.unions.empty()) {
    profile.unions = tables_.Above(row->union_number);
    profile.unions.insert(profile.unions.begin(), row->union_number);
  }
  if (AsksForDay(audience)) {
    profile.joined = DayIn(tables_.SettingsOf(row->union_number).time_zone, row->create_time);
  }
  if (audience.AsksForPersonalData() && vault_ != nullptr) {
    const issuing::PersonalDataRow* sealed = tables_.personal_data.Find(member);
    if (sealed != nullptr && !sealed->wrapped_key.empty()) {
      auto opened = vault_->Open(member, *sealed);
      if (opened.ok()) Take(std::move(opened->data), &profile);
    }
  }
  for (const CampaignNumber campaign : audience.campaigns) {
    if (WasGranted(member, campaign)) profile.campaigns.push_back(campaign);
  }
  return profile;
}

absl::Status MemberProfileReader::ReadRow() {
  if (row_read_) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(row_, ledger::Find(from_, issuing::kMemberTable, member_));
  if (row_.has_value() && row_->state == issuing::MemberState::kLeft) row_.reset();
  row_read_ = true;
  return absl::OkStatus();
}

absl::Status MemberProfileReader::ReadUnions() {
  if (!profile_.unions.empty()) return absl::OkStatus();
  for (UnionNumber at = row_->union_number; at != UnionNumber{};) {
    profile_.unions.push_back(at);
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row, issuing::UnionByNumber(from_, at));
    at = row.parent;
  }
  return absl::OkStatus();
}

absl::Status MemberProfileReader::ReadDay() {
  if (std::exchange(day_read_, true)) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(from_, row_->union_number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(&from_).Of(row_->union_number, of));
  profile_.joined = DayIn(settings.time_zone, row_->create_time);
  return absl::OkStatus();
}

absl::Status MemberProfileReader::ReadPersonalData() {
  if (std::exchange(personal_data_read_, true)) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, issuing::FindPersonalData(from_, member_));
  if (!sealed.has_value() || sealed->wrapped_key.empty()) return absl::OkStatus();
  // What does not open is as what was erased: the member goes on seeing what is for everybody, and
  // hears here what the till and orders say.
  auto opened = vault_.Open(member_, *sealed);
  if (opened.ok()) Take(std::move(opened->data), &profile_);
  return absl::OkStatus();
}

absl::StatusOr<bool> MemberProfileReader::WasGranted(CampaignNumber campaign) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from_, issuing::kCampaignTable, campaign));
  PUHUI_ASSIGN_OR_RETURN(const auto place,
                         ledger::Find(from_, issuing::kPlanMemberTable, {campaign, member_}));
  if (!row.has_value() || !place.has_value()) return false;
  const absl::optional<std::uint64_t> reached = RowReached(*row, *place);
  if (!reached.has_value()) return false;
  PUHUI_ASSIGN_OR_RETURN(const auto refused,
                         ledger::Find(from_, issuing::kRefusedRowTable, {campaign, *reached}));
  return !refused.has_value();
}

absl::StatusOr<bool> MemberProfileReader::IsFor(const merchant::Audience& audience) {
  PUHUI_RETURN_IF_ERROR(ReadRow());
  if (!row_.has_value()) return false;
  if (!audience.unions.empty()) PUHUI_RETURN_IF_ERROR(ReadUnions());
  if (AsksForDay(audience)) PUHUI_RETURN_IF_ERROR(ReadDay());
  if (audience.AsksForPersonalData()) PUHUI_RETURN_IF_ERROR(ReadPersonalData());
  profile_.campaigns.clear();
  for (const CampaignNumber campaign : audience.campaigns) {
    const auto [known, is_new] = granted_.try_emplace(campaign, false);
    if (is_new) {
      PUHUI_ASSIGN_OR_RETURN(known->second, WasGranted(campaign));
    }
    if (known->second) profile_.campaigns.push_back(campaign);
  }
  return merchant::Admits(audience, profile_);
}

absl::StatusOr<bool> MemberProfileReader::IsWithin(UnionNumber union_number) {
  PUHUI_RETURN_IF_ERROR(ReadRow());
  if (!row_.has_value()) return false;
  PUHUI_RETURN_IF_ERROR(ReadUnions());
  return std::count(profile_.unions.begin(), profile_.unions.end(), union_number) > 0;
}

}  // namespace puhui::services
