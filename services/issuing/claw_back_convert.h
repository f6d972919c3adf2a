// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_CLAW_BACK_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_CLAW_BACK_CONVERT_H_

#include "issuing/app/claw_back_commands.h"
#include "issuing/app/claw_back_queries.h"
#include "issuing/app/vault.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/claw_back.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::services {

// A selection as it was asked for, read as far as that is possible without the store. Threads:
// none.
class ClawBackSelection {
 public:
  // Refuses: kInvalidField at "selection", "rows.rows[N]" or "members.members[N]".
  static absl::StatusOr<ClawBackSelection> Parse(const v1::ClawBackRequest& request);
  // The rows that are meant, ascending; none: all of them.
  // Refuses: kNotFound at the first row or member that is not in the plan; kInvalidField at one
  // that is named twice.
  absl::StatusOr<std::vector<issuing::ClawBackWish::Row>> Resolve(
      const ledger::Readable& store, const issuing::Vault& vault,
      const issuing::FoundCampaign& campaign) const;

 private:
  absl::Status ParseMember(std::size_t at, const v1::ClawBackRequest::Member& member);
  absl::StatusOr<std::vector<std::uint64_t>> RowNumbers(
      const ledger::Readable& store, const issuing::Vault& vault,
      const issuing::FoundCampaign& campaign) const;
  absl::StatusOr<std::vector<std::uint64_t>> RowsOfMembers(
      const ledger::Readable& store, const issuing::Vault& vault,
      const issuing::FoundCampaign& campaign) const;
  std::string FieldOf(std::size_t at) const;

  std::vector<std::uint64_t> rows_;
  std::vector<MemberId> members_;                 // None where the next has something.
  std::vector<absl::optional<std::string>> ids_;  // External ids.
};

std::string ClawBackNameOf(absl::string_view campaign_name, Sequence claw_back);

// A claw-back as it is now.
absl::StatusOr<v1::ClawBack> ClawBackOf(const ledger::Readable& store, Sequence claw_back,
                                        const issuing::ClawBackRow& row);
// As the record, a proposal or a decision, left it.
absl::StatusOr<v1::ClawBack> ClawBackAfter(const ledger::Readable& store,
                                           const journal::v1::Record& record);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_CLAW_BACK_CONVERT_H_
