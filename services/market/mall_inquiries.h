// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_MALL_INQUIRIES_H_
#define PUHUI_SERVICES_MARKET_MALL_INQUIRIES_H_

#include "ledger/base/mutex.h"
#include "ledger/engine/ledger_rows.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

#include <cstdint>

namespace puhui::services {

// How often malls ask what their members have, so that nobody watches a wallet: of each token
// kMallInquiriesMax within kMallInquiriesWithin, and of kMallInquirersMax tokens. In memory alone:
// a restart forgives. Threads: safe.
class MallInquiries {
 public:
  // Counts one more, unless it is one too many.
  bool Allow(const ledger::Tag& token, absl::Time now);

 private:
  Mutex mutex_;
  absl::Time window_end_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::flat_hash_map<ledger::Tag, std::uint32_t> asked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_MALL_INQUIRIES_H_
