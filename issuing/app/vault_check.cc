// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/vault_check.h"

#include "issuing/app/key_rotation.h"
#include "issuing/app/queries.h"
#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <functional>

namespace puhui::issuing {
namespace {

using ledger::Readable;

absl::Status WrongKey(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("is not the key of this ledger: ", why));
}

// Calls `visit` with rows that hold something, until it says that it has seen enough.
absl::Status VisitSealed(
    const Readable& from, MemberId behind,
    const std::function<absl::StatusOr<bool>(MemberId, const PersonalDataRow&)>& visit) {
  ledger::Range range;
  if (!behind.none()) {
    range.from = ledger::EncodeKey(kPersonalDataTable.id, behind);
    range.after_from = true;
  }
  std::size_t looked_at = 0;
  return ledger::Scan(from, kPersonalDataTable, std::move(range),
                      [&](const MemberId& member, PersonalDataRow& row) -> absl::StatusOr<bool> {
                        if (++looked_at > kVaultCheckRows) return false;
                        if (row.wrapped_key.empty()) return true;
                        return visit(member, row);
                      });
}

}  // namespace

absl::StatusOr<std::vector<std::uint32_t>> NeededVaultKeys(const Readable& from) {
  PUHUI_ASSIGN_OR_RETURN(const auto last, LastKeyRotation(from));
  if (!last.has_value()) return std::vector<std::uint32_t>{1};
  if (last->finish_time.has_value()) return std::vector<std::uint32_t>{last->key_id};
  return std::vector<std::uint32_t>{last->key_id - 1, last->key_id};
}

absl::Status CheckVaultKey(const Readable& from, const Vault& vault, std::uint32_t key_id) {
  PUHUI_ASSIGN_OR_RETURN(const auto last, LastKeyRotation(from));
  const bool rotated = last.has_value() && last->key_id == key_id;
  if (rotated && vault.KeyCheck(key_id) != last->check) return WrongKey("it has another check");
  // What the earlier key still opens lies behind the point that the rotation has reached.
  const MemberId behind = last.has_value() && !rotated ? last->reached : MemberId();
  return VisitSealed(from, behind,
                     [&](MemberId member, const PersonalDataRow& row) -> absl::StatusOr<bool> {
                       if (row.key_id != key_id) return true;
                       if (vault.Open(member, row).ok()) return false;
                       return WrongKey("it opens no personal data");
                     });
}

absl::Status CheckLookupKey(const Readable& from, const Vault& vault) {
  return VisitSealed(
      from, MemberId(), [&](MemberId member, const PersonalDataRow& row) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const auto found, FindMember(from, member));
        if (!found.has_value()) return true;  // Of somebody who has not joined.
        PUHUI_ASSIGN_OR_RETURN(const OpenedData opened, vault.Open(member, row));
        PUHUI_ASSIGN_OR_RETURN(const auto known,
                               ledger::Find(from, kIdNumberTable, vault.DocumentTag(opened.data)));
        if (known == member) return false;
        return WrongKey("it leads to no member");
      });
}

}  // namespace puhui::issuing
