// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/union_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

using ledger::TimeOf;

constexpr std::size_t kTimeZoneBytesMax = 64;

bool ZoneCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' ||
         c == '+';
}

absl::StatusOr<std::uint32_t> ReadKind(v1::UnionKind kind, absl::string_view field) {
  if (v1::UnionKind_IsValid(kind) && kind != v1::UNION_KIND_UNSPECIFIED) {
    return static_cast<std::uint32_t>(kind);
  }
  return InvalidField(field, "want one of the kinds of union");
}

absl::StatusOr<std::string> ReadLocale(const std::string& locale, absl::string_view field) {
  if (locale.empty() || locale == "zh-CN" || locale == "en") return locale;
  return InvalidField(field, "want zh-CN or en");
}

absl::StatusOr<std::string> ReadZone(const std::string& zone, absl::string_view field) {
  if (!zone.empty()) PUHUI_RETURN_IF_ERROR(ParseTimeZone(zone, field).status());
  return zone;
}

absl::StatusOr<absl::optional<issuing::ApprovalPolicy>> ReadApproval(
    const v1::UnionSettings& settings, absl::string_view field) {
  if (!settings.has_approval_policy()) return absl::optional<issuing::ApprovalPolicy>();
  const v1::ApprovalPolicy& policy = settings.approval_policy();
  if (policy.approvers() < 1 || policy.approvers() > static_cast<std::int32_t>(kApproversMax)) {
    return InvalidField(absl::StrCat(field, ".approvers"),
                        absl::StrCat("want 1 to ", kApproversMax));
  }
  if (policy.two_above_points() < 0 || policy.two_above_points() > Points::kMax) {
    return InvalidField(absl::StrCat(field, ".two_above_points"),
                        absl::StrCat("want 0 to ", Points::kMax));
  }
  return absl::make_optional(
      issuing::ApprovalPolicy{.approvers = static_cast<std::uint32_t>(policy.approvers()),
                              .two_above_points = policy.two_above_points()});
}

absl::StatusOr<absl::optional<issuing::LeavePolicy>> ReadLeave(v1::LeavePolicy policy,
                                                               absl::string_view field) {
  if (policy == v1::LEAVE_POLICY_UNSPECIFIED) return absl::optional<issuing::LeavePolicy>();
  if (!v1::LeavePolicy_IsValid(policy)) return InvalidField(field, "want one of the policies");
  return absl::make_optional(static_cast<issuing::LeavePolicy>(policy));
}

absl::StatusOr<std::string> ReadRulePack(const std::string& id, absl::string_view field) {
  if (!id.empty()) PUHUI_RETURN_IF_ERROR(ValidateTextId(id, field));
  return id;
}

absl::StatusOr<issuing::IssuerKind> ReadIssuerKind(v1::IssuerKind kind, absl::string_view field) {
  if (!v1::IssuerKind_IsValid(kind)) return InvalidField(field, "want one of the kinds of issuer");
  return static_cast<issuing::IssuerKind>(kind);
}

// Takes the field that `path` names.
absl::Status ReadPath(const std::string& path, const v1::Union& from,
                      issuing::UpdateUnionCommand::Wish& wish) {
  const std::string field = absl::StrCat("union.", path);
  const v1::UnionSettings& settings = from.settings();
  if (path == "display_name") {
    wish.display_name = from.display_name();
    return CheckDisplayName(from.display_name(), field);
  }
  if (path == "kind") {
    PUHUI_ASSIGN_OR_RETURN(wish.kind, ReadKind(from.kind(), field));
  } else if (path == "settings.time_zone") {
    PUHUI_ASSIGN_OR_RETURN(wish.time_zone, ReadZone(settings.time_zone(), field));
  } else if (path == "settings.locale") {
    PUHUI_ASSIGN_OR_RETURN(wish.locale, ReadLocale(settings.locale(), field));
  } else if (path == "settings.approval_policy") {
    PUHUI_ASSIGN_OR_RETURN(wish.approval, ReadApproval(settings, field));
  } else if (path == "settings.leave_policy") {
    PUHUI_ASSIGN_OR_RETURN(wish.leave, ReadLeave(settings.leave_policy(), field));
  } else if (path == "settings.rule_pack") {
    PUHUI_ASSIGN_OR_RETURN(wish.rule_pack, ReadRulePack(settings.rule_pack(), field));
  } else if (path == "settings.issuer_kind") {
    PUHUI_ASSIGN_OR_RETURN(wish.issuer_kind, ReadIssuerKind(settings.issuer_kind(), field));
  } else {
    return InvalidField("update_mask",
                        "want display_name, kind, settings.time_zone, settings.locale, "
                        "settings.approval_policy, settings.leave_policy, settings.rule_pack and "
                        "settings.issuer_kind only");
  }
  return absl::OkStatus();
}

