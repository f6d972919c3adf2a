// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_TILL_CALL_H_
#define PUHUI_MERCHANT_APP_TILL_CALL_H_

#include "ledger/engine/ledger_views.h"
#include "merchant/app/member_places.h"
#include "merchant/app/member_profiles.h"
#include "merchant/app/tables.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// Where a call came from, as the till said it.
struct TillCall {
  std::string merchant_id{};
  std::string terminal_id{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  absl::Time local_time{};
};

// What every till command reads.
struct TillState {
  Tables* tables;
  ledger::LedgerViews* views;
  absl::TimeZone merchant_zone{};      // Of the business days of merchants that name none.
  MemberProfiles* profiles = nullptr;  // Of whom offers are for.
  MemberPlaces* places = nullptr;      // Of whose declines auditors see; null: those of the whole.
  absl::string_view invoice_remark{};  // Of statements that are cut from now on. Borrowed.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TILL_CALL_H_
