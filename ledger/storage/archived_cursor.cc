// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/archived_cursor.h"

#include "ledger/base/check.h"

#include <utility>

namespace puhui::ledger {

ArchivedCursor::ArchivedCursor(std::unique_ptr<Cursor> hot, const ColdRows* rows)
    : hot_(std::move(hot)), rows_(rows) {}

Cursor& ArchivedCursor::Cold() {
  if (cold_ == nullptr) cold_ = rows_->NewCursor();
  return *cold_;
}

void ArchivedCursor::Start(Way way) {
  way_ = way;
  cold_placed_ = false;
  missing_ = absl::OkStatus();
}

void ArchivedCursor::Turn(Way way, absl::string_view key) {
  if (way_ == way) return;
  Start(way);
  if (at_ == At::kHot) return;
  if (way == Way::kForward) {
    hot_->Seek(key);
  } else {
    hot_->SeekBackward(key);
  }
}

void ArchivedCursor::Seek(absl::string_view key) {
  Start(Way::kForward);
  hot_->Seek(key);
  ChooseForward(key, /*passed=*/false);
  if (Failed() && HotCovers(key)) {
    ForgiveCold();
    at_ = hot_->Valid() ? At::kHot : At::kNowhere;
    return;
  }
  if (at_ != At::kHot || hot_->key() == key) return;
  absl::Status below = CheckBelow(key);
  if (!below.ok()) Miss(std::move(below));
}

void ArchivedCursor::SeekBackward(absl::string_view key) {
  Start(Way::kBackward);
  hot_->SeekBackward(key);
  if (!hot_->Valid() && hot_->status().ok()) {
    absl::Status missing = CheckAt(key);
    if (!missing.ok()) return Miss(std::move(missing));
  }
  ChooseBackward(key, /*passed=*/false);
}

void ArchivedCursor::SeekToLast() {
  Start(Way::kBackward);
  hot_->SeekToLast();
  at_ = hot_->Valid() ? At::kHot : At::kNowhere;
  const std::string bound = rows_->Bound();
  if (bound.empty() || Failed() || (hot_->Valid() && hot_->key() >= bound)) return;
  Cold().SeekToLast();
  cold_placed_ = true;
  if (cold_->Valid() && (!hot_->Valid() || cold_->key() > hot_->key())) at_ = At::kCold;
}

void ArchivedCursor::Next() {
  PUHUI_CHECK(Valid());
  const std::string key(this->key());
  Turn(Way::kForward, key);
  const bool was_cold = at_ == At::kCold;
  if (HotIsAt(key)) hot_->Next();
  if (ColdIsAt(key)) cold_->Next();
  ChooseForward(key, /*passed=*/true);
  if (!was_cold && Failed()) {
    ForgiveCold();
    at_ = hot_->Valid() ? At::kHot : At::kNowhere;
  }
  if (!was_cold || at_ != At::kHot) return;
  absl::Status reached = rows_->CheckReaches(hot_->key());
  if (!reached.ok()) Miss(std::move(reached));
}

void ArchivedCursor::Prev() {
  PUHUI_CHECK(Valid());
  const std::string key(this->key());
  Turn(Way::kBackward, key);
  const bool was_hot = at_ == At::kHot;
  if (HotIsAt(key)) hot_->Prev();
  if (ColdIsAt(key)) cold_->Prev();
  if (was_hot && !hot_->Valid() && hot_->status().ok()) {
    if (rows_->IsFirst(key)) return Miss(absl::OkStatus());
    absl::Status reached = rows_->CheckReaches(key);
    if (!reached.ok()) return Miss(std::move(reached));
  }
  ChooseBackward(key, /*passed=*/true);
}

void ArchivedCursor::ChooseForward(absl::string_view key, bool passed) {
  at_ = At::kNowhere;
  if (!cold_placed_ && !HotIsAt(key)) {
    const std::string bound = rows_->Bound();
    if (!bound.empty() && bound >= key) {
      Cold().Seek(key);
      cold_placed_ = true;
      if (passed && ColdIsAt(key)) cold_->Next();
    }
  }
  if (Failed()) return;
  const bool cold = cold_placed_ && cold_->Valid();
  if (hot_->Valid() && (!cold || hot_->key() <= cold_->key())) {
    at_ = At::kHot;
  } else if (cold) {
    at_ = At::kCold;
  }
}

void ArchivedCursor::ChooseBackward(absl::string_view key, bool passed) {
  at_ = At::kNowhere;
  if (!cold_placed_) {
    const std::string bound = rows_->Bound();
    if (!bound.empty() && (!hot_->Valid() || hot_->key() < bound)) {
      Cold().SeekBackward(key);
      cold_placed_ = true;
      if (passed && ColdIsAt(key)) cold_->Prev();
    }
  }
  if (hot_->Valid()) ForgiveCold();
  if (Failed()) return;
  const bool cold = cold_placed_ && cold_->Valid();
  if (hot_->Valid() && (!cold || hot_->key() >= cold_->key())) {
    at_ = At::kHot;
  } else if (cold) {
    at_ = At::kCold;
  }
}

void ArchivedCursor::ForgiveCold() {
  if (cold_placed_ && !cold_->Valid() && !cold_->status().ok()) cold_placed_ = false;
}

bool ArchivedCursor::HotCovers(absl::string_view key) {
  hot_->SeekBackward(key);
  const bool covers = hot_->Valid();
  hot_->Seek(key);
  return covers;
}

void ArchivedCursor::Miss(absl::Status why) {
  at_ = At::kNowhere;
  missing_ = std::move(why);
}

absl::Status ArchivedCursor::CheckBelow(absl::string_view key) {
  absl::Status reached = rows_->CheckReaches(hot_->key());
  if (reached.ok()) return reached;
  hot_->Prev();
  const bool is_first = !hot_->Valid() && hot_->status().ok();
  hot_->Seek(key);
  return is_first ? reached : absl::OkStatus();
}

absl::Status ArchivedCursor::CheckAt(absl::string_view key) {
  if (key <= rows_->Bound()) return absl::OkStatus();
  hot_->Seek(key);
  absl::Status reached = hot_->Valid() ? rows_->CheckReaches(hot_->key()) : absl::OkStatus();
  hot_->SeekBackward(key);
  return reached;
}

absl::Status ArchivedCursor::status() const {
  if (!missing_.ok()) return missing_;
  if (!hot_->Valid()) {
    absl::Status hot = hot_->status();
    if (!hot.ok()) return hot;
  }
  if (!cold_placed_ || cold_->Valid()) return absl::OkStatus();
  return cold_->status();
}

}  // namespace puhui::ledger
