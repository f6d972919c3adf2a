// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
#define PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_

#include "ledger/engine/engine.h"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

namespace puhui::services {

// The ledger for Prometheus: puhui_sequence, puhui_accepting_writes, puhui_disk_free_bytes.
// Threads: safe. Borrows: the engine.
class LedgerMetrics final : public prometheus::Collectable {
 public:
  LedgerMetrics(const ledger::Engine* engine, const ledger::Store* store)
      : engine_(*engine), store_(*store) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const ledger::Engine& engine_;
  const ledger::Store& store_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
