// SPDX-License-Identifier: Apache-2.0
// Names of statements and of what is disputed in them. Parsing refuses with kInvalidField.
#ifndef PUHUI_SERVICES_SETTLEMENT_STATEMENT_NAME_H_
#define PUHUI_SERVICES_SETTLEMENT_STATEMENT_NAME_H_

#include "ledger/base/id.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <string>

namespace puhui::services {

struct StatementName {
  MerchantId merchant_id;
  absl::CivilDay day;
};
struct DisputeName {
  StatementName statement;
  Sequence line = 0;
};

// merchants/{merchant}/statements/{day}
absl::StatusOr<StatementName> ParseStatementName(absl::string_view name, absl::string_view field);
std::string FormatStatementName(absl::string_view merchant_name, absl::CivilDay day);
// merchants/{merchant}/statements/{day}/disputes/{sequence}
absl::StatusOr<DisputeName> ParseDisputeName(absl::string_view name, absl::string_view field);
std::string FormatDisputeName(absl::string_view statement_name, Sequence line);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SETTLEMENT_STATEMENT_NAME_H_