void WriteSettings(const issuing::UnionSettings& settings, v1::UnionSettings* message) {
  message->set_time_zone(settings.time_zone);
  message->set_locale(settings.locale);
  if (settings.approval.has_value()) {
    v1::ApprovalPolicy& policy = *message->mutable_approval_policy();
    policy.set_approvers(static_cast<std::int32_t>(settings.approval->approvers));
    policy.set_two_above_points(settings.approval->two_above_points);
  }
  if (settings.leave.has_value()) {
    message->set_leave_policy(static_cast<v1::LeavePolicy>(*settings.leave));
  }
  message->set_rule_pack(settings.rule_pack);
  message->set_issuer_kind(static_cast<v1::IssuerKind>(settings.issuer_kind));
}

absl::StatusOr<std::string> NameOrNone(Names& names, UnionNumber number) {
  return number == UnionNumber{} ? std::string() : names.OfUnion(number);
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

absl::StatusOr<issuing::CreateUnionCommand::Wish> ReadCreateUnion(
    const v1::CreateUnionRequest& request) {
  issuing::CreateUnionCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, UnionId::Parse(request.union_id(), "union_id"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  if (!request.parent().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.parent, ParseUnionName(request.parent(), "parent"));
  }
  PUHUI_ASSIGN_OR_RETURN(wish.kind, ReadKind(request.kind(), "kind"));
  PUHUI_ASSIGN_OR_RETURN(wish.time_zone, ReadZone(request.time_zone(), "time_zone"));
  return wish;
}

absl::StatusOr<issuing::UpdateUnionCommand::Wish> ReadUpdateUnion(
    const v1::UpdateUnionRequest& request) {
  issuing::UpdateUnionCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, ParseUnionName(request.union_().name(), "union.name"));
  wish.etag = request.union_().etag();
  if (request.update_mask().paths().empty()) {
    return InvalidField("update_mask", "want the fields that are to change");
  }
  for (const std::string& path : request.update_mask().paths()) {
    PUHUI_RETURN_IF_ERROR(ReadPath(path, request.union_(), wish));
  }
  return wish;
}

absl::StatusOr<issuing::MoveUnionCommand::Wish> ReadMoveUnion(const v1::MoveUnionRequest& request) {
  issuing::MoveUnionCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, ParseUnionName(request.name(), "name"));
  if (!request.parent().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.parent, ParseUnionName(request.parent(), "parent"));
  }
  wish.etag = request.etag();
  return wish;
}

std::string WriteWalkPath(const std::vector<UnionNumber>& path) {
  return absl::StrJoin(path, "/", [](std::string* out, UnionNumber number) {
    absl::StrAppend(out, static_cast<std::uint32_t>(number));
  });
}

std::vector<UnionNumber> ReadWalkPath(absl::string_view cursor) {
  std::vector<UnionNumber> path;
  for (const absl::string_view digits : absl::StrSplit(cursor, '/')) {
    std::uint32_t number = 0;
    if (!absl::SimpleAtoi(digits, &number)) return {};
    path.push_back(UnionNumber{number});
  }
  return path;
}

