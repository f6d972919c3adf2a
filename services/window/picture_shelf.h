// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_PICTURE_SHELF_H_
#define PUHUI_SERVICES_WINDOW_PICTURE_SHELF_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/hash.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {

using PictureHashes = absl::flat_hash_set<ledger::Hash>;

// Pictures of offers, as files that are named after their merchant and the hash of their bytes. A
// name says what is in the file, so nothing is ever changed, and what was damaged is known as such.
// Threads: safe. Owns: everything in its directory.
class PictureShelf {
 public:
  struct Options {
    std::string directory;
    std::uint32_t per_merchant_max = 0;
  };
  // Makes the directory, and counts what is in it. Fails: kUnavailable.
  static absl::StatusOr<std::unique_ptr<PictureShelf>> Open(Options options);

  // Durable when it returns; one that is there already stays, if it is whole. When the merchant has
  // no room, those older than kUnusedPicturesKept go that are not in what `in_use` says, asked
  // once an hour at most.
  // Refuses: PICTURES_LIMIT. Fails: as WriteFileDurably, as `in_use`.
  absl::Status Keep(const MerchantId& merchant, const ledger::Hash& hash, absl::string_view bytes,
                    absl::Time now, absl::FunctionRef<absl::StatusOr<PictureHashes>()> in_use);

  // Refuses: NOT_FOUND. Fails: kDataLoss when the bytes are not what the hash says.
  absl::StatusOr<std::string> Read(const MerchantId& merchant, const ledger::Hash& hash) const;

 private:
  struct Count {
    std::uint32_t pictures = 0;
    absl::Time swept = absl::InfinitePast();
  };
  explicit PictureShelf(Options options) : options_(std::move(options)) {}
  std::string PathOf(const MerchantId& merchant, const ledger::Hash& hash) const;
  absl::Status CountFiles() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Sweep(const MerchantId& merchant, const PictureHashes& in_use, absl::Time now,
                     Count* count) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  Mutex mutex_;  // Held while one is kept, so that the count is right.
  absl::flat_hash_map<std::string, Count> counts_ ABSL_GUARDED_BY(mutex_);  // By merchant.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_PICTURE_SHELF_H_
