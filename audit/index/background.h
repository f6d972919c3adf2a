// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_BACKGROUND_H_
#define PUHUI_AUDIT_INDEX_BACKGROUND_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::audit {

// What has an owner that never changes, so that records need not name it. Stored.
enum class OwnedKind : std::uint8_t {
  kCampaign = 1,  // Of a union.
  kTerminal = 2,  // Of a merchant, in a store.
  kOffer = 3,     // Of a merchant.
  kNotice = 4,    // Of a union; 0: the operator's.
};

struct Owned {
  OwnedKind kind{};
  std::uint32_t number = 0;

  template <class F>
  void Fields(F& f) {
    f(kind, number);
  }
  friend bool operator==(const Owned&, const Owned&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const Owned& owned) {
    return H::combine(std::move(hash), owned.kind, owned.number);
  }
};

struct Owner {
  std::uint32_t number = 0;  // Of the union or merchant.
  std::string store{};       // Of a terminal: the store's id.

  template <class F>
  void Fields(F& f) {
    f(number, store);
  }
};

// What a record says about an owner, if it does.
absl::optional<std::pair<Owned, Owner>> OwnerIn(const journal::v1::Record& record);

// What earlier records say of what a record only names.
class Background {
 public:
  virtual ~Background() = default;
  // Without number when nothing said so.
  virtual absl::StatusOr<Owner> OwnerOf(const Owned& owned) = 0;
  // Fails: as ReadRecord, ParseRecord.
  virtual absl::StatusOr<journal::v1::Record> Earlier(Sequence sequence) = 0;
  // Who asked for the command whose first record that is.
  virtual absl::StatusOr<std::string> CallerOf(Sequence first) = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_BACKGROUND_H_
