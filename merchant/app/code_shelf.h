// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_CODE_SHELF_H_
#define PUHUI_MERCHANT_APP_CODE_SHELF_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/payer.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <list>
#include <string>

namespace puhui::merchant {

// What a member makes a code for. One is good for nothing else: under each purpose the same digits
// have another hash.
enum class CodePurpose : std::uint8_t {
  kTill,      // Shown to a till.
  kMallLink,  // Typed into a mall that the member links.
};

// The payment codes that members were given and that are not used yet. They stand in the memory of
// the process alone, as keyed hashes: making one needs no record, and after a restart members make
// new ones. That one is used is in the ledger.
// Threads: safe. Borrows: the hash and the random source.
class CodeShelf {
 public:
  struct Parts {
    const ledger::KeyedHash* keyed_hash;
    RandomSource* random;
    std::string prefix;
  };
  // Requires: IsCodePrefix(parts.prefix) (checked).
  explicit CodeShelf(Parts parts);

  struct Made {
    std::string digits{};
    absl::Time expiry{};
  };
  // A code that nobody has. Ends the member's oldest when there are
  // kPaymentCodesPerMemberMax.
  // Refuses: PAYMENT_CODES_LIMIT.
  absl::variant<Made, ledger::Refusal> Make(MemberId member, CodePurpose purpose, absl::Time now);

  // What is known of a code that a till or a mall was shown. Requires: IsPaymentCode(digits).
  ShownCode Look(absl::string_view digits, CodePurpose purpose) const;

  // It was used, and the ledger knows.
  void Remove(const ledger::Tag& tag);

 private:
  struct Held {
    ledger::Tag tag{};
    ShownCode::Known code{};
  };
  using Place = std::list<Held>::iterator;

  ledger::Tag TagOf(absl::string_view digits, CodePurpose purpose) const;
  void EndLocked(ledger::Tag tag, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LeaveMember(const Held& held) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RemoveLocked(const ledger::Tag& tag) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Parts parts_;
  mutable Mutex mutex_;
  std::list<Held> held_ ABSL_GUARDED_BY(mutex_);  // In the order in which they expire.
  absl::flat_hash_map<ledger::Tag, Place> by_tag_ ABSL_GUARDED_BY(mutex_);
  // Oldest first.
  absl::flat_hash_map<MemberId, std::list<ledger::Tag>> by_member_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_CODE_SHELF_H_
