// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
#define PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_

#include "audit/access/access_journal.h"
#include "audit/index/audit_index.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/store.h"
#include "merchant/search/offer_index.h"
#include "services/admin/self_check.h"
#include "services/audit/witness_shelf.h"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <utility>
#include <vector>

namespace puhui::services {

// The ledger for Prometheus, and what stands beside it: puhui_sequence, puhui_checkpoint_sequence,
// puhui_accepting_writes, puhui_chore_failures, puhui_disk_free_bytes, puhui_archived_sequence,
// puhui_archive_bytes; of the search index puhui_search_sequence, puhui_search_ready,
// puhui_search_builds; of the journal of reads puhui_access_sequence, puhui_access_bytes,
// puhui_access_writable. Threads: safe. Borrows: its parts.
class LedgerMetrics final : public prometheus::Collectable {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const ledger::Store* store;
    const ledger::SegmentArchive* archive;
    const merchant::OfferIndex* search;
    const audit::AccessJournal* accesses;
    const WitnessShelf* witnesses;
    ledger::VerifyKey key;  // Of what the engine's checkpoints are signed with.
  };
  explicit LedgerMetrics(Parts parts) : parts_(std::move(parts)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Parts parts_;
};

// The index of auditors: puhui_audit_index_sequence, puhui_audit_index_rebuilds.
// Threads: safe. Borrows: the index.
class AuditIndexMetrics final : public prometheus::Collectable {
 public:
  explicit AuditIndexMetrics(const audit::AuditIndex* index) : index_(*index) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const audit::AuditIndex& index_;
};

// The ledger's looks at itself: puhui_verify_running, puhui_verify_records_done,
// puhui_verify_records, puhui_verify_per_second, puhui_verify_findings, puhui_verify_time_seconds;
// puhui_scrub_sequence, puhui_scrub_passes, puhui_scrub_findings. Threads: safe. Borrows: the
// checks.
class SelfCheckMetrics final : public prometheus::Collectable {
 public:
  explicit SelfCheckMetrics(const SelfCheck* self_check) : self_check_(*self_check) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const SelfCheck& self_check_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_LEDGER_METRICS_H_
