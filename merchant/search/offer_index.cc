// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/offer_index.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/account_queries.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "merchant/app/store_location_rows.h"
#include "merchant/search/text_query.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

// Records that change nothing here and are read again after a restart, at most: without a bound the
// index would be behind by everything that was sold since an offer changed.
constexpr Sequence kRecordsUncommittedMax = 100'000;
// Offers put into a new index between two looks at whether it is still wanted.
constexpr std::size_t kBuiltAtATime = 1'000;

absl::Status Rebuilding() {
  return ledger::ToStatus({.reason = ledger::Reason::kSearchRebuilding});
}

constexpr absl::string_view kIndexName = "index-";

// Every index has a place of its own: one that is given up may still write what it has left, and
// must not do so where its successor lies.
std::string IndexPath(const std::string& directory, std::uint64_t number) {
  return absl::StrCat(directory, "/", kIndexName, number);
}
std::string BuildingPath(const std::string& directory) {
  return absl::StrCat(directory, "/building");
}

// The highest number of an index that is there; 0 when there is none.
std::uint64_t LastIndex(const std::string& directory) {
  std::uint64_t last = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::uint64_t number = 0;
    if (absl::StartsWith(name, kIndexName) &&
        absl::SimpleAtoi(name.substr(kIndexName.size()), &number)) {
      last = std::max(last, number);
    }
  }
  return last;
}

// Of earlier builds.
void RemoveOtherIndexes(const std::string& directory, std::uint64_t but) {
  std::error_code error;
  std::vector<std::filesystem::path> others;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (absl::StartsWith(name, kIndexName) && name != absl::StrCat(kIndexName, but)) {
      others.push_back(entry->path());
    }
  }
  for (const auto& other : others) std::filesystem::remove_all(other, error);
}

MerchantFacts& FactsOfMerchant(MerchantNumber number, MerchantTable* merchants) {
  const auto at = static_cast<std::size_t>(number);
  if (merchants->size() <= at) merchants->resize(at + 1);
  return (*merchants)[at];
}

}  // namespace

OfferIndex::OfferIndex(const ledger::Store* store, Options options)
    : store_(*store),
      options_(std::move(options)),
      follower_({.interval = options_.interval,
                 .follow = [this] { return Follow(); },
                 .failed =
                     [this](const absl::Status& status) {
                       options_.say(
                           absl::StrCat("the search index does not follow: ", status.ToString()));
                     }}) {}

OfferIndex::~OfferIndex() { Stop(); }

void OfferIndex::Stop() {
  follower_.Stop();
  if (text_ == nullptr) return;
  if (text_->mark().sequence == folded_ || text_->damaged() || !text_->InPlace()) return;
  // What is not committed is read again at the next start.
  CommitText(*store_.TakeSnapshot(), folded_).IgnoreError();
}

OfferIndex::Searched OfferIndex::searched() const {
  MutexLock lock(&mutex_);
  return searched_;
}

OfferIndex::Progress OfferIndex::progress() const {
  MutexLock lock(&mutex_);
  return {.sequence = searched_.shown == nullptr ? 0 : searched_.shown->sequence,
          .searchable = searched_.text != nullptr,
          .builds = builds_};
}

// Facts may be ahead of the words that are committed: what is not found yet is found soon.
// Searches take the lock, and this thread has to give way to all others: nothing is freed under it.
void OfferIndex::Show() {
  Searched shown{.shown = std::make_shared<const ShownOffers>(ShownOffers{
                     .offers = facts_.Share(), .merchants = merchants_, .sequence = folded_})};
  {
    MutexLock lock(&mutex_);
    shown.text = text_ != nullptr ? text_ : searched_.text;
    std::swap(searched_, shown);
  }
  before_ = std::move(shown.shown);
}

absl::StatusOr<SearchResults> OfferIndex::Search(const SearchWish& wish,
                                                 AudienceJudge admits) const {
  const Searched searched = this->searched();
  if (searched.shown == nullptr) return Rebuilding();
  Ranking ranking(*searched.shown, wish, admits);
  if (wish.text.empty()) {
    ranking.ConsiderAll();
    return ranking.Finish();
  }
  if (searched.text == nullptr) return Rebuilding();
  const absl::Status found = searched.text->Find(
      ReadQuery(wish.text, options_.synonyms),
      [&ranking](const TextHit& hit) { ranking.Consider(hit.offer, hit.weight); });
  if (!found.ok()) return Rebuilding();
  return ranking.Finish();
}

