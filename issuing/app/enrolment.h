// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_ENROLMENT_H_
#define PUHUI_ISSUING_APP_ENROLMENT_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Why one row of a batch is refused.
struct RowRefusal {
  ledger::Reason reason{};
  std::string field{};
};

// Somebody who may join: nothing here says who it is, but for the sealed part. Vault::Seal makes
// one, and Vault::SealReturning one for somebody who had left.
struct NewMember {
  absl::optional<RowRefusal> shape{};  // Set: the row is malformed, and the rest is empty.
  MemberId member{};                   // The id the person gets, unless known already.
  ledger::Tag id_number{};             // Keyed hashes.
  absl::optional<ledger::Tag> external_id{};
  ledger::Tag card{};
  std::string card_last_four{};
  ledger::Hash commitment{};
  PersonalDataRow personal_data{};
  // Set: the person had left, and this is sealed for that member as of this revision. There is no
  // card then: the member keeps the old one.
  absl::optional<std::uint32_t> left_revision{};
};

// Numbers are those of puhui.v1.MemberRowResult.Outcome.
enum class MemberOutcome : std::uint32_t {
  kCreated = 1,
  kUnchanged = 2,
  kRefused = 3,
  kSkipped = 4,
  kCameBack = 5,
};

// Judges people who want to join one union, one after another, and writes down those who do. A
// person is one member whatever the unions: the keyed hash of the identity document says who is
// known. Threads: the writer's. Borrows: the tables and views.
class Enrolment {
 public:
  struct Verdict {
    MemberOutcome outcome{};
    MemberId member{};  // When created, unchanged or come back.
    RowRefusal refusal{};

    bool joins() const {
      return outcome == MemberOutcome::kCreated || outcome == MemberOutcome::kCameBack;
    }
  };

  Enrolment(Tables* tables, ledger::LedgerViews* views) : tables_(*tables), views_(*views) {}

  // One read of each table instead of one per row.
  void Prefetch(const std::vector<NewMember>& rows);
  // What becomes of `row`, of somebody who wants to join `of`, after the rows that were judged
  // before it. Refuses: INVALID_FIELD, as the row says; ALREADY_EXISTS, when the external id is
  // somebody else's, or at "card_number" when the card drawn is taken; DUPLICATE_PERSON;
  // ETAG_MISMATCH, when the person left or came back since the row was sealed.
  Verdict Judge(UnionNumber of, const NewMember& row);
  // UNAVAILABLE, as Tables::CheckVaultKey: for a call as a whole.
  absl::optional<ledger::Refusal> CheckVaultKey(const NewMember& row) const;
  // Adds the record of a row that joins `of`. Requires: verdict.joins().
  void AddRecord(UnionNumber of, const NewMember& row, ledger::Decision& decision) const;
  // Writes what the journal must not hold of a row that joined.
  void Store(const NewMember& row);

 private:
  Verdict JudgeKnown(UnionNumber of, const NewMember& row, MemberId known,
                     absl::optional<MemberId> by_external_id) const;

  Tables& tables_;
  ledger::LedgerViews& views_;
  // What the rows judged so far add to the tables.
  absl::flat_hash_map<ledger::Tag, MemberId> id_numbers_;
  absl::flat_hash_map<ledger::Tag, MemberId> external_ids_;
  absl::flat_hash_set<ledger::Tag> cards_;
  absl::flat_hash_set<MemberId> came_back_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_ENROLMENT_H_
