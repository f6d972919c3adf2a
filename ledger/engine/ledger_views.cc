// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/ledger_views.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/terms_record.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kRequestCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kAccountCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kCardCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kTermsCacheBytes = std::size_t{4} << 20;
constexpr std::size_t kSingleRowBytes = std::size_t{1} << 10;

std::uint8_t RequestCauseOf(const jv1::Record& record) {
  if (record.has_voucher_redeemed()) return RequestRow::kRedemption;
  return static_cast<std::uint8_t>(record.entry().cause_case());
}

}  // namespace

Tag TagFromBytes(absl::string_view bytes) {
  PUHUI_CHECK(bytes.size() == std::tuple_size_v<Tag>);
  Tag tag{};
  std::copy(bytes.begin(), bytes.end(), tag.begin());
  return tag;
}

Tag RequestKeyOf(absl::string_view caller, absl::string_view request_id, Sha256& sha256) {
  const Hash hash = sha256.Digest(caller, absl::string_view("\0", 1), request_id);
  return TagFromBytes(AsBytes(hash).substr(0, std::tuple_size_v<Tag>));
}

absl::Status ReadPostings(const jv1::Entry& entry, std::vector<Posting>* postings) {
  postings->clear();
  for (const jv1::Posting& stored : entry.postings()) {
    Posting posting{.kind = static_cast<AccountKind>(stored.kind()),
                    .owner = stored.owner(),
                    .origin = UnionNumber{stored.origin()},
                    .points = stored.points()};
    if (stored.kind() < 1 || stored.kind() > kAccountKinds) {
      return absl::DataLossError(absl::StrCat("a posting of kind ", stored.kind()));
    }
    if (IsMemberAccount(posting.kind)) {
      if (stored.member().size() != MemberId::kBytes)
        return absl::DataLossError("a posting without its member");
      posting.member = MemberId::FromBytes(stored.member());
    }
    postings->push_back(posting);
  }
  return absl::OkStatus();
}

LedgerViews::LedgerViews(TableSet* set, std::size_t wallet_cache_bytes)
    : requests(set, kRequestTable, kRequestCacheBytes),
      forgotten(set, kForgottenTable, kSingleRowBytes),
      accounts(set, kAccountTable, kAccountCacheBytes),
      totals(set, kTotalTable, kAccountCacheBytes),
      wallets(set, kWalletTable, wallet_cache_bytes),
      cards(set, kCardTable, kCardCacheBytes),
      terms(set, kTermsTable, kTermsCacheBytes),
      timers(set, kTimerTable),
      campaign_figures(set),
      periods(set),
      history_(set, kHistoryTable),
      activity_(set, kActivityTable) {}

LedgerViews::~LedgerViews() = default;

absl::Status LedgerViews::Apply(const jv1::Record& record) {
  PUHUI_RETURN_IF_ERROR(periods.Apply(record));
  if (record.has_request()) {
    const jv1::Request& request = record.request();
    if (request.digest().size() != std::tuple_size_v<Tag>) {
      return absl::DataLossError("the digest of a request is cut short");
    }
    requests.Put(RequestKey(request.caller(), request.request_id()),
                 RequestRow{.first = record.sequence(),
                            .records = request.records(),
                            .digest = TagFromBytes(request.digest()),
                            .time = absl::FromUnixMicros(record.time_micros()),
                            .cause = RequestCauseOf(record)});
  }
  if (record.has_entry()) return ApplyEntry(record);
  if (record.has_member_joined()) return OpenWallet(record.member_joined());
  if (record.has_requests_forgotten()) return ForgetRequests(record.requests_forgotten());
  if (record.has_member_changed()) return ApplyToMember(record.member_changed());
  if (record.has_campaign_created()) return OpenTerms(record.campaign_created());
  if (record.has_campaign_updated()) return ReplaceTerms(record.campaign_updated());
  return absl::OkStatus();
}

void LedgerViews::Expect(const jv1::Record& record, Coming coming) {
  const std::string& member = record.entry().member();
  if (member.size() == MemberId::kBytes) wallets.Expect(MemberId::FromBytes(member), coming);
}

