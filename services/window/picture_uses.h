// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_PICTURE_USES_H_
#define PUHUI_SERVICES_WINDOW_PICTURE_USES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "services/window/picture_shelf.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The pictures that offers of the merchant name in any of their versions: an order names a version,
// and whoever looks it up wants to see what was ordered.
// Refuses: PICTURES_LIMIT, when there are more versions than kVersionsReadMax. Fails: as
// ReadRecordsAt.
absl::StatusOr<PictureHashes> PicturesOfOffers(const ledger::Readable& store,
                                               MerchantNumber merchant);
inline constexpr std::size_t kVersionsReadMax = 100'000;

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_PICTURE_USES_H_
