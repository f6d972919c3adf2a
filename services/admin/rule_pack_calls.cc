// SPDX-License-Identifier: Apache-2.0
#include "services/admin/rule_pack_calls.h"

#include "issuing/app/rule_commands.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/deterministic_bytes.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"
#include "services/rules/rule_pack_convert.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// A field that this program does not know may be a limit: whoever sent it believes that it binds.
bool HasUnknownFields(const v1::RulePack& pack) {
  v1::RulePack known = pack;
  known.DiscardUnknownFields();
  return known.ByteSizeLong() != pack.ByteSizeLong();
}

absl::StatusOr<issuing::RulePackWish> ReadLoad(const CallContext& call,
                                               const v1::LoadRulePackRequest& request) {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  if (HasUnknownFields(request.pack())) {
    return InvalidField("pack", "want the fields that this version of the service knows only");
  }
  issuing::RulePackWish wish{.message = DeterministicBytes(request.pack()),
                             .person = call.principal().person};
  if (const auto problem = ToPack(request.pack(), &wish.pack)) {
    return ledger::ToStatus(issuing::RefusePack(*problem));
  }
  return wish;
}

absl::StatusOr<v1::LoadedRulePack> LoadedOf(const issuing::RulePackRow& row) {
  v1::LoadedRulePack message;
  message.set_name(FormatRulePackVersionName(row.pack.id, row.pack.version));
  if (!message.mutable_pack()->ParseFromString(row.message)) {
    return absl::DataLossError(absl::StrCat(message.name(), " is no rule pack"));
  }
  *message.mutable_load_time() = ToTimestamp(row.load_time);
  return message;
}

v1::RulePackSummary SummaryOf(const issuing::RulePackRow& row) {
  v1::RulePackSummary message;
  message.set_name(FormatRulePackVersionName(row.pack.id, row.pack.version));
  message.set_display_name(row.pack.display_name);
  message.set_effective_from(absl::FormatCivilTime(row.pack.effective_from));
  if (row.pack.effective_to.has_value()) {
    message.set_effective_to(absl::FormatCivilTime(*row.pack.effective_to));
  }
  *message.mutable_load_time() = ToTimestamp(row.load_time);
  return message;
}

// A version that is loaded never changes, so this is as a replay would answer.
absl::Status AnswerLoaded(const ledger::Readable& store, const issuing::RulePackName& name,
                          v1::LoadRulePackResponse* response) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindRulePack(store, name));
  if (!row.has_value()) return absl::DataLossError("a loaded rule pack is missing");
  PUHUI_ASSIGN_OR_RETURN(*response->mutable_rule_pack(), LoadedOf(*row));
  return absl::OkStatus();
}

// Where the next page begins.
std::string CursorOf(const issuing::RulePackRow& last) {
  return absl::StrCat(last.pack.id, "/", last.pack.version);
}

absl::StatusOr<issuing::RulePackName> ParseCursor(absl::string_view cursor) {
  issuing::RulePackName after;
  if (cursor.empty()) return after;
  const std::pair<std::string, absl::string_view> parts = absl::StrSplit(cursor, '/');
  after.id = parts.first;
  if (!absl::SimpleAtoi(parts.second, &after.version)) {
    return InvalidField("page_token", "want a token of this list");
  }
  return after;
}

}  // namespace

void RulePackCalls::Load(const CallContext& call, const v1::LoadRulePackRequest& request,
                         v1::LoadRulePackResponse* response, Completion done) const {
  absl::StatusOr<issuing::RulePackWish> wish = ReadLoad(call, request);
  if (!wish.ok()) return done(wish.status());
  const issuing::RulePackName name{wish->pack.id, wish->pack.version};
  if (request.validate_only()) {
    const auto refusal = issuing::PreviewLoading(parts_.ledger.engine->Latest(), *wish);
    if (!refusal.ok()) return done(refusal.status());
    if (refusal->has_value()) return done(ledger::ToStatus(**refusal));
    response->mutable_rule_pack()->set_name(FormatRulePackVersionName(name.id, name.version));
    *response->mutable_rule_pack()->mutable_pack() = request.pack();
    return done(absl::OkStatus());
  }
  std::unique_ptr<ledger::Command> command =
      std::make_unique<issuing::LoadRulePackCommand>(parts_.tables, *std::move(wish));
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [engine = parts_.ledger.engine, name](const ledger::Outcome& /*outcome*/,
                                                   v1::LoadRulePackResponse* out) {
               return AnswerLoaded(engine->Latest(), name, out);
             });
}

absl::StatusOr<v1::ListRulePacksResponse> RulePackCalls::List(
    const CallContext& call, const v1::ListRulePacksRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const issuing::RulePackName after, ParseCursor(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(std::vector<issuing::RulePackRow> rows,
                         issuing::ListRulePacks(*store, after, page_size + 1));
  v1::ListRulePacksResponse response;
  if (rows.size() > page_size) {
    rows.pop_back();
    response.set_next_page_token(parts_.tokens->Seal(filter, CursorOf(rows.back())));
  }
  for (const issuing::RulePackRow& row : rows) *response.add_rule_packs() = SummaryOf(row);
  return response;
}

absl::StatusOr<v1::GetRulePackResponse> RulePackCalls::Get(
    const v1::GetRulePackRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const RulePackVersionName name,
                         ParseRulePackVersionName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindRulePack(parts_.ledger.engine->Latest(),
                                                               {name.id.text(), name.version}));
  if (!row.has_value()) return NotFound("rule pack");
  v1::GetRulePackResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_rule_pack(), LoadedOf(*row));
  return response;
}

}  // namespace puhui::services
