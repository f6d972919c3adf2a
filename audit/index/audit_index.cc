// SPDX-License-Identifier: Apache-2.0
#include "audit/index/audit_index.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/account_queries.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

using SteadyClock = std::chrono::steady_clock;

absl::Status Behind() { return ledger::ToStatus({.reason = ledger::Reason::kAuditIndexBehind}); }

constexpr absl::string_view kIndexName = "index-";

// Every index has a place of its own: who still reads one that is dropped must not meet its
// successor.
std::string IndexPath(const std::string& directory, std::uint64_t number) {
  return absl::StrCat(directory, "/", kIndexName, number);
}

// The numbers of the indexes that are there.
std::vector<std::uint64_t> IndexesIn(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::uint64_t number = 0;
    if (absl::StartsWith(name, kIndexName) &&
        absl::SimpleAtoi(name.substr(kIndexName.size()), &number)) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

void RemoveOtherIndexes(const std::string& directory, std::uint64_t but) {
  std::error_code error;
  for (const std::uint64_t number : IndexesIn(directory)) {
    if (number != but) std::filesystem::remove_all(IndexPath(directory, number), error);
  }
}

bool IsThere(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

absl::optional<std::string> StoredIndexPath(const std::string& directory) {
  const std::vector<std::uint64_t> numbers = IndexesIn(directory);
  if (numbers.empty()) return absl::nullopt;
  return IndexPath(directory, *std::max_element(numbers.begin(), numbers.end()));
}

AuditIndex::AuditIndex(const ledger::Store* ledger, Options options)
    : ledger_(*ledger),
      options_(std::move(options)),
      follower_({.interval = options_.interval,
                 .follow = [this] { return Follow(); },
                 .failed =
                     [this](const absl::Status& status) {
                       options_.say(absl::StrCat("the index of auditors does not follow: ",
                                                 status.ToString()));
                     }}) {}

AuditIndex::~AuditIndex() { Stop(); }

void AuditIndex::Stop() {
  follower_.Stop();
  writer_ = nullptr;
  {
    MutexLock lock(&mutex_);
    readable_ = {};
    shown_.NotifyAll();
  }
  if (store_ == nullptr) return;
  // What is not written is read again at the next start.
  if (store_.use_count() == 1) {
    store_->Close().IgnoreError();
  } else {
    store_->FlushViews(/*wait=*/true).IgnoreError();
  }
  store_ = nullptr;
}

absl::StatusOr<IndexMoment> AuditIndex::Read(absl::Duration wait_max) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence wanted, ledger::AppliedSequence(ledger_));
  Shown shown;
  {
    MutexLock lock(&mutex_);
    if (!Knows(wanted)) PUHUI_RETURN_IF_ERROR(Await(wanted, wait_max));
    shown = readable_;
  }
  return MomentOf(std::move(shown));
}

absl::Status AuditIndex::Await(Sequence wanted, absl::Duration wait_max) {
  const bool crowded = figures_.waiting >= kWaitingMax;
  if (crowded) wait_max = std::min(wait_max, options_.crowded_wait_max);
  const SteadyClock::time_point until = SteadyClock::now() + absl::ToChronoMicroseconds(wait_max);
  if (!crowded) ++figures_.waiting;
  while (!Knows(wanted) && !follower_.Stopping()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(until - SteadyClock::now());
    if (left.count() <= 0) break;
    follower_.Wake();
    shown_.WaitFor(&mutex_, left);
  }
  if (!crowded) --figures_.waiting;
  return Knows(wanted) ? absl::OkStatus() : Behind();
}

absl::StatusOr<IndexMoment> AuditIndex::Latest() {
  PUHUI_ASSIGN_OR_RETURN(const Sequence applied, ledger::AppliedSequence(ledger_));
  Shown shown;
  {
    MutexLock lock(&mutex_);
    if (readable_.store == nullptr || figures_.sequence < applied) follower_.Wake();
    if (readable_.store == nullptr) return Behind();
    shown = readable_;
  }
  return MomentOf(std::move(shown));
}

absl::StatusOr<IndexMoment> AuditIndex::MomentOf(Shown shown) const {
  IndexMoment moment{
      .store = std::move(shown.store), .segments = std::move(shown.segments), .times = times_};
  moment.index = moment.store->TakeSnapshot();
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ReadMark(*moment.index));
  moment.last = mark.sequence;
  moment.journal = ledger_.TakeSnapshot();
  return moment;
}

AuditIndex::Figures AuditIndex::figures() const {
  MutexLock lock(&mutex_);
  return figures_;
}

void AuditIndex::Reject(const IndexMoment& moment) {
  {
    MutexLock lock(&mutex_);
    rejected_ = moment.store;
  }
  follower_.Wake();
}

