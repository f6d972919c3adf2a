// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_SEARCH_OFFER_INDEX_H_
#define PUHUI_MERCHANT_SEARCH_OFFER_INDEX_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/engine/follower.h"
#include "ledger/storage/store.h"
#include "merchant/search/index_records.h"
#include "merchant/search/offer_facts.h"
#include "merchant/search/offer_words.h"
#include "merchant/search/ranking.h"
#include "merchant/search/synonyms.h"
#include "merchant/search/text_index.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace puhui::merchant {

// Offers as they are searched: their words on disk, the rest in memory. It is a view like any
// other, but one that the writer knows nothing of: a thread of its own follows the journal, reading
// what is durable, and nothing that sells waits for it. One that is lost, damaged, of another
// version or of another ledger is built anew from the rows of offers.
// Threads: safe. Owns: everything in its directory. Borrows: the store.
class OfferIndex {
 public:
  struct Options {
    std::string directory;
    // What changes meanwhile is written at once: a commit takes longer than a change.
    absl::Duration interval = absl::Seconds(1);
    Synonyms synonyms{};
    std::function<void(absl::string_view)> say = [](absl::string_view) {};  // What became of it.
  };
  OfferIndex(const ledger::Store* store, Options options);
  ~OfferIndex();

  void Start() { follower_.Start(); }
  // Leaves the index durable. Idempotent.
  void Stop();

  // Refuses: SEARCH_REBUILDING, while there is no index to ask. What has no words to look for is
  // found without one.
  absl::StatusOr<SearchResults> Search(const SearchWish& wish, AudienceJudge admits) const;

  struct Progress {
    Sequence sequence = 0;     // The last record that searches know of.
    bool searchable = false;   // Whether words are found.
    std::uint64_t builds = 0;  // Since it is there; none when the index on disk was good.
  };
  Progress progress() const;

  // Follows the journal to its end now, building the index if it has to. What Start's thread does,
  // for who has none. Fails: as the store and the index; the next call goes on.
  absl::Status Follow();

 private:
  struct Searched {
    std::shared_ptr<const TextIndex> text{};  // Null while it is built for the first time.
    std::shared_ptr<const ShownOffers> shown{};
  };

  Searched searched() const;
  void Show();

  absl::Status Load(const ledger::Readable& store, Sequence last);
  absl::Status LoadMerchants(const ledger::Readable& store);
  absl::Status OpenText(const ledger::Readable& store, Sequence last);
  absl::Status BuildText(const ledger::Readable& store, Sequence last);
  absl::Status PutAll(const ledger::Readable& store, TextIndex& text);
  absl::Status FollowTo(const ledger::Readable& store, Sequence last);
  absl::Status Fold(const ledger::Readable& store, const ChangedOffers& changed);
  absl::Status FoldOffer(const ledger::Readable& store, OfferNumber offer);
  void SetFacts(OfferNumber offer, const OfferRow& row, std::uint64_t words_digest);
  absl::Status CommitText(const ledger::Readable& store, Sequence last);
  absl::StatusOr<const MerchantWords*> WordsOfMerchant(const ledger::Readable& store,
                                                       MerchantNumber merchant);

  const ledger::Store& store_;
  const Options options_;

  // The follower's own.
  std::shared_ptr<TextIndex> text_;
  std::uint64_t number_ = 0;  // Of the last index: it names its place.
  FactsTable facts_;
  SharedTargets targets_;
  // What was shown until now. By the time that it is replaced hardly a search looks at it any more,
  // so its memory is freed by this thread, and not by one that somebody waits for.
  std::shared_ptr<const ShownOffers> before_;
  std::shared_ptr<const MerchantTable> merchants_;
  absl::flat_hash_map<MerchantNumber, MerchantWords> merchant_words_;
  Sequence folded_ = 0;  // Of facts, and of words put.
  bool loaded_ = false;

  mutable Mutex mutex_;
  Searched searched_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t builds_ ABSL_GUARDED_BY(mutex_) = 0;
  ledger::Follower follower_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_OFFER_INDEX_H_
