// SPDX-License-Identifier: Apache-2.0
// Real people join.
#ifndef PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_
#define PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Why one row of a batch is refused.
struct RowRefusal {
  ledger::Reason reason{};
  std::string field{};
};

// Somebody who may join: nothing here says who it is, but for the sealed part. Vault::Seal makes
// one.
struct NewMember {
  absl::optional<RowRefusal> shape{};  // Set: the row is malformed, and the rest is empty.
  MemberId member{};                   // The id the person gets, unless known already.
  ledger::Tag id_number{};             // Keyed hashes.
  ledger::Tag external_id{};
  ledger::Tag card{};
  std::string card_last_four{};
  ledger::Hash commitment{};
  PersonalDataRow personal_data{};
};

// Numbers are those of puhui.v1.MemberRowResult.Outcome.
enum class MemberOutcome : std::uint32_t {
  kCreated = 1,
  kUnchanged = 2,
  kRefused = 3,
  kSkipped = 4,
};

// Enrols up to kRowsPerImportCallMax people of one union. Somebody who joined this union already
// with the same external id is unchanged, also when an earlier row of the batch says so.
// Records: MemberBatch, then one MemberJoined per created row, in order of the rows.
// Refuses: NOT_FOUND (the union). Rows: INVALID_FIELD, as given; ALREADY_EXISTS, when the external
// id is somebody else's, or at "card_number" when the card drawn is taken; DUPLICATE_PERSON.
class CreateMembersCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    std::vector<NewMember> rows{};
    bool all_or_nothing = false;  // One refused row refuses all.
  };
  // Requires: 1 to kRowsPerImportCallMax rows (checked).
  CreateMembersCommand(Tables* tables, ledger::LedgerViews* views, Wish wish);
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  struct Verdict {
    MemberOutcome outcome{};
    MemberId member{};  // When created or unchanged.
    RowRefusal refusal{};
  };

  void Prefetch();
  Verdict Judge(const NewMember& row) const;
  void SkipCreated();
  void AddRecords(UnionNumber of, ledger::Decision& decision) const;

  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
  std::vector<Verdict> verdicts_;
  // What the rows judged so far add to the tables.
  absl::flat_hash_map<ledger::Tag, MemberId> batch_id_numbers_;
  absl::flat_hash_map<ledger::Tag, MemberId> batch_external_ids_;
  absl::flat_hash_set<ledger::Tag> batch_cards_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_
