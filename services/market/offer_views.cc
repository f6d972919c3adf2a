// SPDX-License-Identifier: Apache-2.0
#include "services/market/offer_views.h"

#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/market/union_path.h"

#include "absl/time/time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

namespace puhui::services {

void OfferViews::Start() {
  thread_ = std::thread([this] { Run(); });
}

void OfferViews::Stop() {
  {
    const MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status OfferViews::Note(const merchant::OfferRow& row, merchant::OfferNumber offer,
                              MemberId member, const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, ledger::Find(store, issuing::kMemberTable, member));
  if (found.has_value()) Count({offer, row.merchant, found->union_number});
  return absl::OkStatus();
}

void OfferViews::Count(const Key& key) {
  const MutexLock lock(&mutex_);
  const auto known = counts_.find(key);
  if (known != counts_.end()) {
    ++known->second;
  } else if (counts_.size() < kOfferViewsCountedMax) {
    counts_.emplace(key, 1);
  }
}

OfferViews::Counts OfferViews::Take() {
  const MutexLock lock(&mutex_);
  return std::exchange(counts_, Counts());
}

// By offer and union, so that the record does not depend on how they lay in memory.
absl::StatusOr<std::vector<merchant::OfferViewCount>> OfferViews::Locate(
    const Counts& counts) const {
  std::vector<std::pair<Key, std::uint32_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end());
  const std::unique_ptr<ledger::Readable> store = engine_.Read();
  UnionPaths paths(store.get());
  std::vector<merchant::OfferViewCount> located;
  located.reserve(sorted.size());
  for (const auto& [key, views] : sorted) {
    const auto& [offer, merchant, of_member] = key;
    PUHUI_ASSIGN_OR_RETURN(std::vector<UnionNumber> unions, paths.Of(of_member));
    located.push_back({.offer = static_cast<std::uint32_t>(offer),
                       .merchant = merchant,
                       .unions = std::move(unions),
                       .views = views});
  }
  return located;
}

absl::Status OfferViews::Flush() {
  PUHUI_ASSIGN_OR_RETURN(std::vector<merchant::OfferViewCount> counts, Locate(Take()));
  for (std::size_t begin = 0; begin < counts.size(); begin += kOfferViewsPerRecordMax) {
    const std::size_t end = std::min(begin + kOfferViewsPerRecordMax, counts.size());
    std::vector<merchant::OfferViewCount> chunk(
        std::make_move_iterator(counts.begin() + static_cast<std::ptrdiff_t>(begin)),
        std::make_move_iterator(counts.begin() + static_cast<std::ptrdiff_t>(end)));
    PUHUI_RETURN_IF_ERROR(
        engine_
            .Run(std::make_unique<merchant::CountOfferViewsCommand>(std::move(chunk)),
                 ledger::Priority::kBulk)
            .status());
  }
  return absl::OkStatus();
}

// A flush that failed has lost some views, and says so nowhere: the engine has.
void OfferViews::Run() {
  const auto every = std::chrono::microseconds(absl::ToInt64Microseconds(kOfferViewsEvery));
  while (true) {
    bool stopping = false;
    {
      const MutexLock lock(&mutex_);
      if (!stopping_) stop_.WaitFor(&mutex_, every);
      stopping = stopping_;
    }
    Flush().IgnoreError();
    if (stopping) return;
  }
}

}  // namespace puhui::services
