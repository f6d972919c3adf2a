// SPDX-License-Identifier: Apache-2.0
// What the index keeps, docs/data-format/tables.md. It has a store of its own, whose families
// of views it uses alone.
#ifndef PUHUI_AUDIT_INDEX_INDEX_ROWS_H_
#define PUHUI_AUDIT_INDEX_INDEX_ROWS_H_

#include "audit/core/filter.h"
#include "audit/index/background.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/journal_mark.h"
#include "ledger/storage/tables.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Of one row: what is read to find one place in a list.
inline constexpr std::size_t kPostingsPerRowMax = 1'024;
inline constexpr std::size_t kMovementsPerRowMax = 256;

// By what records are found. Stored.
enum class Dimension : std::uint8_t {
  kKind = 1,
  kMember = 2,
  kCampaign = 3,
  kUnion = 4,
  kMerchant = 5,
  kStore = 6,
  kTerminal = 7,
  kReason = 8,
  kAbout = 9,
  kActor = 10,
  kPerson = 11,
  kAmount = 12,   // How many binary digits it has.
  kSegment = 13,  // The records that segments of the journal begin with; one list.
};

// The records that have one value of one dimension. A number is `low`; text is known by 128 bits
// of its SHA-256, so that two texts might share a list.
struct ListName {
  Dimension dimension{};
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  template <class F>
  void Fields(F& f) {
    f(dimension, high, low);
  }
  friend auto operator<=>(const ListName&, const ListName&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const ListName& name) {
    return H::combine(std::move(hash), name.dimension, name.high, name.low);
  }
};

ListName ListOf(RecordKind kind);
ListName ListOf(MemberId member);
ListName ListOf(CampaignNumber number);
ListName ListOf(UnionNumber number);
ListName ListOf(MerchantNumber number);
ListName ListOf(TerminalNumber number);
ListName ListOf(const StorePlace& place, ledger::Sha256& sha256);
ListName ListOfText(Dimension dimension, absl::string_view text, ledger::Sha256& sha256);
ListName ListOfNumber(Dimension dimension, std::uint64_t number);
// Requires: amount >= 0.
std::uint64_t AmountClass(std::int64_t amount);

struct PostingsKey {
  ListName list{};
  Sequence first = 0;

  template <class F>
  void Fields(F& f) {
    f(list, first);
  }
};

// Ascending sequences but for the first, which is the key's: each as how much it is beyond the one
// before, a varint.
std::string PackSequences(absl::Span<const Sequence> sequences);
// Fails: kDataLoss when `packed` was not written by PackSequences.
absl::StatusOr<std::vector<Sequence>> UnpackSequences(Sequence first, absl::string_view packed);

// An account: `high` and `low` are its member, or `low` is its owner's number.
struct AccountRowName {
  ledger::AccountKind kind{};
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  template <class F>
  void Fields(F& f) {
    f(kind, high, low);
  }
};
AccountRowName RowNameOf(const AccountName& account);

struct MovementsKey {
  AccountRowName account{};
  Sequence first = 0;

  template <class F>
  void Fields(F& f) {
    f(account, first);
  }
};

// What an account holds of one origin.
struct OriginBalance {
  UnionNumber origin{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(origin, points);
  }
  friend bool operator==(const OriginBalance&, const OriginBalance&) = default;
};

// What one posting did to an account.
struct StoredMovement {
  Sequence beyond = 0;  // How much its sequence is beyond that of the movement before.
  UnionNumber origin{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(beyond, origin, points);
  }
};

// Movements of an account from the record of the key on, and what it held before that record;
// origins of which it held nothing are left out.
struct MovementsRow {
  std::vector<OriginBalance> before{};
  std::vector<StoredMovement> movements{};

  template <class F>
  void Fields(F& f) {
    f(before, movements);
  }
};

struct KindTotal {
  ledger::AccountKind kind{};
  UnionNumber origin{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(kind, origin, points);
  }
};

struct TotalsRow {
  std::vector<KindTotal> totals{};

  template <class F>
  void Fields(F& f) {
    f(totals);
  }
};

inline constexpr ledger::TypedTable<std::uint8_t, ledger::JournalMark> kMarkTable{
    ledger::Table::kIndexMark, ledger::Family::kMeta, "index mark"};  // One row, of key 0.
inline constexpr ledger::TypedTable<PostingsKey, std::string> kPostingsTable{
    ledger::Table::kIndexPostings, ledger::Family::kIndex, "index postings"};
inline constexpr ledger::TypedTable<MovementsKey, MovementsRow> kMovementsTable{
    ledger::Table::kIndexMovements, ledger::Family::kIndex, "index movements"};
inline constexpr ledger::TypedTable<Sequence, TotalsRow> kIndexTotalsTable{
    ledger::Table::kIndexTotals, ledger::Family::kIndex, "index totals"};
inline constexpr ledger::TypedTable<Owned, Owner> kOwnersTable{
    ledger::Table::kIndexOwners, ledger::Family::kState, "index owners"};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_INDEX_ROWS_H_
