// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_ETAG_H_
#define PUHUI_LEDGER_CRYPTO_ETAG_H_

#include "ledger/base/id.h"

#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::ledger {

// The etag of something with that number that the record `changed` last changed. Opaque: it tells
// nobody how many records there are.
std::string EtagOf(absl::string_view kind, std::uint32_t number, Sequence changed);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_ETAG_H_
