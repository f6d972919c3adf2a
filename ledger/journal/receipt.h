// SPDX-License-Identifier: Apache-2.0
// Receipts: what proves by itself that the ledger holds a record, in the form of C2SP tlog-proof.
//
//   c2sp.org/tlog-proof@v1
//   extra <base 64 of the record>
//   index <the sequence less one, decimal>
//   <base 64 of a hash of the path, the leaf's neighbour first; a line each>
//   <empty line>
//   <the checkpoint, with the signatures of witnesses if there are>
#ifndef PUHUI_LEDGER_JOURNAL_RECEIPT_H_
#define PUHUI_LEDGER_JOURNAL_RECEIPT_H_

#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

// As of a record of a message's size, with everything around it.
inline constexpr std::size_t kReceiptBytesMax = std::size_t{8} << 20;

struct Receipt {
  std::string record;
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string note;
};

std::string ReceiptText(const Receipt& receipt);

// Fails: kDataLoss, with the reason, for any text that ReceiptText would not have written. Nothing
// is verified.
absl::StatusOr<Receipt> ParseReceipt(absl::string_view text);

// What the receipt's checkpoint says, when one of `keys` has signed it and the path leads from the
// record to it. Fails: kDataLoss, with the reason.
absl::StatusOr<Checkpoint> VerifyReceipt(const Receipt& receipt, const KeyChain& keys);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_RECEIPT_H_
