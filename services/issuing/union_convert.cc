// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/union_convert.h"

#include "issuing/app/queries.h"
#include "ledger/base/status_macros.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

constexpr char kDefaultTimeZone[] = "Asia/Shanghai";
constexpr std::size_t kTimeZoneBytesMax = 64;
constexpr std::size_t kBankReferenceBytesMax = 64;

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool ZoneCharacter(char c) { return IsAlnum(c) || c == '/' || c == '_' || c == '-' || c == '+'; }

std::string FundingNameOf(absl::string_view union_name, Sequence proposal) {
  return absl::StrCat(union_name, "/fundings/", proposal);
}

absl::Time TimeOf(const journal::v1::Record& record) {
  return absl::FromUnixMicros(record.time_micros());
}

}  // namespace

absl::StatusOr<absl::TimeZone> ParseTimeZone(absl::string_view name, absl::string_view field) {
  absl::TimeZone zone;
  const bool shaped = !name.empty() && name.size() <= kTimeZoneBytesMax && name.front() != '/' &&
                      name != "localtime" && std::all_of(name.begin(), name.end(), ZoneCharacter);
  if (!shaped || !absl::LoadTimeZone(name, &zone)) {
    return InvalidField(field, "want an IANA zone, for example Asia/Shanghai");
  }
  return zone;
}

absl::Status CheckBankReference(absl::string_view text, absl::string_view field) {
  const bool good = !text.empty() && text.size() <= kBankReferenceBytesMax &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return IsAlnum(c) || c == '-' || c == '_' || c == '/';
                    });
  if (good) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kBankReferenceBytesMax,
                                          " of A-Z, a-z, 0-9, '-', '_' and '/'"));
}

absl::StatusOr<issuing::CreateUnionCommand::Wish> ReadCreateUnion(
    const v1::CreateUnionRequest& request) {
  issuing::CreateUnionCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, UnionId::Parse(request.union_id(), "union_id"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  if (!request.parent().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.parent, ParseUnionName(request.parent(), "parent"));
  }
  if (!v1::UnionKind_IsValid(request.kind()) || request.kind() == v1::UNION_KIND_UNSPECIFIED) {
    return InvalidField("kind", "want one of the kinds of union");
  }
  wish.kind = static_cast<std::uint32_t>(request.kind());
  wish.time_zone = request.time_zone().empty() ? kDefaultTimeZone : request.time_zone();
  PUHUI_RETURN_IF_ERROR(ParseTimeZone(wish.time_zone, "time_zone").status());
  return wish;
}

absl::StatusOr<FundingRef> ParseFunding(absl::string_view name, absl::string_view field) {
  PUHUI_ASSIGN_OR_RETURN(FundingName parsed, ParseFundingName(name, field));
  FundingRef funding{.union_id = std::move(parsed.union_id)};
  const std::string& digits = parsed.funding_id.text();
  // One funding has one name, so a number with leading zeros is not one.
  if (!absl::SimpleAtoi(digits, &funding.proposal) || absl::StrCat(funding.proposal) != digits ||
      funding.proposal == 0) {
    return InvalidField(field, "want unions/{union}/fundings/{funding}, with a whole number");
  }
  return funding;
}

absl::StatusOr<v1::Union> UnionOf(const ledger::Readable& store,
                                  const journal::v1::Record& created) {
  const journal::v1::UnionCreated& stored = created.union_created();
  v1::Union message;
  message.set_name(absl::StrCat("unions/", stored.id()));
  message.set_display_name(stored.display_name());
  if (stored.parent() != 0) {
    PUHUI_ASSIGN_OR_RETURN(*message.mutable_parent(),
                           Names(&store).OfUnion(UnionNumber{stored.parent()}));
  }
  message.set_kind(static_cast<v1::UnionKind>(stored.kind()));
  message.set_time_zone(stored.time_zone());
  *message.mutable_create_time() = ToTimestamp(TimeOf(created));
  return message;
}

absl::StatusOr<v1::Union> UnionOf(const ledger::Readable& store, UnionNumber number,
                                  const issuing::UnionRow& row) {
  Names names(&store);
  v1::Union message;
  message.set_name(absl::StrCat("unions/", row.id));
  message.set_display_name(row.display_name);
  if (row.parent != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(*message.mutable_parent(), names.OfUnion(row.parent));
  }
  message.set_kind(static_cast<v1::UnionKind>(row.kind));
  message.set_time_zone(row.time_zone);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  PUHUI_ASSIGN_OR_RETURN(const std::vector<issuing::UnionBudget> budgets,
                         issuing::BudgetsOf(store, number));
  for (const issuing::UnionBudget& budget : budgets) {
    v1::Budget& line = *message.add_budgets();
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names.OfUnion(budget.origin));
    line.set_points(budget.points);
  }
  return message;
}

absl::StatusOr<v1::Funding> ProposedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& proposed) {
  const journal::v1::FundingProposed& stored = proposed.funding_proposed();
  PUHUI_ASSIGN_OR_RETURN(const std::string union_name,
                         Names(&store).OfUnion(UnionNumber{stored.union_number()}));
  v1::Funding message;
  message.set_name(FundingNameOf(union_name, proposed.sequence()));
  message.set_points(stored.points());
  message.set_bank_reference(stored.bank_reference());
  *message.mutable_create_time() = ToTimestamp(TimeOf(proposed));
  return message;
}

absl::StatusOr<v1::Funding> ConfirmedFunding(const ledger::Readable& store,
                                             const journal::v1::Record& confirmed) {
  const journal::v1::FundingConfirmed& stored = confirmed.entry().funding();
  PUHUI_ASSIGN_OR_RETURN(const std::string union_name,
                         Names(&store).OfUnion(UnionNumber{stored.union_number()}));
  // What was proposed never changes, so it may be read here and a replay still gives the same.
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<issuing::FundingRow> row,
                         issuing::FindFunding(store, stored.proposal()));
  if (!row.has_value()) return absl::DataLossError("a confirmed funding is missing");
  v1::Funding message;
  message.set_name(FundingNameOf(union_name, stored.proposal()));
  message.set_points(row->points);
  message.set_bank_reference(row->bank_reference);
  message.set_confirmed(true);
  *message.mutable_create_time() = ToTimestamp(row->create_time);
  *message.mutable_confirm_time() = ToTimestamp(TimeOf(confirmed));
  return message;
}

}  // namespace puhui::services
