// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_COMMAND_H_
#define PUHUI_LEDGER_ENGINE_COMMAND_H_

#include "ledger/base/random.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/ledger_rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/protobuf/arena.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The records of one command, while it is being decided.
class Decision {
 public:
  explicit Decision(google::protobuf::Arena* arena) : arena_(arena) {}

  // A new record at the end. The engine sets its sequence, time and request.
  journal::v1::Record& Add() {
    records_.push_back(google::protobuf::Arena::CreateMessage<journal::v1::Record>(arena_));
    return *records_.back();
  }
  const std::vector<journal::v1::Record*>& records() const { return records_; }

 private:
  google::protobuf::Arena* arena_;
  std::vector<journal::v1::Record*> records_;
};

struct DecideContext {
  absl::Time now{};  // Of the first record. Strictly later than that of any record before.
};

// Who asked, and the id under which the first outcome wins. The id is scoped to the caller.
struct RequestIdentity {
  std::string caller{};      // The identity in the certificate.
  std::string request_id{};  // 16 bytes.
  Tag digest{};              // Of the body, keyed.
};

// One change that somebody, or the ledger itself, asks for.
class Command {
 public:
  virtual ~Command() = default;

  // Adds the records that carry out the command, or refuses; after a refusal nothing is kept. A
  // refusal that is an outcome, as at the till, is a record and not a Refusal. Pure: reads the
  // tables, the context and itself.
  virtual absl::optional<Refusal> Decide(const DecideContext& context, Decision& decision) = 0;

  // Writes to the vault's tables what the journal must not hold. Called once, after Decide did not
  // refuse.
  virtual void StorePersonalData() {}

  absl::optional<RequestIdentity> request;       // Absent for what the ledger does by itself.
  absl::Time deadline = absl::InfiniteFuture();  // Not decided after it.
};

// What a command came to: its records, durable, in order. Reply from these alone, so that a replay
// gives the same bytes.
class Outcome {
 public:
  Outcome(std::vector<const journal::v1::Record*> records, std::shared_ptr<const void> owner)
      : records_(std::move(records)), owner_(std::move(owner)) {}
  const std::vector<const journal::v1::Record*>& records() const { return records_; }
  const journal::v1::Record& first() const { return *records_.front(); }
  bool empty() const { return records_.empty(); }

 private:
  std::vector<const journal::v1::Record*> records_;
  std::shared_ptr<const void> owner_;  // Keeps the records alive.
};

// Called once, on a thread of the engine or one that was lent to it, in journal order. The status
// carries a Refusal (RefusalOf), or is a failure: kUnavailable means that the outcome is unknown
// and the same request id may be tried again.
using Completion = absl::AnyInvocable<void(absl::StatusOr<Outcome>)>;

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_COMMAND_H_
