// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_LEDGER_VIEWS_H_
#define PUHUI_LEDGER_ENGINE_LEDGER_VIEWS_H_

#include "ledger/crypto/hash.h"
#include "ledger/engine/cached_table.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/engine/expired_points.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/index_table.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/period_views.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// The views that both sides stand on: requests, accounts, wallets, cards, terms, timers, their
// histories, and what became of the points of each campaign. Deciders use Find on the tables; only
// appliers change them. Threads: the writer's alone.
class LedgerViews final : public Applier, public TermsReader {
 public:
  // `wallet_cache_bytes` bounds the decoded wallets that are kept.
  LedgerViews(TableSet* set, std::size_t wallet_cache_bytes);
  ~LedgerViews() override;

  // Invariants 1, 2, 3 and 7 are checked here, at every prefix of the journal.
  absl::Status Apply(const journal::v1::Record& record) override;
  void Expect(const journal::v1::Record& record, Coming coming) override;
  absl::Status EndSegment(Sequence last) override;
  const Terms& TermsOf(CampaignNumber campaign) override;

  Tag RequestKey(absl::string_view caller, absl::string_view request_id) {
    return RequestKeyOf(caller, request_id, sha256_);
  }

  std::int64_t Balance(const AccountKey& account);

  CachedTable<Tag, RequestRow> requests;
  CachedTable<std::uint8_t, ForgottenRow> forgotten;
  CachedTable<AccountKey, std::int64_t> accounts;
  CachedTable<TotalKey, std::int64_t> totals;
  CachedTable<MemberId, Wallet> wallets;
  CachedTable<Tag, CardRow> cards;
  CachedTable<CampaignNumber, Terms> terms;
  IndexTable<TimerKey, bool> timers;
  CampaignFigureKeeper campaign_figures;
  PeriodViews periods;
  // What the issuing side knows, for deciders of both sides. Set by whoever builds them; borrowed.
  ExpiredPoints* expired_points = nullptr;

 private:
  absl::Status ApplyEntry(const journal::v1::Record& record);
  absl::Status ApplyPostings(const journal::v1::Entry& entry);
  absl::Status ApplyToWallet(const journal::v1::Record& record);
  // Returns how much more the lots hold.
  absl::StatusOr<std::int64_t> ChangeLots(const journal::v1::Entry& entry, Wallet* wallet);
  absl::Status NoteActivity(MemberId member, const Activity& activity, Wallet* wallet);
  absl::Status OpenWallet(const journal::v1::MemberJoined& joined);
  absl::Status ForgetRequests(const journal::v1::RequestsForgotten& gone);
  absl::Status ApplyToMember(const journal::v1::MemberChanged& changed);
  absl::Status IssueCard(const journal::v1::CardIssued& issued, MemberId member);
  absl::Status BlockCard(absl::string_view card_hash, MemberId member);
  absl::Status OpenTerms(const journal::v1::CampaignCreated& created);
  // Of a campaign that has not granted anything: no lot has the terms that go.
  absl::Status ReplaceTerms(const journal::v1::CampaignUpdated& updated);

  IndexTable<HistoryKey, std::int64_t> history_;
  IndexTable<ActivityKey, std::string> activity_;
  std::vector<AccountKey> touched_;  // By the current segment; may hold one more than once.
  std::vector<Posting> postings_;    // Kept to save the allocation.
  Sha256 sha256_;
};

// The postings of a stored entry. Fails: kDataLoss when one is malformed.
absl::Status ReadPostings(const journal::v1::Entry& entry, std::vector<Posting>* postings);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_LEDGER_VIEWS_H_
