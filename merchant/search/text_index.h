// SPDX-License-Identifier: Apache-2.0
// The words of offers on disk, in an index of Xapian, which nothing else here sees.
#ifndef PUHUI_MERCHANT_SEARCH_TEXT_INDEX_H_
#define PUHUI_MERCHANT_SEARCH_TEXT_INDEX_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/journal_mark.h"
#include "merchant/core/offer.h"
#include "merchant/search/search_words.h"
#include "merchant/search/text_query.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::merchant {

struct TextHit {
  OfferNumber offer{};
  double weight = 0;  // By BM25, 0 and up.
};

// Threads: one that writes, and any that ask. Owns: the directory that it lies in.
class TextIndex {
 public:
  // An empty one, in a directory that it makes anew. Fails: kUnavailable.
  static absl::StatusOr<std::unique_ptr<TextIndex>> Create(const std::string& directory);
  // The one that is there. Fails: kNotFound when there is none, or one of another version, or one
  // that is perhaps not whole, because the machine stopped while it was written; kUnavailable when
  // it cannot be read.
  static absl::StatusOr<std::unique_ptr<TextIndex>> Open(const std::string& directory);
  // Syncs what was committed.
  ~TextIndex();

  // As of the last Commit.
  const ledger::JournalMark& mark() const { return mark_; }
  // What is put and removed is found from the next Commit on. Fails: kUnavailable; the index is of
  // no use then, and so for the next.
  absl::Status Put(OfferNumber offer, const WeighedTerms& terms);
  absl::Status Remove(OfferNumber offer);
  // When it returns, a crash of the process loses none of it; one of the machine may lose the whole
  // index, and Open says so (index_note.h).
  absl::Status Commit(const ledger::JournalMark& mark);
  // Whether it is still where it was made: somebody may have deleted it, or put another in its
  // place. One that is not goes on answering as it can.
  bool InPlace() const;

  // Calls `visit` with everything that holds all of the words, in no order. Without words: nothing.
  // Fails: kUnavailable when the index cannot be read; nothing was visited then.
  absl::Status Find(const TextQuery& query, absl::FunctionRef<void(const TextHit&)> visit) const;
  // A Find has failed: what is on the disk is damaged, or gone.
  bool damaged() const { return damaged_.load(std::memory_order_acquire); }

 private:
  struct Writer;  // What Xapian has; it stays inside of text_index.cc.
  struct Reader;
  TextIndex(std::string directory, std::unique_ptr<Writer> writer);
  absl::StatusOr<std::unique_ptr<Reader>> TakeReader() const;
  void GiveBack(std::unique_ptr<Reader> reader) const;
  absl::Status Try(const TextQuery& query, absl::FunctionRef<void(const TextHit&)> visit) const;

  const std::string directory_;
  const std::unique_ptr<Writer> writer_;
  ledger::JournalMark mark_;
  std::uint64_t inode_ = 0;
  std::atomic<std::uint64_t> revision_{0};  // One more with each Commit.
  mutable std::atomic<bool> damaged_{false};
  mutable Mutex writing_;  // Held while anything is written.
  mutable Mutex mutex_;
  mutable std::vector<std::unique_ptr<Reader>> readers_ ABSL_GUARDED_BY(mutex_);  // Nobody's now.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_TEXT_INDEX_H_
