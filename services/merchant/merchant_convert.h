// SPDX-License-Identifier: Apache-2.0
// Merchants, stores and terminals as API messages.
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_

#include "merchant/app/enrolment_queries.h"
#include "merchant/app/rows.h"
#include "merchant/app/store_location_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/merchant_service.pb.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::services {

// Of the record that registered it, or that it was applied for with.
v1::Merchant MerchantOf(const journal::v1::Record& record);
v1::Merchant MerchantOf(const merchant::MerchantRow& row);
v1::Agreement AgreementOf(const journal::v1::AgreementMade& made);
v1::Agreement AgreementOf(const merchant::Agreement& agreement);
v1::Store StoreOf(absl::string_view merchant_name, absl::string_view id,
                  const merchant::StoreRow& row);
// Where it is, if somebody said.
void SetLocation(const merchant::StoreLocationsRow& locations, absl::string_view store_id,
                 v1::Store* store);
v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::TerminalRow& row);
// With what became of its code by `now`; awaited, when it is not enrolled.
v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::FoundTerminal& found,
                        absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_
