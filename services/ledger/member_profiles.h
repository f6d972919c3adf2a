// SPDX-License-Identifier: Apache-2.0
// What audiences ask about members: for deciders of the acquiring side, which does not see the
// issuing side's tables, and for whoever says beforehand what they would decide.
#ifndef PUHUI_SERVICES_LEDGER_MEMBER_PROFILES_H_
#define PUHUI_SERVICES_LEDGER_MEMBER_PROFILES_H_

#include "issuing/app/member_rows.h"
#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/member_profiles.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace puhui::services {

// Without a vault nobody is of any employment or department. Threads: the writer's alone. Borrows:
// the tables and the vault. Touches no wallet.
class LedgerMemberProfiles final : public merchant::MemberProfiles {
 public:
  LedgerMemberProfiles(issuing::Tables* tables, const issuing::Vault* vault)
      : tables_(*tables), vault_(vault) {}
  absl::optional<merchant::MemberProfile> Read(MemberId member,
                                               const merchant::Audience& audience) override;

 private:
  bool WasGranted(MemberId member, CampaignNumber campaign);

  issuing::Tables& tables_;
  const issuing::Vault* const vault_;
};

// Whom things are for, asked of one member at one moment that is durable: what several audiences
// ask is read once. Threads: none; make one per call. Borrows: the moment and the vault.
class MemberProfileReader {
 public:
  MemberProfileReader(const ledger::Readable* from, const issuing::Vault* vault, MemberId member)
      : from_(*from), vault_(*vault), member_(member) {}

  // False when there is no such member, or the member left. Whose personal data does not open is of
  // no employment and no department. Fails: as Readable.
  absl::StatusOr<bool> IsFor(const merchant::Audience& audience);
  // Whether the member is of the union, or of one below it. Fails: as Readable.
  absl::StatusOr<bool> IsWithin(UnionNumber union_number);

 private:
  absl::Status ReadRow();
  absl::Status ReadUnions();
  absl::Status ReadDay();
  absl::Status ReadPersonalData();
  absl::StatusOr<bool> WasGranted(CampaignNumber campaign);

  const ledger::Readable& from_;
  const issuing::Vault& vault_;
  const MemberId member_;
  bool row_read_ = false;
  absl::optional<issuing::MemberRow> row_;  // Of somebody who is a member now.
  bool day_read_ = false;
  bool personal_data_read_ = false;
  merchant::MemberProfile profile_;
  absl::flat_hash_map<CampaignNumber, bool> granted_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_MEMBER_PROFILES_H_
