// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_PAYMENT_CODES_H_
#define PUHUI_MERCHANT_APP_PAYMENT_CODES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/code_shelf.h"
#include "merchant/app/device_keys.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::merchant {

// The payment codes of both kinds: those that were made here, and those that devices compute. A
// till cannot tell them apart. What malls are linked by is on the shelf alone. Threads: safe.
// Borrows: the hash and the random source.
class PaymentCodes {
 public:
  explicit PaymentCodes(const CodeShelf::Parts& parts)
      : shelf_(parts), keys_({.keyed_hash = parts.keyed_hash, .random = parts.random}) {}

  CodeShelf& shelf() { return shelf_; }
  const DeviceKeys& keys() const { return keys_; }

  // As CodeShelf::Make, but no digits that are a device's too: to tills they would be nobody's.
  // Refuses: as that. Fails: kUnavailable.
  absl::StatusOr<CodeShelf::Made> Make(MemberId member, CodePurpose purpose,
                                       const ledger::Readable& store, absl::Time now);

  // What is known of a code that a till read; nothing of one that was made here and is a device's
  // too. Requires: IsPaymentCode(digits) (checked). Fails: kDataLoss when it was not made here and
  // is of the numbers of a device that cannot be read; kUnavailable.
  absl::StatusOr<ShownCode> Look(absl::string_view digits, const ledger::Readable& store,
                                 absl::Time now) const;

 private:
  CodeShelf shelf_;
  const DeviceKeys keys_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYMENT_CODES_H_