absl::Status OfferIndex::Follow() {
  const std::unique_ptr<ledger::Readable> store = store_.TakeSnapshot();
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
  if (!loaded_) {
    PUHUI_RETURN_IF_ERROR(Load(*store, last));
    loaded_ = true;
    Show();
    PUHUI_RETURN_IF_ERROR(OpenText(*store, last));
  }
  if (text_ != nullptr && (text_->damaged() || !text_->InPlace())) {
    options_.say("the search index is damaged or gone, building it anew");
    text_ = nullptr;  // Whoever searches goes on with it, as long as it can be read.
  }
  if (text_ == nullptr) {
    PUHUI_RETURN_IF_ERROR(FollowTo(*store, last));
    PUHUI_RETURN_IF_ERROR(BuildText(*store, last));
  }
  return FollowTo(*store, last);
}

absl::Status OfferIndex::LoadMerchants(const ledger::Readable& store) {
  auto merchants = std::make_shared<MerchantTable>();
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      store, kMerchantTable, {.fill_cache = false},
      [&](MerchantNumber number, const MerchantRow& row) -> absl::StatusOr<bool> {
        FactsOfMerchant(number, merchants.get()).active = row.state == MerchantState::kActive;
        return true;
      }));
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      store, kStoreLocationTable, {.fill_cache = false},
      [&](MerchantNumber number, const StoreLocationsRow& row) -> absl::StatusOr<bool> {
        for (const StoreLocation& place : row.stores) {
          FactsOfMerchant(number, merchants.get()).stores.push_back(place.point);
        }
        return true;
      }));
  merchants_ = std::move(merchants);
  merchant_words_.clear();
  return absl::OkStatus();
}

absl::StatusOr<const MerchantWords*> OfferIndex::WordsOfMerchant(const ledger::Readable& store,
                                                                 MerchantNumber merchant) {
  const auto known = merchant_words_.find(merchant);
  if (known != merchant_words_.end()) return &known->second;
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kMerchantTable, merchant));
  if (!row.has_value()) return absl::DataLossError("the merchant of an offer is missing");
  MerchantWords& words = merchant_words_[merchant];
  words = {.display_name = row->display_name, .initials = PinyinInitials(row->display_name)};
  return &words;
}

absl::Status OfferIndex::Load(const ledger::Readable& store, Sequence last) {
  PUHUI_RETURN_IF_ERROR(LoadMerchants(store));
  facts_ = FactsTable();
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      store, kOfferTable, {.fill_cache = false},
      [&](OfferNumber number, const OfferRow& row) -> absl::StatusOr<bool> {
        if (row.state != OfferState::kPublished) return true;
        PUHUI_ASSIGN_OR_RETURN(const MerchantWords* merchant, WordsOfMerchant(store, row.merchant));
        SetFacts(number, row, WordsDigest(row.content, *merchant));
        return true;
      }));
  folded_ = last;
  return absl::OkStatus();
}

// Takes the index that is there, and tells it what has changed since.
absl::Status OfferIndex::OpenText(const ledger::Readable& store, Sequence last) {
  number_ = std::max(number_, LastIndex(options_.directory));
  absl::StatusOr<std::unique_ptr<TextIndex>> text =
      TextIndex::Open(IndexPath(options_.directory, number_));
  if (!text.ok()) return absl::OkStatus();  // It is built.
  const Sequence known = (*text)->mark().sequence;
  if (known > last) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ledger::MarkOf(store, known));
  if ((*text)->mark() != mark) return absl::OkStatus();
  for (Sequence next = known + 1; next <= last;) {
    PUHUI_ASSIGN_OR_RETURN(const ChangedOffers changed,
                           ReadChangedOffers(store, next, last, kIndexBatchOffers));
    for (const OfferNumber offer : changed.offers) {
      PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kOfferTable, offer));
      if (!row.has_value() || row->state != OfferState::kPublished) {
        PUHUI_RETURN_IF_ERROR((*text)->Remove(offer));
        continue;
      }
      PUHUI_ASSIGN_OR_RETURN(const MerchantWords* merchant, WordsOfMerchant(store, row->merchant));
      PUHUI_RETURN_IF_ERROR((*text)->Put(offer, WordsOf(row->content, *merchant)));
    }
    next = changed.last + 1;
    PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark reached, ledger::MarkOf(store, changed.last));
    PUHUI_RETURN_IF_ERROR((*text)->Commit(reached));
  }
  text_ = *std::move(text);
  Show();
  return absl::OkStatus();
}

