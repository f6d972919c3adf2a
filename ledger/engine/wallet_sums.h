// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_WALLET_SUMS_H_
#define PUHUI_LEDGER_ENGINE_WALLET_SUMS_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace puhui::ledger {

// What the lots of all wallets of a store come to.
struct WalletSums {
  struct Points {
    std::int64_t available = 0;
    std::int64_t held = 0;
  };
  std::uint64_t wallets = 0;
  std::map<UnionNumber, Points> by_origin;
  std::map<std::uint32_t, Points> by_campaign;
  std::vector<std::string> findings;  // Lots that break invariant 3: the first of them,
  std::uint64_t finding_count = 0;    // and how many there are.
};

// Reads every wallet. `pace` is called after each piece of work with the wallets in it, and may be
// empty. Fails: as the store and the pace; kDataLoss when a wallet cannot be decoded.
absl::StatusOr<WalletSums> AddUpWallets(const Readable& stored, std::size_t findings_max,
                                        const std::function<absl::Status(std::uint64_t)>& pace);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_WALLET_SUMS_H_
