// SPDX-License-Identifier: Apache-2.0
// The vault's key is replaced while everything goes on: from the start of a rotation on personal
// data is sealed under the new key, and the members' keys that are there are wrapped anew, piece by
// piece, in the order of the members. When the last is done the earlier key opens nothing any more.
#ifndef PUHUI_ISSUING_APP_KEY_ROTATION_H_
#define PUHUI_ISSUING_APP_KEY_ROTATION_H_

#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/timers.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// The last rotation; absent before the first, when the key is number 1.
absl::StatusOr<absl::optional<KeyRotationRow>> LastKeyRotation(const ledger::Readable& from);

// Records: KeyRotationStarted. Refuses: KEY_ROTATION_RUNNING, also when another rotation ended
// since the caller looked.
class StartKeyRotationCommand final : public ledger::Command {
 public:
  // `check` is Vault::KeyCheck of the key.
  StartKeyRotationCommand(Tables* tables, std::uint32_t key_id, const ledger::Tag& check)
      : tables_(*tables), key_id_(key_id), check_(check) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const std::uint32_t key_id_;
  const ledger::Tag check_;
};

// Members' keys wrapped anew, at most kVaultKeyChunkRows of them.
struct RewrappedKeys {
  struct Row {
    MemberId member{};
    std::string before{};  // The wrapped key that was read.
    PersonalDataRow after{};
  };
  std::uint32_t key_id = 0;
  MemberId behind{};  // The member that the last piece ended with; none: the first piece.
  MemberId last{};    // That this piece ends with; as `behind` when there was none.
  bool finished = false;
  std::vector<Row> rows{};
};

// Puts one piece in place, but for rows that changed since they were read: those are under the new
// key already, or gone. Records: KeyRotationAdvanced. Refuses: KEY_ROTATION_RUNNING, when it is not
// this piece's turn.
class RewrapKeysCommand final : public ledger::Command {
 public:
  RewrapKeysCommand(Tables* tables, RewrappedKeys piece)
      : tables_(*tables), piece_(std::move(piece)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  bool StillThere(const RewrappedKeys::Row& row);

  Tables& tables_;
  const RewrappedKeys piece_;
};

// Threads: the timers'. Borrows: the tables and the vault.
class KeyRotationChore final : public ledger::Chore {
 public:
  KeyRotationChore(Tables* tables, const Vault* vault, const KeyRotationRow& from)
      : tables_(tables), vault_(*vault), key_id_(from.key_id), reached_(from.reached) {}
  // Fails: kInternal while the vault does not have both keys.
  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(const ledger::Readable& store) override;

 private:
  Tables* const tables_;
  const Vault& vault_;
  const std::uint32_t key_id_;
  MemberId reached_;
  bool finished_ = false;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_KEY_ROTATION_H_