// Beside the old one, which answers meanwhile if it still can.
absl::Status OfferIndex::BuildText(const ledger::Readable& store, Sequence last) {
  const std::string building = BuildingPath(options_.directory);
  const std::string place = IndexPath(options_.directory, ++number_);
  PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<TextIndex> text, TextIndex::Create(building));
  PUHUI_RETURN_IF_ERROR(PutAll(store, *text));
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ledger::MarkOf(store, last));
  PUHUI_RETURN_IF_ERROR(text->Commit(mark));
  text = nullptr;
  std::error_code error;
  std::filesystem::remove_all(place, error);
  std::filesystem::rename(building, place, error);
  if (error) return absl::UnavailableError(absl::StrCat(place, ": ", error.message()));
  PUHUI_ASSIGN_OR_RETURN(text_, TextIndex::Open(place));
  Show();
  {
    MutexLock lock(&mutex_);
    ++builds_;
  }
  RemoveOtherIndexes(options_.directory, number_);
  options_.say(absl::StrCat("the search index was built, up to record ", last));
  return absl::OkStatus();
}

absl::Status OfferIndex::PutAll(const ledger::Readable& store, TextIndex& text) {
  std::size_t put = 0;
  return ledger::Scan(store, kOfferTable, {.fill_cache = false},
                      [&](OfferNumber number, const OfferRow& row) -> absl::StatusOr<bool> {
                        if (row.state != OfferState::kPublished) return true;
                        if (++put % kBuiltAtATime == 0 && follower_.Stopping()) {
                          return absl::CancelledError();
                        }
                        PUHUI_ASSIGN_OR_RETURN(const MerchantWords* merchant,
                                               WordsOfMerchant(store, row.merchant));
                        PUHUI_RETURN_IF_ERROR(text.Put(number, WordsOf(row.content, *merchant)));
                        return true;
                      });
}

absl::Status OfferIndex::FollowTo(const ledger::Readable& store, Sequence last) {
  while (folded_ < last) {
    PUHUI_ASSIGN_OR_RETURN(const ChangedOffers changed,
                           ReadChangedOffers(store, folded_ + 1, last, kIndexBatchOffers));
    if (absl::Status status = Fold(store, changed); !status.ok()) {
      loaded_ = false;  // Some of it was folded: everything is read again.
      text_ = nullptr;
      return status;
    }
    folded_ = changed.last;
    const bool due =
        text_ != nullptr &&
        (!changed.offers.empty() || folded_ - text_->mark().sequence >= kRecordsUncommittedMax);
    if (due) PUHUI_RETURN_IF_ERROR(CommitText(store, folded_));
    Show();
    if (follower_.Stopping()) return absl::CancelledError();
  }
  return absl::OkStatus();
}

absl::Status OfferIndex::Fold(const ledger::Readable& store, const ChangedOffers& changed) {
  if (changed.merchants) PUHUI_RETURN_IF_ERROR(LoadMerchants(store));
  for (const OfferNumber offer : changed.offers) PUHUI_RETURN_IF_ERROR(FoldOffer(store, offer));
  return absl::OkStatus();
}

// The row says what the offer is by now, which may be later than the record; the record that made
// it so comes to the same.
absl::Status OfferIndex::FoldOffer(const ledger::Readable& store, OfferNumber offer) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kOfferTable, offer));
  if (!row.has_value()) return absl::DataLossError("an offer is missing");
  const OfferFacts* const before = facts_.Find(offer);
  const bool was_there = before != nullptr && before->published;
  if (row->state != OfferState::kPublished) {
    facts_.Set(offer, OfferFacts{});
    return was_there && text_ != nullptr ? text_->Remove(offer) : absl::OkStatus();
  }
  PUHUI_ASSIGN_OR_RETURN(const MerchantWords* merchant, WordsOfMerchant(store, row->merchant));
  const std::uint64_t digest = WordsDigest(row->content, *merchant);
  const bool same = was_there && before->words_digest == digest;
  SetFacts(offer, *row, digest);
  if (same || text_ == nullptr) return absl::OkStatus();
  return text_->Put(offer, WordsOf(row->content, *merchant));
}

void OfferIndex::SetFacts(OfferNumber offer, const OfferRow& row, std::uint64_t words_digest) {
  OfferFacts facts = FactsOf(row);
  facts.targets = targets_.Share(std::move(facts.targets));
  facts.words_digest = words_digest;
  facts_.Set(offer, std::move(facts));
}

absl::Status OfferIndex::CommitText(const ledger::Readable& store, Sequence last) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::JournalMark mark, ledger::MarkOf(store, last));
  absl::Status status = text_->Commit(mark);
  if (!status.ok()) text_ = nullptr;  // It is built anew.
  return status;
}

}  // namespace puhui::merchant
