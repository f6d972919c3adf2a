// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/audit_load.h"

#include "audit/index/audit_index.h"
#include "audit/index/find_records.h"
#include "audit/index/past_balances.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

namespace jv1 = journal::v1;

const absl::Time kFirstDay = absl::FromUnixSeconds(1'700'000'000);
// A year of them, whatever their number.
constexpr std::uint64_t kHoursOfYear = 24 * 365;
constexpr absl::Duration kYear = absl::Hours(kHoursOfYear);
constexpr std::size_t kSegmentsAtOnce = 64;
constexpr std::uint32_t kOrigins = 16;
constexpr std::uint32_t kCampaigns = 64;
// One record in so many is of the money of a small union, each of which has its turn.
constexpr std::uint64_t kOfSmallUnions = 1'000;
constexpr std::uint32_t kSmallUnions = 3'000;
constexpr std::uint32_t kFirstSmallUnion = 1'000;
constexpr std::uint64_t kSmallUnionsApart = 1'009;  // So that neighbours' records are far apart.

// Made-up records, the same for the same wish.
class Till {
 public:
  explicit Till(const AuditWish& wish) : wish_(wish) {}

  MemberId Member() { return {1, Below(wish_.members)}; }
  std::uint64_t Below(std::uint64_t bound) { return engine_() % bound; }

  jv1::Record Next(Sequence sequence) {
    jv1::Record record;
    record.set_sequence(sequence);
    record.set_time_micros(absl::ToUnixMicros(kFirstDay + kYear / wish_.records * sequence));
    const auto merchant = static_cast<std::uint32_t>(Below(wish_.merchants) + 1);
    record.mutable_request()->set_caller(
        absl::StrFormat("/terminal/merchants/m-%d/terminals/t-1", merchant));
    record.mutable_request()->set_request_id(std::string(16, 'r'));
    record.mutable_request()->set_digest(std::string(16, 'd'));
    record.mutable_request()->set_records(1);
    jv1::Till till;
    till.set_merchant(merchant);
    till.set_terminal(merchant);
    till.set_batch_number(20'270'301);
    till.set_trace_number(static_cast<std::uint32_t>(sequence % 1'000'000));
    const std::string member = Member().ToBytes();
    const auto points = static_cast<std::int64_t>(Below(10'000) + 1);
    if (Below(50) == 0) {
      *record.mutable_declined()->mutable_till() = till;
      record.mutable_declined()->set_member(member);
      record.mutable_declined()->set_reason(701);
      record.mutable_declined()->set_points(points);
      return record;
    }
    jv1::Entry& entry = *record.mutable_entry();
    auto origin = static_cast<std::uint32_t>(Below(kOrigins) + 1);
    if (sequence % kOfSmallUnions == 0) {
      const std::uint64_t turn = sequence / kOfSmallUnions * kSmallUnionsApart;
      origin = static_cast<std::uint32_t>(kFirstSmallUnion + turn % kSmallUnions);
    }
    Post(jv1::ACCOUNT_KIND_WALLET, 0, member, origin, -points, &entry);
    Post(jv1::ACCOUNT_KIND_PAYABLE, merchant, "", origin, points, &entry);
    entry.set_member(member);
    jv1::LotChange& lot = *entry.add_lots();
    lot.set_lot(1);
    lot.set_points(-points);
    lot.set_campaign(static_cast<std::uint32_t>(Below(kCampaigns) + 1));
    lot.set_origin(origin);
    lot.set_granted(1'000'000);
    *entry.mutable_purchase()->mutable_till() = till;
    entry.mutable_purchase()->set_points(points);
    entry.mutable_purchase()->set_authorization_code("A1B2C3");
    entry.mutable_purchase()->set_card_last_four("1234");
    return record;
  }

 private:
  static void Post(jv1::AccountKind kind, std::uint64_t owner, const std::string& member,
                   std::uint32_t origin, std::int64_t points, jv1::Entry* entry) {
    jv1::Posting& posting = *entry->add_postings();
    posting.set_kind(kind);
    posting.set_owner(owner);
    posting.set_member(member);
    posting.set_origin(origin);
    posting.set_points(points);
  }

  const AuditWish& wish_;
  std::mt19937_64 engine_{1};
};

absl::Status WriteJournal(const AuditWish& wish, ledger::Store* store) {
  Till till(wish);
  ledger::SegmentBuilder builder(/*partition=*/0, /*epoch=*/1, /*first=*/1);
  ledger::WriteBatch batch;
  const auto seal = [&]() -> absl::Status {
    ledger::SealedSegment sealed = builder.Seal({});
    batch.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), std::move(sealed.bytes));
    if (batch.changes().size() < kSegmentsAtOnce) return absl::OkStatus();
    PUHUI_RETURN_IF_ERROR(store->Commit(batch, ledger::Durability::kSynced));
    batch.Clear();
    return absl::OkStatus();
  };
  for (Sequence sequence = 1; sequence <= wish.records; ++sequence) {
    const std::string record = till.Next(sequence).SerializeAsString();
    if (!builder.Fits(record.size())) PUHUI_RETURN_IF_ERROR(seal());
    builder.Add(record);
  }
  PUHUI_RETURN_IF_ERROR(seal());
  if (!batch.empty()) PUHUI_RETURN_IF_ERROR(store->Commit(batch, ledger::Durability::kSynced));
  ledger::WriteBatch applied;
  ledger::PutRow(applied, ledger::kAppliedTable, std::uint8_t{0}, Sequence{wish.records});
  return store->Commit(applied, ledger::Durability::kView);
}

// How long `ask` takes, so many times.
template <class Ask>
absl::StatusOr<AuditReport::Times> Measure(std::size_t times, Ask ask) {
  std::vector<double> taken;
  for (std::size_t i = 0; i < times; ++i) {
    const absl::Time before = absl::Now();
    PUHUI_RETURN_IF_ERROR(ask());
    taken.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
  }
  std::sort(taken.begin(), taken.end());
  return AuditReport::Times{.middle = taken[taken.size() / 2],
                            .slow = taken[taken.size() * 99 / 100]};
}

// Pages of whoever is confined to the first `unions` of the small ones, from anywhere backwards.
absl::StatusOr<AuditReport::Times> AskInSubtree(const AuditWish& wish, std::uint32_t unions,
                                                audit::AuditIndex& index) {
  constexpr std::size_t kPage = 50;
  constexpr std::size_t kPagesMax = 200;
  Till till(wish);
  std::vector<UnionNumber> scope;
  for (std::uint32_t i = 0; i < unions; ++i) scope.push_back(UnionNumber{kFirstSmallUnion + i});
  return Measure(std::min(wish.queries, kPagesMax), [&]() -> absl::Status {
    PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, index.Read());
    return audit::FindRecords(moment, {.filter = {.scope = scope},
                                       .direction = audit::Direction::kBackward,
                                       .from = till.Below(wish.records) + 1,
                                       .records_max = kPage})
        .status();
  });
}

