// SPDX-License-Identifier: Apache-2.0
// Included by archived_store.cc only.
#ifndef PUHUI_LEDGER_STORAGE_ARCHIVED_CURSOR_H_
#define PUHUI_LEDGER_STORAGE_ARCHIVED_CURSOR_H_

#include "ledger/storage/archived_store.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::ledger {

// Two sources of rows as one, walked either way; where both have a key, the hot row counts. The
// cold ones are not looked at before a row of theirs can be the next. Owns: the hot cursor, which
// must be older than any the cold rows give, so that a row that went over is in one of the two.
class ArchivedCursor final : public Cursor {
 public:
  ArchivedCursor(std::unique_ptr<Cursor> hot, const ColdRows* rows);

  void Seek(absl::string_view key) override;
  void SeekBackward(absl::string_view key) override;
  void SeekToLast() override;
  void Next() override;
  void Prev() override;
  bool Valid() const override { return at_ != At::kNowhere; }
  absl::string_view key() const override { return Current().key(); }
  absl::string_view value() const override { return Current().value(); }
  absl::Status status() const override;

 private:
  enum class At : std::uint8_t { kNowhere, kHot, kCold };
  enum class Way : std::uint8_t { kForward, kBackward };

  const Cursor& Current() const { return at_ == At::kHot ? *hot_ : *cold_; }
  Cursor& Cold();
  bool HotIsAt(absl::string_view key) const { return hot_->Valid() && hot_->key() == key; }
  bool ColdIsAt(absl::string_view key) const {
    return cold_placed_ && cold_->Valid() && cold_->key() == key;
  }
  void Start(Way way);
  // Turns both sources to `way`, at the current key.
  void Turn(Way way, absl::string_view key);
  // Onto the first row from `key` on, or the last up to it, of where the two sources stand; the
  // cold one is brought there when it is needed. `passed`: not the row at `key` itself.
  void ChooseForward(absl::string_view key, bool passed);
  void ChooseBackward(absl::string_view key, bool passed);
  bool Failed() const { return !status().ok(); }
  // From its first key on the store has every row, so that what cannot be read of the others there
  // is no failure.
  void ForgiveCold();
  bool HotCovers(absl::string_view key);
  // Stands nowhere; with a status, where rows are missing.
  void Miss(absl::Status why);
  // Whether nothing is missing below the hot row onto which a seek to `key` has come.
  absl::Status CheckBelow(absl::string_view key);
  // Whether nothing is missing at `key`, below which no hot row is.
  absl::Status CheckAt(absl::string_view key);

  const std::unique_ptr<Cursor> hot_;
  const ColdRows* const rows_;
  std::unique_ptr<Cursor> cold_;  // Made when it is needed.
  bool cold_placed_ = false;      // It stands where the way and the current key want it.
  At at_ = At::kNowhere;
  Way way_ = Way::kForward;
  absl::Status missing_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ARCHIVED_CURSOR_H_
