// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
#define PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_

#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/storage/store.h"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <utility>
#include <vector>

namespace puhui::services {

// The ledger for Prometheus: puhui_sequence, puhui_checkpoint_sequence, puhui_accepting_writes,
// puhui_disk_free_bytes. Threads: safe. Borrows: the engine, the store.
class LedgerMetrics final : public prometheus::Collectable {
 public:
  // `key` is what the engine's checkpoints are signed with.
  LedgerMetrics(const ledger::Engine* engine, const ledger::Store* store, ledger::VerifyKey key)
      : engine_(*engine), store_(*store), key_(std::move(key)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const ledger::Engine& engine_;
  const ledger::Store& store_;
  const ledger::VerifyKey key_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
