// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_inquiries.h"

#include "ledger/base/limits.h"

namespace puhui::services {

bool MallInquiries::Allow(const ledger::Tag& token, absl::Time now) {
  const MutexLock lock(&mutex_);
  if (now >= window_end_) {
    asked_.clear();
    window_end_ = now + kMallInquiriesWithin;
  }
  const auto known = asked_.find(token);
  if (known == asked_.end()) {
    if (asked_.size() >= kMallInquirersMax) return false;
    asked_.emplace(token, 1);
    return true;
  }
  if (known->second >= kMallInquiriesMax) return false;
  ++known->second;
  return true;
}

}  // namespace puhui::services
