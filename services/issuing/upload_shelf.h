// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_UPLOAD_SHELF_H_
#define PUHUI_SERVICES_ISSUING_UPLOAD_SHELF_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <map>
#include <string>

namespace puhui::services {

// Files on their way into the server, in memory and nowhere else: they are full of personal data.
// What came of a file before its stream broke is kept for a while, so that the next stream goes on
// from there. Everything has a bound: under way and kept together are `bytes_max` at most.
// Threads: safe.
class UploadShelf {
 public:
  static constexpr absl::Duration kKeptFor = absl::Minutes(15);

  explicit UploadShelf(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  ~UploadShelf();
  UploadShelf(const UploadShelf&) = delete;
  UploadShelf& operator=(const UploadShelf&) = delete;

  // One file on its way. Keeps its room until it is gone. Threads: none. Borrows: the shelf.
  class Upload {
   public:
    Upload() = default;
    Upload(Upload&& other) noexcept;
    Upload& operator=(Upload&& other) noexcept;
    // Puts what has come on the shelf, unless it was taken.
    ~Upload();

    const std::string& bytes() const { return bytes_; }
    void Append(absl::string_view chunk, absl::Time now) {
      bytes_.append(chunk.data(), chunk.size());
      last_ = now;
    }
    // The file; nothing is put on the shelf any more.
    std::string TakeBytes();

   private:
    friend class UploadShelf;
    UploadShelf* shelf_ = nullptr;
    std::string key_;
    std::size_t size_ = 0;
    absl::Time last_;  // When something came.
    std::string bytes_;
  };

  // Room for a file of `size` bytes, with what an earlier stream of the same `key` has brought.
  // `key` says whose file it is and which. What is kept for others makes room, oldest first.
  // Refuses: OVERLOADED, when what is under way leaves none.
  absl::StatusOr<Upload> Begin(const std::string& key, std::size_t size, absl::Time now);

 private:
  struct Kept {
    std::string bytes;
    absl::Time time;
  };

  void End(Upload& upload);
  void Drop(std::map<std::string, Kept>::iterator kept) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t bytes_max_;
  Mutex mutex_;
  std::size_t under_way_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // As they will be.
  std::size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UPLOAD_SHELF_H_
