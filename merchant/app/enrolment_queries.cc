// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/enrolment_queries.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"

#include <map>
#include <utility>

namespace puhui::merchant {
namespace {

// Ids are not empty, so that the first page begins behind the empty one.
ledger::Range Behind(ledger::Table table, MerchantNumber merchant, absl::string_view after) {
  return {.prefix = ledger::EncodeKeyPrefix(table, merchant),
          .from = ledger::EncodeKey(table, PlaceKey{merchant, std::string(after)}),
          .after_from = true};
}

}  // namespace

absl::StatusOr<absl::optional<FoundTerminal>> FindTerminalOrCode(const ledger::Readable& from,
                                                                 MerchantNumber merchant,
                                                                 absl::string_view id) {
  const PlaceKey key{merchant, std::string(id)};
  FoundTerminal found{.id = key.id};
  PUHUI_ASSIGN_OR_RETURN(const auto number, ledger::Find(from, kTerminalIdTable, key));
  if (number.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(found.row, TerminalByNumber(from, *number));
  }
  PUHUI_ASSIGN_OR_RETURN(found.code, ledger::Find(from, kEnrolmentCodeTable, key));
  if (!found.row.has_value() && !found.code.has_value()) return absl::optional<FoundTerminal>();
  return absl::make_optional(std::move(found));
}

absl::StatusOr<std::vector<FoundTerminal>> ListTerminalsAndCodes(const ledger::Readable& from,
                                                                 MerchantNumber merchant,
                                                                 absl::string_view after,
                                                                 std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(
      const auto numbers,
      ledger::List(from, kTerminalIdTable, Behind(kTerminalIdTable.id, merchant, after), limit));
  PUHUI_ASSIGN_OR_RETURN(auto codes,
                         ledger::List(from, kEnrolmentCodeTable,
                                      Behind(kEnrolmentCodeTable.id, merchant, after), limit));
  // What is among the first `limit` of both together is among the first of its own.
  std::map<std::string, FoundTerminal> by_id;
  for (const auto& number : numbers) {
    PUHUI_ASSIGN_OR_RETURN(by_id[number.key.id].row, TerminalByNumber(from, number.value));
  }
  for (auto& code : codes) by_id[code.key.id].code = std::move(code.value);
  std::vector<FoundTerminal> found;
  for (auto& [id, terminal] : by_id) {
    if (found.size() == limit) break;
    terminal.id = id;
    found.push_back(std::move(terminal));
  }
  return found;
}

}  // namespace puhui::merchant
