// SPDX-License-Identifier: Apache-2.0
// Bank accounts, runs and payments as API messages.
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_CONVERT_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_CONVERT_H_

#include "ledger/storage/store.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/payout_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/payout_service.pb.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <vector>

namespace puhui::services {

v1::BankAccount BankAccountOf(absl::string_view merchant_name, std::uint32_t number,
                              const merchant::BankAccountRow& row);

v1::PayoutRun PayoutRunOf(std::uint32_t run, const merchant::PayoutRunRow& row);
// As it was made: what a repeated call is answered with, whatever became of it since.
v1::PayoutRun NewPayoutRunOf(std::uint32_t run, const merchant::PayoutRunRow& row);

// One payment, with the names behind its numbers. Fails: as Readable.
absl::StatusOr<v1::PayoutPayment> PaymentOf(const ledger::Readable& store,
                                            const merchant::PaymentKey& key,
                                            const merchant::PaymentRow& row,
                                            std::uint32_t fen_per_point, Names& names);

v1::PaymentCorrection CorrectionOf(const merchant::PaymentCorrectionRow& row);

absl::Status AddOrigins(const std::vector<merchant::OriginSum>& sums, Names& names,
                        google::protobuf::RepeatedPtrField<v1::PayoutOrigin>* out);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_CONVERT_H_
