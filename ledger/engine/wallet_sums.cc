// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/wallet_sums.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

namespace puhui::ledger {
namespace {

constexpr std::uint64_t kWalletsPerPace = 1'024;

bool Sound(const Lot& lot) {
  return lot.held >= 0 && lot.held <= lot.remaining && lot.remaining > 0 &&
         lot.remaining <= lot.granted;
}

}  // namespace

absl::StatusOr<WalletSums> AddUpWallets(const Readable& stored, std::size_t findings_max,
                                        const std::function<absl::Status(std::uint64_t)>& pace) {
  WalletSums sums;
  const auto add = [&](const MemberId& member, const Lot& lot) {
    for (WalletSums::Points* points :
         {&sums.by_origin[lot.origin],
          &sums.by_campaign[static_cast<std::uint32_t>(lot.campaign)]}) {
      points->available += lot.available();
      points->held += lot.held;
    }
    if (Sound(lot) || ++sums.finding_count > findings_max) return;
    sums.findings.push_back(absl::StrCat("wallet of members/", member.ToString(), ", lot ",
                                         static_cast<std::uint32_t>(lot.number), ": ", lot.held,
                                         " held, ", lot.remaining, " remaining of ", lot.granted));
  };
  PUHUI_RETURN_IF_ERROR(
      Scan(stored, kWalletTable, {.fill_cache = false},
           [&](const MemberId& member, const Wallet& wallet) -> absl::StatusOr<bool> {
             if (++sums.wallets % kWalletsPerPace == 0 && pace) {
               PUHUI_RETURN_IF_ERROR(pace(kWalletsPerPace));
             }
             for (const Lot& lot : wallet.lots) add(member, lot);
             return true;
           }));
  return sums;
}

}  // namespace puhui::ledger