absl::Status AskAll(const AuditWish& wish, audit::AuditIndex& index, AuditReport* report) {
  constexpr std::size_t kPage = 50;
  constexpr std::size_t kTrialBalancesMax = 100;
  Till till(wish);
  PUHUI_ASSIGN_OR_RETURN(report->page, Measure(wish.queries, [&]() -> absl::Status {
                           PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, index.Read());
                           return audit::FindRecords(moment,
                                                     {.filter = {.members = {till.Member()}},
                                                      .direction = audit::Direction::kBackward,
                                                      .records_max = kPage})
                               .status();
                         }));
  PUHUI_ASSIGN_OR_RETURN(
      report->balance, Measure(wish.queries, [&]() -> absl::Status {
        PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, index.Read());
        const absl::Time then =
            kFirstDay + absl::Hours(static_cast<std::int64_t>(till.Below(kHoursOfYear)));
        PUHUI_ASSIGN_OR_RETURN(const Sequence after, audit::FirstSince(moment, then));
        return audit::HeldAsOf(moment,
                               {.kind = ledger::AccountKind::kWallet, .member = till.Member()},
                               after - 1)
            .status();
      }));
  PUHUI_ASSIGN_OR_RETURN(report->trial_balance,
                         Measure(std::min(wish.queries, kTrialBalancesMax), [&]() -> absl::Status {
                           PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, index.Read());
                           return audit::TotalsAsOf(moment, till.Below(wish.records) + 1).status();
                         }));
  PUHUI_ASSIGN_OR_RETURN(report->hundreds, AskInSubtree(wish, kSmallUnions / 10, index));
  PUHUI_ASSIGN_OR_RETURN(report->thousands, AskInSubtree(wish, kSmallUnions, index));
  return absl::OkStatus();
}