absl::StatusOr<v1::Union> UnionView::Of(UnionNumber number, const issuing::UnionRow& row) {
  v1::Union message;
  message.set_name(absl::StrCat("unions/", row.id));
  message.set_display_name(row.display_name);
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_parent(), NameOrNone(names_, row.parent));
  message.set_kind(static_cast<v1::UnionKind>(row.kind));
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  message.set_state(row.open() ? v1::UNION_STATE_OPEN : v1::UNION_STATE_CLOSED);
  if (!row.open()) *message.mutable_close_time() = ToTimestamp(*row.close_time);
  WriteSettings(row.settings, message.mutable_settings());
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings effective, settings_.Of(number, row));
  WriteSettings(effective, message.mutable_effective_settings());
  message.set_time_zone(effective.time_zone);
  message.set_etag(issuing::UnionEtag(number, row.changed));
  return message;
}

absl::StatusOr<v1::Union> UnionView::WithBudgets(UnionNumber number, const issuing::UnionRow& row) {
  PUHUI_ASSIGN_OR_RETURN(v1::Union message, Of(number, row));
  PUHUI_ASSIGN_OR_RETURN(
      const auto lines,
      issuing::ListBudgetLines(store_, {number, issuing::BudgetSum::kOwn, UnionNumber{}},
                               kPageSizeMax));
  for (const auto& [origin, points] : lines) {
    v1::Budget& budget = *message.add_budgets();
    PUHUI_ASSIGN_OR_RETURN(*budget.mutable_origin(), names_.OfUnion(origin));
    budget.set_points(points);
  }
  return message;
}

absl::StatusOr<v1::Union> CreatedUnion(const ledger::Readable& store,
                                       const journal::v1::Record& created) {
  const journal::v1::UnionCreated& stored = created.union_created();
  Names names(&store);
  v1::Union message;
  message.set_name(absl::StrCat("unions/", stored.id()));
  message.set_display_name(stored.display_name());
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_parent(),
                         NameOrNone(names, UnionNumber{stored.parent()}));
  message.set_kind(static_cast<v1::UnionKind>(stored.kind()));
  message.set_time_zone(stored.time_zone());
  message.mutable_settings()->set_time_zone(stored.time_zone());
  *message.mutable_create_time() = ToTimestamp(TimeOf(created));
  message.set_state(v1::UNION_STATE_OPEN);
  message.set_etag(issuing::UnionEtag(UnionNumber{stored.number()}, created.sequence()));
  return message;
}

absl::StatusOr<v1::Union> UpdatedUnion(const ledger::Readable& store,
                                       const journal::v1::Record& updated) {
  const journal::v1::UnionUpdated& stored = updated.union_updated();
  const UnionNumber number{stored.number()};
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row, issuing::UnionByNumber(store, number));
  Names names(&store);
  v1::Union message;
  message.set_name(absl::StrCat("unions/", row.id));
  message.set_display_name(stored.after().display_name());
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_parent(),
                         NameOrNone(names, UnionNumber{stored.parent()}));
  message.set_kind(static_cast<v1::UnionKind>(stored.after().kind()));
  WriteSettings(issuing::SettingsFrom(stored.after().settings()), message.mutable_settings());
  message.set_time_zone(message.settings().time_zone());
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  message.set_state(v1::UNION_STATE_OPEN);
  message.set_etag(issuing::UnionEtag(number, updated.sequence()));
  return message;
}

absl::StatusOr<v1::MoveUnionResponse> MovedUnion(const ledger::Readable& store,
                                                 const journal::v1::Record& moved) {
  const journal::v1::UnionMoved& stored = moved.union_moved();
  const UnionNumber number{stored.number()};
  Names names(&store);
  v1::MoveUnionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_name(), names.OfUnion(number));
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_parent(),
                         NameOrNone(names, UnionNumber{stored.parent_after()}));
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_former_parent(),
                         NameOrNone(names, UnionNumber{stored.parent_before()}));
  response.set_etag(issuing::UnionEtag(number, moved.sequence()));
  *response.mutable_move_time() = ToTimestamp(TimeOf(moved));
  return response;
}

absl::StatusOr<v1::CloseUnionResponse> ClosedUnion(const ledger::Readable& store,
                                                   const journal::v1::Record& closed) {
  const UnionNumber number{closed.union_closed().number()};
  v1::CloseUnionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_name(), Names(&store).OfUnion(number));
  response.set_etag(issuing::UnionEtag(number, closed.sequence()));
  *response.mutable_close_time() = ToTimestamp(TimeOf(closed));
  return response;
}

}  // namespace puhui::services
