// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_vault.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/draw_number.h"
#include "merchant/core/voucher.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstdint>

namespace puhui::merchant {
namespace {

using ledger::Tag;

constexpr char kSealLabel[] = "order_vault";
constexpr char kDigitsLabel[] = "voucher";
constexpr char kVoucherLabel[] = "voucher_code";

// What a sealed code is bound to, so that it opens for no other offer.
std::string BoundTo(OfferNumber offer) {
  return absl::StrCat("offer ", static_cast<std::uint32_t>(offer));
}

std::string BoundTo(MemberId member, const Tag& id) {
  return absl::StrCat(member.ToBytes(), ledger::TagBytes(id));
}

}  // namespace

OrderVault::OrderVault(const ledger::KeyedHash* keyed_hash, RandomSource* random)
    : keyed_hash_(*keyed_hash),
      random_(*random),
      key_(ledger::AsBytes(keyed_hash->Digest(kSealLabel, ""))) {}

FreshVoucher OrderVault::DrawVoucher() const {
  const std::string digits = VoucherDigitsOf(DrawNumber(kVoucherNumbers, random_));
  FreshVoucher fresh{.digits = DigitsTag(digits)};
  fresh.sealed = ledger::Seal(key_, digits, ledger::TagBytes(fresh.digits), random_);
  return fresh;
}

Tag OrderVault::DigitsTag(absl::string_view digits) const {
  return ledger::TagFromBytes(keyed_hash_.Tag16(kDigitsLabel, digits));
}

absl::StatusOr<std::string> OrderVault::ReadDigits(const ledger::Readable& store,
                                                   const Tag& digits) const {
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(store, kVoucherDigitTable, digits));
  if (!sealed.has_value()) return absl::DataLossError("the digits of a voucher are missing");
  return ledger::Open(key_, *sealed, ledger::TagBytes(digits));
}

SealedCode OrderVault::SealCode(MerchantNumber merchant, OfferNumber offer,
                                absl::string_view code) const {
  const std::string whose = absl::StrCat(static_cast<std::uint32_t>(merchant), " ", code);
  return {.hash = ledger::TagFromBytes(keyed_hash_.Tag16(kVoucherLabel, whose)),
          .sealed = ledger::Seal(key_, code, BoundTo(offer), random_)};
}

absl::StatusOr<std::vector<std::string>> OrderVault::ReadCodes(const ledger::Readable& store,
                                                               const OfferCodeKey& first,
                                                               std::uint32_t count) const {
  std::vector<std::string> codes;
  codes.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const OfferCodeKey key{first.offer, first.place + i};
    PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(store, kOfferCodeTable, key));
    if (!sealed.has_value()) return absl::DataLossError("a code of an offer is missing");
    PUHUI_ASSIGN_OR_RETURN(std::string code, ledger::Open(key_, *sealed, BoundTo(key.offer)));
    codes.push_back(std::move(code));
  }
  return codes;
}

SealedAddress OrderVault::SealAddress(MemberId member, const DeliveryAddress& address) const {
  SealedAddress made;
  random_.Fill(absl::MakeSpan(made.id));
  made.sealed = ledger::Seal(key_, ledger::EncodeValue(address), BoundTo(member, made.id), random_);
  return made;
}

absl::StatusOr<absl::optional<DeliveryAddress>> OrderVault::ReadAddress(
    const ledger::Readable& store, MemberId member, const Tag& id) const {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kDeliveryAddressTable, member));
  if (!row.has_value()) return absl::optional<DeliveryAddress>();
  for (const SealedAddress& kept : row->waiting) {
    if (kept.id != id) continue;
    PUHUI_ASSIGN_OR_RETURN(const std::string plain,
                           ledger::Open(key_, kept.sealed, BoundTo(member, id)));
    DeliveryAddress address;
    PUHUI_RETURN_IF_ERROR(ledger::DecodeValue(plain, &address));
    return absl::make_optional(std::move(address));
  }
  return absl::optional<DeliveryAddress>();
}

void KeepAddress(MemberId member, const SealedAddress& address, Tables& tables) {
  tables.delivery_addresses.Edit(member).waiting.push_back(address);
}

void ForgetAddress(MemberId member, const Tag& id, Tables& tables) {
  if (tables.delivery_addresses.Find(member) == nullptr) return;
  std::vector<SealedAddress>& waiting = tables.delivery_addresses.Edit(member).waiting;
  waiting.erase(std::remove_if(waiting.begin(), waiting.end(),
                               [&](const SealedAddress& kept) { return kept.id == id; }),
                waiting.end());
  if (waiting.empty()) tables.delivery_addresses.Erase(member);
}

}  // namespace puhui::merchant
