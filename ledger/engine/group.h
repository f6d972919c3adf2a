// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_GROUP_H_
#define PUHUI_LEDGER_ENGINE_GROUP_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/arena.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::ledger {

// How far the journal goes.
struct Position {
  Sequence sequence = 0;  // Of the last record.
  absl::Time time{};      // Of the last record.
  Hash root{};            // Of the tree over all records.
};

// One command's answer, given when its group is durable.
struct Answer {
  Completion done{};
  absl::Status status{};                              // Not OK: the answer.
  std::vector<const journal::v1::Record*> records{};  // In the arena of the group.
  Sequence replay_first = 0;  // Set: the answer is these records of the journal.
  std::uint32_t replay_records = 0;
};

// What is decided, made durable, applied and answered together.
struct Group {
  std::uint64_t number = 0;  // Of the table set.
  google::protobuf::Arena arena;
  std::vector<SealedSegment> segments;  // Empty: nothing but refusals and replays.
  WriteBatch views;
  WriteBatch vault;
  std::vector<Answer> answers;
  Position end;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_GROUP_H_
