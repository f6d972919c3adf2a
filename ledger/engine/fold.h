// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_FOLD_H_
#define PUHUI_LEDGER_ENGINE_FOLD_H_

#include "ledger/base/id.h"
#include "ledger/engine/table_set.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::ledger {

// Folds records into views. The same code runs live, at recovery, on a replica and in verify, so it
// reads the record and the views alone: never the clock, never configuration. Threads: the writer's
// alone.
class Applier {
 public:
  virtual ~Applier() = default;
  // Records of kinds that are not this applier's are left alone.
  // Fails: kDataLoss when the record cannot follow what came before it: an entry that does not
  // balance, an account beyond its bound. A decider that causes this has a bug; a journal that does
  // was altered.
  virtual absl::Status Apply(const journal::v1::Record& record) = 0;
  // `record` will be applied in a while: rows that it is known to need may be brought into the
  // processor's caches. Changes nothing.
  virtual void Expect(const journal::v1::Record& /*record*/, Coming /*coming*/) {}
  // `last` is the last sequence of a segment: rows that exist once per segment are written now.
  virtual absl::Status EndSegment(Sequence /*last*/) { return absl::OkStatus(); }
};

// Every view of one store: the tables and the applier that writes them.
class Fold : public Applier {
 public:
  virtual TableSet& tables() = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_FOLD_H_
