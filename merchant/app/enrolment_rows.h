// SPDX-License-Identifier: Apache-2.0
// The codes with which terminals are enrolled, and the table they stand in. Of a code there is a
// keyed hash alone.
#ifndef PUHUI_MERCHANT_APP_ENROLMENT_ROWS_H_
#define PUHUI_MERCHANT_APP_ENROLMENT_ROWS_H_

#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/app/rows.h"

#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// Stored. An open one that nobody used in time stays open: who reads it compares the times.
enum class EnrolmentCodeState : std::uint8_t { kOpen = 1, kUsed = 2, kVoid = 3 };

// The last code that was made for a terminal, and what became of it.
struct EnrolmentCodeRow {
  std::string store{};
  ledger::Tag code{};
  EnrolmentCodeState state = EnrolmentCodeState::kOpen;
  absl::Time create_time{};
  absl::Time expiry{};
  std::uint32_t wrong = 0;  // Others that were tried since.

  bool GoodAt(absl::Time now) const { return state == EnrolmentCodeState::kOpen && now < expiry; }
  template <class F>
  void Fields(F& f) {
    f(store, code, state, create_time, expiry, wrong);
  }
};

// By the terminal's id, which may be nobody's yet.
inline constexpr ledger::TypedTable<PlaceKey, EnrolmentCodeRow> kEnrolmentCodeTable{
    ledger::Table::kEnrolmentCodes, ledger::Family::kState, "enrolment codes"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ENROLMENT_ROWS_H_
