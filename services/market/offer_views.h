// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_OFFER_VIEWS_H_
#define PUHUI_SERVICES_MARKET_OFFER_VIEWS_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/engine/engine.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/offer_view_command.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <thread>
#include <tuple>
#include <vector>

namespace puhui::services {

// Counts in memory how often members open offers, and writes it down every kOfferViewsEvery: what
// was counted since is lost when the process ends at once, which no other figure is. Beyond
// kOfferViewsCountedMax offers and unions nothing more is counted until then.
// Threads: safe; one of its own. Borrows: the engine.
class OfferViews {
 public:
  explicit OfferViews(ledger::Engine* engine) : engine_(*engine) {}
  ~OfferViews() { Stop(); }

  void Start();
  // Writes down what is left. Before the engine shuts down. Idempotent.
  void Stop();

  // A member opened it. Fails: as Readable.
  absl::Status Note(const merchant::OfferRow& row, merchant::OfferNumber offer, MemberId member,
                    const ledger::Readable& store);
  // Writes down what was counted, now. Fails: as Readable, as Engine::Run; what could not be
  // written is not counted any more, so that nothing is counted twice.
  absl::Status Flush();

 private:
  using Key = std::tuple<merchant::OfferNumber, MerchantNumber, UnionNumber>;
  using Counts = absl::flat_hash_map<Key, std::uint32_t>;
  void Count(const Key& key);
  void Run();
  Counts Take();
  absl::StatusOr<std::vector<merchant::OfferViewCount>> Locate(const Counts& counts) const;

  ledger::Engine& engine_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Counts counts_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_OFFER_VIEWS_H_
