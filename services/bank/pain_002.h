// SPDX-License-Identifier: Apache-2.0
// ISO 20022 CustomerPaymentStatusReportV10 (pain.002.001.10): what a bank says became of payments.
#ifndef PUHUI_SERVICES_BANK_PAIN_002_H_
#define PUHUI_SERVICES_BANK_PAIN_002_H_

#include "merchant/core/bank_answer.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

// Reads the parts that say which payment of which file, how it went, and of what amount. Names and
// texts in it are not looked at, and nothing of it is in an error.
// A payment without a status of its own has that of its group; what says both is refused.
// Refuses: kInvalidArgument, saying where, for what is not well-formed XML in UTF-8, has a document
// type (so there are no entities but the five of XML), is larger or deeper than limits.h allows, is
// another message or an answer to another, names a payment twice, says twice what stands once, or
// says what we do not know.
absl::StatusOr<merchant::BankAnswer> ReadPain002(absl::string_view bytes);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_PAIN_002_H_
