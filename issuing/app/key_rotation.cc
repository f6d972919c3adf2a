// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/key_rotation.h"

#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

absl::StatusOr<absl::optional<KeyRotationRow>> LastKeyRotation(const ledger::Readable& from) {
  return ledger::Find(from, kKeyRotationTable, kLastKeyRotation);
}

absl::optional<Refusal> StartKeyRotationCommand::Decide(const DecideContext& /*context*/,
                                                        Decision& decision) {
  const KeyRotationRow* last = tables_.key_rotations.Find(kLastKeyRotation);
  const bool running = last != nullptr && !last->finish_time.has_value();
  if (running || key_id_ != tables_.VaultKey() + 1) {
    return Refuse(Reason::kKeyRotationRunning, "",
                  absl::StrCat("the vault's keys are being wrapped by key ", tables_.VaultKey()));
  }
  jv1::KeyRotationStarted& started = *decision.Add().mutable_key_rotation_started();
  started.set_key_id(key_id_);
  started.set_check(std::string(ledger::TagBytes(check_)));
  return absl::nullopt;
}

bool RewrapKeysCommand::StillThere(const RewrappedKeys::Row& row) {
  const PersonalDataRow* stored = tables_.personal_data.Find(row.member);
  return stored != nullptr && stored->wrapped_key == row.before;
}

absl::optional<Refusal> RewrapKeysCommand::Decide(const DecideContext& /*context*/,
                                                  Decision& decision) {
  const KeyRotationRow* rotation = tables_.key_rotations.Find(kLastKeyRotation);
  if (rotation == nullptr || rotation->finish_time.has_value() ||
      rotation->key_id != piece_.key_id || rotation->reached != piece_.behind) {
    return Refuse(Reason::kKeyRotationRunning, "", "another piece is due");
  }
  std::vector<MemberId> members;
  members.reserve(piece_.rows.size());
  for (const RewrappedKeys::Row& row : piece_.rows) members.push_back(row.member);
  tables_.personal_data.Prefetch(std::move(members));
  std::uint32_t wrapped = 0;
  for (const RewrappedKeys::Row& row : piece_.rows) wrapped += StillThere(row) ? 1U : 0U;
  jv1::KeyRotationAdvanced& advanced = *decision.Add().mutable_key_rotation_advanced();
  advanced.set_key_id(piece_.key_id);
  if (!piece_.last.none()) advanced.set_member(piece_.last.ToBytes());
  advanced.set_members(wrapped);
  advanced.set_finished(piece_.finished);
  return absl::nullopt;
}

void RewrapKeysCommand::StorePersonalData() {
  for (const RewrappedKeys::Row& row : piece_.rows) {
    if (StillThere(row)) tables_.personal_data.Put(row.member, row.after);
  }
}

// What is read may be behind the pieces that were given, but those are of other members.
absl::StatusOr<std::unique_ptr<ledger::Command>> KeyRotationChore::Next(
    const ledger::Readable& store) {
  if (finished_) return nullptr;
  ledger::Range range;
  if (!reached_.none()) {
    range.from = ledger::EncodeKey(kPersonalDataTable.id, reached_);
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(store, kPersonalDataTable, std::move(range),
                                                       kVaultKeyChunkRows));
  RewrappedKeys piece{.key_id = key_id_, .behind = reached_, .last = reached_};
  for (const auto& [member, row] : rows) {
    piece.last = member;
    if (row.key_id == key_id_ || row.wrapped_key.empty()) continue;
    PUHUI_ASSIGN_OR_RETURN(PersonalDataRow after, vault_.Rewrap(member, row, key_id_));
    piece.rows.push_back({member, row.wrapped_key, std::move(after)});
  }
  piece.finished = rows.size() < kVaultKeyChunkRows;
  finished_ = piece.finished;
  reached_ = piece.last;
  return std::make_unique<RewrapKeysCommand>(tables_, std::move(piece));
}

}  // namespace puhui::issuing
