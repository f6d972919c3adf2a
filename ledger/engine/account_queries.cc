// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/account_queries.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::ledger {
namespace {

// What the postings of one record add to the accounts of `kind` and `owner`.
absl::Status AddPostings(Sequence sequence, absl::string_view bytes, AccountKind kind,
                         std::uint64_t owner, BalanceByOrigin* sums) {
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ParseRecord(sequence, bytes));
  if (!record.has_entry()) return absl::OkStatus();
  std::vector<Posting> postings;
  PUHUI_RETURN_IF_ERROR(ReadPostings(record.entry(), &postings));
  for (const Posting& posting : postings) {
    if (posting.kind == kind && posting.owner == owner) (*sums)[posting.origin] += posting.points;
  }
  return absl::OkStatus();
}

// Histories have a row per segment, so the segment that holds `as_of` is looked at record by
// record.
absl::Status AddFromSegmentOf(const Readable& from, AccountKind kind, std::uint64_t owner,
                              Sequence as_of, BalanceByOrigin* sums) {
  return ReadSegments(from, as_of, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentView::Parse(bytes));
    if (segment.last() == as_of) return false;  // The row of this segment was found.
    Sequence sequence = segment.first();
    for (const absl::string_view record : segment) {
      if (sequence > as_of) break;
      PUHUI_RETURN_IF_ERROR(AddPostings(sequence, record, kind, owner, sums));
      ++sequence;
    }
    return false;
  });
}

}  // namespace

absl::StatusOr<Sequence> AppliedSequence(const Readable& from) {
  PUHUI_ASSIGN_OR_RETURN(const auto applied, Find(from, kAppliedTable, std::uint8_t{0}));
  return applied.value_or(0);
}

absl::StatusOr<BalanceByOrigin> AccountAsOf(const Readable& from, AccountKind kind,
                                            std::uint64_t owner, Sequence as_of) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence applied, AppliedSequence(from));
  BalanceByOrigin balances;
  std::vector<AccountKey> accounts;
  PUHUI_RETURN_IF_ERROR(
      Scan(from, kAccountTable, {.prefix = EncodeKeyPrefix(Table::kAccounts, kind, owner)},
           [&](const AccountKey& key, std::int64_t& balance) -> absl::StatusOr<bool> {
             accounts.push_back(key);
             balances[key.origin] = balance;
             return true;
           }));
  if (as_of >= applied) return balances;
  balances.clear();
  for (const AccountKey& account : accounts) {
    PUHUI_ASSIGN_OR_RETURN(
        const auto rows,
        List(from, kHistoryTable,
             {.prefix = EncodeKeyPrefix(Table::kAccountHistory, account),
              .from = EncodeKey(Table::kAccountHistory, HistoryKey{account, as_of}),
              .backward = true},
             1));
    if (!rows.empty()) balances[account.origin] = rows.front().value;
  }
  PUHUI_RETURN_IF_ERROR(AddFromSegmentOf(from, kind, owner, as_of, &balances));
  return balances;
}

absl::StatusOr<BalanceByOrigin> MemberAccount(const Readable& from, AccountKind kind,
                                              MemberId member) {
  PUHUI_CHECK(IsMemberAccount(kind));
  PUHUI_ASSIGN_OR_RETURN(const auto wallet, Find(from, kWalletTable, member));
  BalanceByOrigin balances;
  if (!wallet.has_value()) return balances;
  for (const Lot& lot : wallet->lots) {
    const std::int64_t points = kind == AccountKind::kHeld ? lot.held : lot.available();
    if (points != 0) balances[lot.origin] += points;
  }
  return balances;
}

absl::StatusOr<std::vector<std::pair<TotalKey, std::int64_t>>> Totals(const Readable& from) {
  std::vector<std::pair<TotalKey, std::int64_t>> totals;
  PUHUI_RETURN_IF_ERROR(Scan(from, kTotalTable, {},
                             [&](const TotalKey& key, std::int64_t& total) -> absl::StatusOr<bool> {
                               totals.emplace_back(key, total);
                               return true;
                             }));
  return totals;
}

}  // namespace puhui::ledger