absl::Status LedgerViews::ApplyEntry(const jv1::Record& record) {
  PUHUI_RETURN_IF_ERROR(ReadPostings(record.entry(), &postings_));
  if (absl::Status balanced = CheckBalanced(postings_); !balanced.ok()) {
    return absl::DataLossError(balanced.message());
  }
  PUHUI_RETURN_IF_ERROR(ApplyPostings(record.entry()));
  return record.entry().member().empty() ? absl::OkStatus() : ApplyToWallet(record);
}

absl::Status LedgerViews::ApplyPostings(const jv1::Entry& entry) {
  for (const Posting& posting : postings_) {
    std::int64_t& total = totals.Edit({posting.kind, posting.origin});
    total += posting.points;
    if (!WithinBound(posting.kind, total)) {
      return absl::DataLossError(
          absl::StrCat("all ", AccountKindName(posting.kind), " accounts come to ", total));
    }
    if (IsMemberAccount(posting.kind)) {
      if (posting.member.ToBytes() != entry.member()) {
        return absl::DataLossError("a posting of another member than the entry's");
      }
      continue;
    }
    const AccountKey key{posting.kind, posting.owner, posting.origin};
    std::int64_t& balance = accounts.Edit(key);
    balance += posting.points;
    if (!WithinBound(posting.kind, balance)) {
      return absl::DataLossError(
          absl::StrCat("a ", AccountKindName(posting.kind), " account comes to ", balance));
    }
    if (touched_.empty() || touched_.back() != key) touched_.push_back(key);
  }
  return absl::OkStatus();
}

absl::Status LedgerViews::OpenWallet(const jv1::MemberJoined& joined) {
  if (joined.member().size() != MemberId::kBytes ||
      joined.card_hash().size() != std::tuple_size_v<Tag>) {
    return absl::DataLossError("a member joined without an id or a card");
  }
  const MemberId member = MemberId::FromBytes(joined.member());
  wallets.Put(member, Wallet{.card_last_four = joined.card_last_four()});
  cards.Put(TagFromBytes(joined.card_hash()), CardRow{.member = member});
  return absl::OkStatus();
}

absl::Status LedgerViews::ForgetRequests(const jv1::RequestsForgotten& gone) {
  constexpr std::size_t kKeyBytes = std::tuple_size_v<Tag>;
  ForgottenRow& row = forgotten.Edit(0);
  if (gone.next_sequence() < row.next || gone.requests().size() % kKeyBytes != 0) {
    return absl::DataLossError("requests that cannot be forgotten");
  }
  row = {.next = gone.next_sequence(), .due = absl::FromUnixMicros(gone.due_micros())};
  for (std::size_t at = 0; at < gone.requests().size(); at += kKeyBytes) {
    requests.Erase(TagFromBytes(absl::string_view(gone.requests()).substr(at, kKeyBytes)));
  }
  return absl::OkStatus();
}

absl::Status LedgerViews::OpenTerms(const jv1::CampaignCreated& created) {
  const UnionNumber origin{created.origin() != 0 ? created.origin() : created.union_number()};
  PUHUI_ASSIGN_OR_RETURN(Terms opened, TermsFrom(created.terms(), origin));
  terms.Put(CampaignNumber{created.number()}, std::move(opened));
  return absl::OkStatus();
}

absl::Status LedgerViews::ReplaceTerms(const jv1::CampaignUpdated& updated) {
  const CampaignNumber campaign{updated.campaign()};
  const Terms* const before = terms.Find(campaign);
  if (before == nullptr) return absl::DataLossError("terms of a campaign that was never created");
  PUHUI_ASSIGN_OR_RETURN(Terms after, TermsFrom(updated.after().terms(), before->origin));
  terms.Put(campaign, std::move(after));
  return absl::OkStatus();
}

absl::Status LedgerViews::EndSegment(Sequence last) {
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  for (const AccountKey& key : touched_) history_.Put({key, last}, Balance(key));
  touched_.clear();
  return absl::OkStatus();
}

const Terms& LedgerViews::TermsOf(CampaignNumber campaign) {
  const Terms* found = terms.Find(campaign);
  PUHUI_CHECK(found != nullptr);
  return *found;
}

std::int64_t LedgerViews::Balance(const AccountKey& account) {
  const std::int64_t* balance = accounts.Find(account);
  return balance == nullptr ? 0 : *balance;
}

}  // namespace puhui::ledger