std::uint64_t BytesIn(const std::string& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

std::string JournalOf(const AuditWish& wish) { return wish.directory + "/store"; }
std::string IndexOf(const AuditWish& wish) { return wish.directory + "/audit-index"; }

// Lets the merging of files that a closing cut off come to its end, as it would in a server that
// goes on; else the larger ledger is asked as it lay in the midst of that.
absl::Status Settle(const std::string& path) {
  constexpr absl::Duration kWaitMax = absl::Minutes(5);
  PUHUI_ASSIGN_OR_RETURN(const auto store, ledger::RocksStore::Open({.path = path}));
  for (const absl::Time until = absl::Now() + kWaitMax; store->Compacting();) {
    if (absl::Now() > until) return absl::DeadlineExceededError("files are merged without an end");
    absl::SleepFor(absl::Milliseconds(20));
  }
  return store->Close();
}

using Opened = absl::StatusOr<std::unique_ptr<ledger::Store>>;

Opened OpenToWrite(const std::string& path) { return ledger::RocksStore::Open({.path = path}); }

Opened OpenToRead(const std::string& path) {
  return ledger::RocksStore::Open({.path = path, .read_only = true});
}

}  // namespace

absl::StatusOr<AuditBuild> BuildAudit(const AuditWish& wish) {
  const bool written = std::filesystem::exists(JournalOf(wish));
  std::filesystem::create_directories(wish.directory);
  std::filesystem::remove_all(IndexOf(wish));
  AuditBuild build{.records = wish.records};
  PUHUI_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::Store> store, OpenToWrite(JournalOf(wish)));
  if (!written) PUHUI_RETURN_IF_ERROR(WriteJournal(wish, store.get()));
  {
    audit::AuditIndex index(store.get(), {.directory = IndexOf(wish), .open = OpenToWrite});
    const absl::Time before = absl::Now();
    PUHUI_RETURN_IF_ERROR(index.Follow());
    build.records_per_second =
        static_cast<double>(wish.records) / absl::ToDoubleSeconds(absl::Now() - before);
    index.Stop();
  }
  PUHUI_RETURN_IF_ERROR(store->Close());
  PUHUI_RETURN_IF_ERROR(Settle(JournalOf(wish)));
  for (const auto& place : std::filesystem::directory_iterator(IndexOf(wish))) {
    PUHUI_RETURN_IF_ERROR(Settle(place.path()));
  }
  build.index_bytes = BytesIn(IndexOf(wish));
  return build;
}

absl::StatusOr<AuditReport> AskAudit(const AuditWish& wish) {
  // A past that is asked about lies in files, and those who only read compact nothing: after a
  // writing, what was written last is in the store's memory still, a larger part of a small ledger
  // than of a large one, and so is what compactions have just checked.
  PUHUI_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::Store> store, OpenToRead(JournalOf(wish)));
  AuditReport report{.records = wish.records};
  {
    audit::AuditIndex index(store.get(), {.directory = IndexOf(wish), .open = OpenToRead});
    PUHUI_RETURN_IF_ERROR(index.Follow());
    if (index.figures().rebuilds != 0) return absl::InternalError("the index was built again");
    PUHUI_RETURN_IF_ERROR(AskAll(wish, index, &report));
  }
  PUHUI_RETURN_IF_ERROR(store->Close());
  return report;
}

std::string AuditBuild::ToJson() const {
  return absl::StrFormat(R"({"records":%d,"index_records_per_second":%.0f,"index_bytes":%d})",
                         records, records_per_second, index_bytes);
}

std::string AuditReport::ToJson() const {
  return absl::StrFormat(
      R"({"records":%d,"page_ms":{"p50":%.3f,"p99":%.3f},"balance_ms":{"p50":%.3f,"p99":%.3f},)"
      R"("trial_balance_ms":{"p50":%.3f,"p99":%.3f},)"
      R"("subtree_300_ms":{"p50":%.3f,"p99":%.3f},"subtree_3000_ms":{"p50":%.3f,"p99":%.3f}})",
      records, page.middle, page.slow, balance.middle, balance.slow, trial_balance.middle,
      trial_balance.slow, hundreds.middle, hundreds.slow, thousands.middle, thousands.slow);
}

}  // namespace puhui::bench
