// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/upload_shelf.h"

#include "ledger/base/check.h"
#include "services/rpc/error.h"

#include <algorithm>
#include <utility>

namespace puhui::services {

UploadShelf::~UploadShelf() {
  MutexLock lock(&mutex_);
  PUHUI_CHECK(under_way_bytes_ == 0);
}

absl::StatusOr<UploadShelf::Upload> UploadShelf::Begin(const std::string& key, std::size_t size,
                                                       absl::Time now) {
  MutexLock lock(&mutex_);
  // Nothing that is kept goes for a file that finds no room even so.
  if (under_way_bytes_ + size > bytes_max_) return Overloaded();
  Upload upload;
  if (const auto own = kept_.find(key); own != kept_.end()) {
    kept_bytes_ -= own->second.bytes.size();
    if (own->second.time + kKeptFor > now) upload.bytes_ = std::move(own->second.bytes);
    kept_.erase(own);
  }
  while (!kept_.empty() && under_way_bytes_ + kept_bytes_ + size > bytes_max_) DropOldest();
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    const auto at = kept++;
    if (at->second.time + kKeptFor <= now) Drop(at);
  }
  under_way_bytes_ += size;
  upload.shelf_ = this;
  upload.key_ = key;
  upload.size_ = size;
  upload.last_ = now;
  upload.bytes_.reserve(size);
  return upload;
}

void UploadShelf::End(Upload& upload) {
  MutexLock lock(&mutex_);
  under_way_bytes_ -= upload.size_;
  if (upload.bytes_.empty()) return;
  // Two streams of one file at once: what is further stays.
  Kept& kept = kept_[upload.key_];
  if (kept.bytes.size() >= upload.bytes_.size()) return;
  kept_bytes_ += upload.bytes_.size() - kept.bytes.size();
  upload.bytes_.shrink_to_fit();
  kept = {.bytes = std::move(upload.bytes_), .time = upload.last_};
}

void UploadShelf::Drop(std::map<std::string, Kept>::iterator kept) {
  kept_bytes_ -= kept->second.bytes.size();
  kept_.erase(kept);
}

void UploadShelf::DropOldest() {
  Drop(std::min_element(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
    return one.second.time < other.second.time;
  }));
}

UploadShelf::Upload::Upload(Upload&& other) noexcept { *this = std::move(other); }

UploadShelf::Upload& UploadShelf::Upload::operator=(Upload&& other) noexcept {
  if (shelf_ != nullptr) shelf_->End(*this);
  shelf_ = std::exchange(other.shelf_, nullptr);
  key_ = std::move(other.key_);
  size_ = other.size_;
  last_ = other.last_;
  bytes_ = std::move(other.bytes_);
  return *this;
}

UploadShelf::Upload::~Upload() {
  if (shelf_ != nullptr) shelf_->End(*this);
}

std::string UploadShelf::Upload::TakeBytes() { return std::exchange(bytes_, std::string()); }

}  // namespace puhui::services
