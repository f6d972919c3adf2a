// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/code_applier.h"

#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"

#include <tuple>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;

std::uint32_t CountIn(ledger::CachedTable<std::uint8_t, std::uint32_t>& counts, std::uint8_t of) {
  const std::uint32_t* count = counts.Find(of);
  return count == nullptr ? 0 : *count;
}

bool Is(const jv1::Declined& declined, ledger::Reason reason) {
  return declined.reason() == static_cast<std::uint32_t>(reason);
}

}  // namespace

absl::Status CodeApplier::Apply(const jv1::Record& record) {
  const absl::Time now = absl::FromUnixMicros(record.time_micros());
  const jv1::Entry& entry = record.entry();
  if (entry.purchase().has_code()) return Use(entry.purchase().code(), now);
  if (entry.authorization().has_code()) return Use(entry.authorization().code(), now);
  if (record.has_mall_linked()) return Use(record.mall_linked().code(), now);
  if (record.has_declined()) NoteGuess(record.declined(), now);
  return absl::OkStatus();
}

absl::Status CodeApplier::Use(const jv1::UsedCode& code, absl::Time now) {
  if (code.code_hash().size() != std::tuple_size_v<ledger::Tag>) {
    return absl::DataLossError("a payment code was used without its hash");
  }
  const UsedCodeRow row{.code = ledger::TagFromBytes(code.code_hash()),
                        .expiry = absl::FromUnixMicros(code.expire_time_micros())};
  if (tables_.used_codes.Find(row.code) != nullptr) {
    return absl::DataLossError("a payment code was used twice");
  }
  const std::uint32_t number = CountIn(tables_.counts, kUsedCodeCount) + 1;
  tables_.used_codes.Put(row.code, row.expiry);
  tables_.used_code_order.Put(number, row);
  tables_.counts.Put(kUsedCodeCount, number);
  Forget(now);
  return absl::OkStatus();
}

// Two go for each that comes, so the table keeps what was used lately and a purchase waits for no
// sweep.
void CodeApplier::Forget(absl::Time now) {
  const std::uint32_t used = CountIn(tables_.counts, kUsedCodeCount);
  std::uint32_t forgotten = CountIn(tables_.counts, kForgottenCodeCount);
  for (std::size_t i = 0; i < kUsedCodesForgottenMax && forgotten != used; ++i) {
    const UsedCodeRow* oldest = tables_.used_code_order.Find(forgotten + 1);
    if (oldest == nullptr || oldest->expiry + kUsedCodesKept > now) return;
    tables_.used_codes.Erase(oldest->code);
    tables_.used_code_order.Erase(++forgotten);
    tables_.counts.Put(kForgottenCodeCount, forgotten);
  }
}

// Whether it was one too many is what the record says: the bound may be another by the time that
// the journal is folded again.
void CodeApplier::NoteGuess(const jv1::Declined& declined, absl::Time now) {
  const TerminalNumber terminal{declined.till().terminal()};
  std::int64_t blocked_until = 0;
  Guesses* guesses = nullptr;
  if (Is(declined, ledger::Reason::kPaymentCodeUnknown)) {
    CodeGuesses& codes = tables_.code_guesses.Edit(terminal);
    CountCodeGuess(now, declined.device_code(), &codes);
    guesses = &codes.counted;
    blocked_until = declined.codes_blocked_until_micros();
  } else if (Is(declined, ledger::Reason::kCardNotFound) && !declined.card_foreign()) {
    guesses = &tables_.card_guesses.Edit(terminal);
    CountGuess(kCardGuessBounds, now, guesses);
    blocked_until = declined.cards_blocked_until_micros();
  } else if (Is(declined, ledger::Reason::kVoucherUnknown)) {
    guesses = &tables_.voucher_guesses.Edit(terminal);
    CountGuess(kVoucherGuessBounds, now, guesses);
    blocked_until = declined.vouchers_blocked_until_micros();
  }
  if (blocked_until != 0) BlockGuesses(absl::FromUnixMicros(blocked_until), guesses);
}

}  // namespace puhui::merchant
