// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/names.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

// Reads the row of a number once and keeps `collection`/{its id}.
template <class Number, class RowTable>
absl::StatusOr<std::string> NameOf(const ledger::Readable& from, const RowTable& table,
                                   absl::string_view collection, Number number,
                                   absl::flat_hash_map<std::uint32_t, std::string>& known) {
  std::string& name = known[static_cast<std::uint32_t>(number)];
  if (name.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, table, number));
    if (!row.has_value()) {
      return absl::DataLossError(absl::StrCat("nothing in ", collection, " has the number ",
                                              static_cast<std::uint32_t>(number)));
    }
    name = absl::StrCat(collection, "/", row->id);
  }
  return name;
}

}  // namespace

absl::StatusOr<std::string> Names::OfUnion(UnionNumber number) {
  return NameOf(from_, issuing::kUnionTable, "unions", number, unions_);
}

absl::StatusOr<std::string> Names::OfCampaign(CampaignNumber number) {
  return NameOf(from_, issuing::kCampaignTable, "campaigns", number, campaigns_);
}

absl::StatusOr<std::string> Names::OfMerchant(MerchantNumber number) {
  return NameOf(from_, merchant::kMerchantTable, "merchants", number, merchants_);
}

absl::StatusOr<std::string> Names::OfTerminal(TerminalNumber number) {
  PUHUI_ASSIGN_OR_RETURN(const merchant::TerminalRow terminal,
                         merchant::TerminalByNumber(from_, number));
  PUHUI_ASSIGN_OR_RETURN(const std::string merchant, OfMerchant(terminal.merchant));
  return absl::StrCat(merchant, "/terminals/", terminal.id);
}

}  // namespace puhui::services
