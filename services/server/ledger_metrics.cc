// SPDX-License-Identifier: Apache-2.0
#include "services/server/ledger_metrics.h"

#include "ledger/journal/checkpoint.h"

#include "absl/time/time.h"

#include <utility>

namespace puhui::services {
namespace {

prometheus::MetricFamily Gauge(const char* name, const char* help, double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = prometheus::MetricType::Gauge;
  family.metric.push_back(std::move(metric));
  return family;
}

}  // namespace

std::vector<prometheus::MetricFamily> LedgerMetrics::Collect() const {
  const absl::StatusOr<std::uint64_t> free_bytes = parts_.store->FreeBytes();
  const absl::StatusOr<ledger::Checkpoint> checkpoint =
      ledger::ParseCheckpoint(parts_.engine->checkpoint(), parts_.key);
  const merchant::OfferIndex::Progress search = parts_.search->progress();
  return {
      Gauge("puhui_sequence", "The last durable record.",
            static_cast<double>(parts_.engine->durable().sequence)),
      Gauge("puhui_checkpoint_sequence", "The last record that a signed checkpoint covers.",
            checkpoint.ok() ? static_cast<double>(checkpoint->size) : 0),
      Gauge("puhui_final_sequence", "The last record that a quorum of witnesses has signed for.",
            static_cast<double>(parts_.witnesses->final_size())),
      Gauge("puhui_accepting_writes", "1 while writes are accepted.",
            parts_.engine->accepting().ok() ? 1 : 0),
      Gauge("puhui_chore_failures",
            "How often work that is due by itself has failed since the start.",
            static_cast<double>(parts_.engine->chore_failures())),
      Gauge("puhui_disk_free_bytes", "Free on the disk of the ledger.",
            static_cast<double>(free_bytes.value_or(0))),
      Gauge("puhui_archived_sequence", "The last record in an archive.",
            static_cast<double>(parts_.archive->last())),
      Gauge("puhui_archive_bytes", "Of the archives of the journal.",
            static_cast<double>(parts_.archive->bytes())),
      Gauge("puhui_search_sequence", "The last record that searches of offers know of.",
            static_cast<double>(search.sequence)),
      Gauge("puhui_search_ready", "1 while offers are found by words.", search.searchable ? 1 : 0),
      Gauge("puhui_search_builds", "How often the search index was built since the start.",
            static_cast<double>(search.builds)),
      Gauge("puhui_access_sequence", "The last durable note of a read.",
            static_cast<double>(parts_.accesses->size())),
      Gauge("puhui_access_bytes", "Of the journal of reads, from which nothing is taken out.",
            static_cast<double>(parts_.accesses->bytes())),
      Gauge("puhui_access_writable", "1 while reads can be noted, and so answered.",
            parts_.accesses->failure().ok() ? 1 : 0)};
}

std::vector<prometheus::MetricFamily> AuditIndexMetrics::Collect() const {
  const audit::AuditIndex::Figures figures = index_.figures();
  return {Gauge("puhui_audit_index_sequence", "The last record that the index of auditors knows.",
                static_cast<double>(figures.sequence)),
          Gauge("puhui_audit_index_rebuilds",
                "How often the index of auditors was built anew since the start.",
                static_cast<double>(figures.rebuilds))};
}

std::vector<prometheus::MetricFamily> SelfCheckMetrics::Collect() const {
  const SelfCheck::Figures figures = self_check_.figures();
  const bool verified = figures.verified != absl::InfinitePast();
  return {
      Gauge("puhui_verify_running", "1 while a verification is running.",
            figures.verifying ? 1 : 0),
      Gauge("puhui_verify_records_done", "Records that the running or last verification has done.",
            static_cast<double>(figures.verification.done)),
      Gauge("puhui_verify_records", "Records that it has to do.",
            static_cast<double>(figures.verification.all)),
      Gauge("puhui_verify_per_second", "Records and rows a second that it does.",
            static_cast<double>(figures.verification.per_second)),
      Gauge("puhui_verify_findings", "What the last verification found that does not fit.",
            static_cast<double>(figures.verify_findings)),
      Gauge("puhui_verify_time_seconds", "When the last verification ended; 0 before the first.",
            verified ? absl::ToDoubleSeconds(figures.verified - absl::UnixEpoch()) : 0),
      Gauge("puhui_scrub_sequence", "The last record that the scrub has read in this pass.",
            static_cast<double>(figures.scrub_sequence)),
      Gauge("puhui_scrub_passes", "Passes of the scrub over the whole journal since the start.",
            static_cast<double>(figures.scrub_passes)),
      Gauge("puhui_scrub_findings",
            "What the last pass of the scrub, or this one so far, found that does not fit.",
            static_cast<double>(figures.scrub_findings))};
}

}  // namespace puhui::services
