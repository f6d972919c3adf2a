// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_JOURNAL_HIGH_WATER_H_
#define PUHUI_LEDGER_JOURNAL_HIGH_WATER_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>

namespace puhui::ledger {

// The last record that was made durable, and the Merkle root over the journal up to it.
struct HighWater {
  Sequence sequence = 0;
  Hash root{};

  friend bool operator==(const HighWater&, const HighWater&) = default;
};

// Remembers, between two checkpoints, how far the journal was durable, so that recovery can tell a
// tail that nobody was told about from records that were answered and are gone. The file `head` has
// two slots of 64 bytes, written in turn and after each durable append, without a sync of their
// own: a kill of the process leaves them in the page cache, and because they are written last they
// are never ahead of the journal. A power cut may leave them behind, or torn: the older slot then
// counts, and with no good slot left the mark is absent, and the checkpoint alone decides.
//
//   offset  size  field, little-endian
//        0     4  magic "PHW" and the version, 0x01
//        4     4  zero
//        8     8  sequence
//       16    32  root
//       48    12  zero
//       60     4  CRC-32C over bytes 0 to 59
//
// Threads: none. Owns: the open file.
class HighWaterFile {
 public:
  static constexpr absl::string_view kFileName = "head";
  static constexpr std::size_t kSlotBytes = 64;

  // Opens or creates the file in `data_directory` and reads it.
  // Fails: kResourceExhausted when the disk is full, else kUnavailable.
  static absl::StatusOr<HighWaterFile> Open(const std::string& data_directory);
  HighWaterFile(HighWaterFile&& other) noexcept;
  HighWaterFile& operator=(HighWaterFile&&) = delete;
  ~HighWaterFile();

  // The highest good slot; absl::nullopt for a new file and when both slots are bad.
  const absl::optional<HighWater>& last() const { return last_; }

  // Writes over the slot that is not last().
  // Requires: the journal is durable up to `mark` (the caller's word).
  // Fails: kUnavailable; last() is unchanged then.
  absl::Status Write(const HighWater& mark);

 private:
  explicit HighWaterFile(int fd) : fd_(fd) {}
  int fd_;
  std::size_t next_slot_ = 0;
  absl::optional<HighWater> last_;
};

// The 64 bytes of a slot, and back; absl::nullopt when they are not one.
std::string EncodeHighWater(const HighWater& mark);
absl::optional<HighWater> DecodeHighWater(absl::string_view slot);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_HIGH_WATER_H_