absl::Status AuditIndex::Explain(absl::Status failure, const Figures& before) {
  if (!absl::IsDataLoss(failure)) return failure;
  {
    MutexLock lock(&mutex_);
    // Of another index than `before`, that one was dropped while it was read.
    const bool damaged = readable_.store == nullptr || figures_.rebuilds != before.rebuilds ||
                         !readable_.store->ViewDamage().ok();
    if (!damaged) return failure;
  }
  follower_.Wake();  // Which looks whether there is damage.
  return Behind();
}

bool AuditIndex::Rejected() {
  MutexLock lock(&mutex_);
  const std::shared_ptr<const ledger::Store> rejected = rejected_.lock();
  rejected_.reset();
  return rejected != nullptr && rejected == store_;
}

absl::Status AuditIndex::Follow() {
  const std::unique_ptr<ledger::Readable> journal = ledger_.TakeSnapshot();
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*journal));
  if (writer_ != nullptr && !Usable()) Drop("damaged or gone");
  if (writer_ != nullptr && Rejected()) Drop("it does not say what the journal says");
  if (writer_ == nullptr) PUHUI_RETURN_IF_ERROR(Open(*journal));
  Show();
  while (writer_->mark().sequence < last) {
    const absl::Status status = writer_->Step(*journal, last, options_.step_records_max);
    if (!status.ok()) {
      if (writer_->broken()) Drop(status.ToString());
      return status;
    }
    Show();
    if (follower_.Stopping()) return absl::CancelledError();
  }
  if (std::exchange(building_, false) && last != 0) {
    options_.say(absl::StrCat("the index of auditors was built, up to record ", last));
  }
  return absl::OkStatus();
}

absl::Status AuditIndex::Open(const ledger::Readable& journal) {
  for (const std::uint64_t number : IndexesIn(options_.directory)) {
    number_ = std::max(number_, number);
  }
  segments_ = std::make_shared<SegmentStarts>();
  const bool tried = number_ != 0 && IsThere(IndexPath(options_.directory, number_));
  if (tried) {
    absl::StatusOr<std::unique_ptr<ledger::Store>> there =
        options_.open(IndexPath(options_.directory, number_));
    const absl::StatusOr<bool> continues = there.ok() ? Continues(**there, journal, segments_.get())
                                                      : absl::StatusOr<bool>(there.status());
    if (continues.ok() && *continues) {
      store_ = *std::move(there);
    } else {
      options_.say(absl::StrCat("the index of auditors is not one of this ledger, or damaged: ",
                                continues.status().message()));
    }
  }
  if (store_ == nullptr) {
    segments_ = std::make_shared<SegmentStarts>();
    rebuilds_ += tried ? 1 : 0;
    std::error_code error;
    std::filesystem::create_directories(options_.directory, error);
    if (error)
      return absl::UnavailableError(absl::StrCat(options_.directory, ": ", error.message()));
    PUHUI_ASSIGN_OR_RETURN(store_, options_.open(IndexPath(options_.directory, ++number_)));
  }
  on_disk_ = IsThere(IndexPath(options_.directory, number_));
  RemoveOtherIndexes(options_.directory, number_);
  absl::StatusOr<std::unique_ptr<IndexWriter>> writer =
      IndexWriter::Open(store_.get(), journal, segments_.get());
  if (!writer.ok()) {
    store_ = nullptr;
    return writer.status();
  }
  writer_ = *std::move(writer);
  // Even one that lay there: the store drops what is so damaged that it does not open.
  building_ = writer_->mark().sequence == 0;
  return absl::OkStatus();
}

absl::StatusOr<bool> AuditIndex::Continues(const ledger::Store& index,
                                           const ledger::Readable& journal,
                                           SegmentStarts* segments) const {
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ReadMark(index));
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(journal));
  if (mark.sequence > last) return false;
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark same, ledger::MarkOf(journal, mark.sequence));
  if (!(mark == same)) return false;
  PUHUI_RETURN_IF_ERROR(segments->Load(index, mark.sequence));
  // All that the writer reads of it: what it cannot read it would meet at each try.
  PUHUI_RETURN_IF_ERROR(ReadTotals(index, mark.sequence).status());
  return true;
}

bool AuditIndex::Usable() const {
  return store_->ViewDamage().ok() &&
         (!on_disk_ || IsThere(IndexPath(options_.directory, number_)));
}

void AuditIndex::Drop(absl::string_view why) {
  options_.say(absl::StrCat("the index of auditors is built anew: ", why));
  writer_ = nullptr;
  store_ = nullptr;
  std::error_code error;
  std::filesystem::remove_all(IndexPath(options_.directory, number_), error);
  ++number_;  // Never again what lies there, even if it could not be removed.
  ++rebuilds_;
  MutexLock lock(&mutex_);
  readable_ = {};
  figures_.sequence = 0;
  figures_.rebuilds = rebuilds_;
}

void AuditIndex::Show() {
  MutexLock lock(&mutex_);
  readable_ = {.store = store_, .segments = segments_};
  figures_.sequence = writer_->mark().sequence;
  figures_.rebuilds = rebuilds_;
  shown_.NotifyAll();
}

}  // namespace puhui::audit
