// SPDX-License-Identifier: Apache-2.0
// Till calls: from API messages to commands, from records to answers.
#ifndef PUHUI_SERVICES_MERCHANT_POS_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_POS_CONVERT_H_

#include "ledger/engine/command.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/rows.h"
#include "merchant/app/till_commands.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "services/rpc/resource_name.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <string>

namespace puhui::services {

// A card with all but the last four digits masked.
std::string MaskedCard(absl::string_view last_four);

inline constexpr std::uint32_t kTraceNumberMax = 999'999;  // Of ISO 8583, field 11.

// Refuses: kInvalidField, naming the field of `till`.
absl::StatusOr<merchant::TillCall> ReadTill(const v1::Till& till);
absl::Status CheckTillKeys(std::uint32_t batch_number, std::uint32_t trace_number,
                           absl::string_view field);

// 16 digits with a Luhn check digit. Refuses: kInvalidField (card_number), without the number.
absl::Status CheckCardNumber(absl::string_view card_number);

// How long an authorisation, or a bill, may last. Refuses: kInvalidField (lifetime).
absl::StatusOr<absl::Duration> ReadLifetime(const v1::AuthorizeRequest& request);
absl::StatusOr<absl::Duration> ReadLifetime(const v1::CreateBillRequest& request);

// A purchase or a capture as it was decided.
v1::Purchase PurchaseOf(const journal::v1::Record& record, absl::string_view terminal);
// A purchase as it stands now.
v1::Purchase PurchaseOf(Sequence sequence, const merchant::PurchaseRow& row,
                        absl::string_view terminal);
v1::Refund RefundOf(const journal::v1::Record& record);
// An authorisation as it was decided.
v1::Authorization AuthorizationOf(const journal::v1::Record& record, absl::string_view terminal);
// An authorisation as it stands at `now`.
v1::Authorization AuthorizationOf(Sequence sequence, const merchant::AuthorizationRow& row,
                                  absl::Time now, absl::string_view terminal);

// Lines to print, under the trace number of the call: it may be another than the one that made what
// they are about.
void AddReceipt(const v1::Purchase& purchase, const v1::Till& till,
                google::protobuf::RepeatedPtrField<std::string>* lines);
void AddCaptureReceipt(const v1::Purchase& purchase, const v1::Till& till,
                       google::protobuf::RepeatedPtrField<std::string>* lines);
void AddAuthorizeReceipt(const v1::Authorization& authorization, const v1::Till& till,
                         google::protobuf::RepeatedPtrField<std::string>* lines);
void AddVoidReceipt(const v1::Authorization& authorization, const v1::Till& till,
                    google::protobuf::RepeatedPtrField<std::string>* lines);
void AddReceipt(const v1::Refund& refund, google::protobuf::RepeatedPtrField<std::string>* lines);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_CONVERT_H_
