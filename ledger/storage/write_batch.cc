// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/store.h"

#include <utility>

namespace puhui::ledger {

void WriteBatch::Put(Family family, std::string key, std::string value) {
  bytes_ += key.size() + value.size();
  changes_.push_back({family, std::move(key), std::move(value)});
}

void WriteBatch::Delete(Family family, std::string key) {
  bytes_ += key.size();
  changes_.push_back({family, std::move(key), absl::nullopt});
}

void WriteBatch::Clear() {
  changes_.clear();
  bytes_ = 0;
}

}  // namespace puhui::ledger
