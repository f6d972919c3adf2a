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

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp timestamp;
  // Floors, so that times before 1970 keep nanos in 0…999,999,999.
  const std::int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>((micros - seconds * 1'000'000) * 1'000));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  const absl::Time time =
      absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

absl::StatusOr<absl::Time> ParseMoment(const google::protobuf::Timestamp& timestamp,
                                       absl::string_view field) {
  // What a Timestamp may hold: the years 1 to 9999.
  constexpr std::int64_t kSecondsMin = -62'135'596'800;
  constexpr std::int64_t kSecondsMax = 253'402'300'799;
  if (timestamp.seconds() < kSecondsMin || timestamp.seconds() > kSecondsMax ||
      timestamp.nanos() < 0 || timestamp.nanos() > 999'999'999) {
    return InvalidField(field, "want a moment between the years 1 and 9999");
  }
  return FromTimestamp(timestamp);
}

}  // namespace puhui::services
