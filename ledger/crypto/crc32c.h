// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_CRC32C_H_
#define PUHUI_LEDGER_CRYPTO_CRC32C_H_

#include "absl/strings/string_view.h"

#include <cstdint>

namespace puhui::ledger {

// CRC-32C (Castagnoli), which finds accidents; a hash finds intent. Uses the processor's
// instruction where there is one. ExtendCrc32c(Crc32c(a), b) == Crc32c(ab).
std::uint32_t ExtendCrc32c(std::uint32_t crc, absl::string_view bytes);
inline std::uint32_t Crc32c(absl::string_view bytes) { return ExtendCrc32c(0, bytes); }

// The same by table, for processors without the instruction; public so that a test can compare the
// two.
std::uint32_t ExtendCrc32cByTable(std::uint32_t crc, absl::string_view bytes);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_CRC32C_H_
