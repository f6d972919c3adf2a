// SPDX-License-Identifier: Apache-2.0
#include "services/settlement/statement_name.h"

#include "ledger/base/status_macros.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kStatements = "/statements/";
constexpr absl::string_view kDisputes = "/disputes/";
constexpr absl::string_view kStatementFormat = "want merchants/{merchant}/statements/{day}";
constexpr absl::string_view kDisputeFormat =
    "want merchants/{merchant}/statements/{day}/disputes/{sequence}";

using Halves = std::pair<absl::string_view, absl::string_view>;

}  // namespace

absl::StatusOr<StatementName> ParseStatementName(absl::string_view name, absl::string_view field) {
  const Halves halves = absl::StrSplit(name, absl::MaxSplits(kStatements, 1));
  absl::StatusOr<MerchantId> merchant = ParseMerchantName(halves.first, field);
  const absl::StatusOr<absl::CivilDay> day = ReadDay(halves.second, field);
  if (!merchant.ok() || !day.ok()) return InvalidField(field, kStatementFormat);
  return StatementName{.merchant_id = *std::move(merchant), .day = *day};
}

std::string FormatStatementName(absl::string_view merchant_name, absl::CivilDay day) {
  return absl::StrCat(merchant_name, kStatements, absl::FormatCivilTime(day));
}

absl::StatusOr<DisputeName> ParseDisputeName(absl::string_view name, absl::string_view field) {
  const Halves halves = absl::StrSplit(name, absl::MaxSplits(kDisputes, 1));
  absl::StatusOr<StatementName> statement = ParseStatementName(halves.first, field);
  Sequence line = 0;
  // One record has one name, so a number with leading zeros is none.
  if (!statement.ok() || !absl::SimpleAtoi(halves.second, &line) || line == 0 ||
      absl::StrCat(line) != halves.second) {
    return InvalidField(field, kDisputeFormat);
  }
  return DisputeName{.statement = *std::move(statement), .line = line};
}

std::string FormatDisputeName(absl::string_view statement_name, Sequence line) {
  return absl::StrCat(statement_name, kDisputes, line);
}

}  // namespace puhui::services
