// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_ORDER_VAULT_H_
#define PUHUI_MERCHANT_APP_ORDER_VAULT_H_

#include "ledger/base/id.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/storage/store.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/tables.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::merchant {

// Where an order is delivered to. Personal data: never logged.
struct DeliveryAddress {
  std::string recipient{};
  std::string phone{};
  std::string address{};

  template <class F>
  void Fields(F& f) {
    f(recipient, phone, address);
  }
  friend bool operator==(const DeliveryAddress&, const DeliveryAddress&) = default;
};

// Digits of a voucher that was not given out yet.
struct FreshVoucher {
  ledger::Tag digits{};  // Keyed hash.
  std::string sealed{};
};

// A code from elsewhere, as it goes into the ledger and the vault.
struct SealedCode {
  ledger::Tag hash{};  // Keyed, of merchant and code.
  std::string sealed{};
};

// Seals and opens what of orders the journal must not hold: digits of vouchers, codes from
// elsewhere and addresses. The key follows from that of the keyed hash. Threads: safe. Borrows: the
// hash and the random source.
class OrderVault {
 public:
  OrderVault(const ledger::KeyedHash* keyed_hash, RandomSource* random);

  FreshVoucher DrawVoucher() const;
  ledger::Tag DigitsTag(absl::string_view digits) const;
  // Fails: kDataLoss when they are not there, or were changed.
  absl::StatusOr<std::string> ReadDigits(const ledger::Readable& store,
                                         const ledger::Tag& digits) const;

  SealedCode SealCode(MerchantNumber merchant, OfferNumber offer, absl::string_view code) const;
  // So many of the offer's codes from the place on. Fails: as ReadDigits.
  absl::StatusOr<std::vector<std::string>> ReadCodes(const ledger::Readable& store,
                                                     const OfferCodeKey& first,
                                                     std::uint32_t count) const;

  SealedAddress SealAddress(MemberId member, const DeliveryAddress& address) const;
  // Nothing when it is not kept any more. Fails: kDataLoss when it was changed.
  absl::StatusOr<absl::optional<DeliveryAddress>> ReadAddress(const ledger::Readable& store,
                                                              MemberId member,
                                                              const ledger::Tag& id) const;

 private:
  const ledger::KeyedHash& keyed_hash_;
  RandomSource& random_;
  const std::string key_;
};

// Of a command that was not refused: an address is kept from now on, or no longer.
void KeepAddress(MemberId member, const SealedAddress& address, Tables& tables);
void ForgetAddress(MemberId member, const ledger::Tag& id, Tables& tables);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_VAULT_H_
