// SPDX-License-Identifier: Apache-2.0
// SettlementService: business days and their statements.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "merchant/app/statement_commands.h"
#include "merchant/app/statement_queries.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"
#include "services/settlement/settlement_scope.h"
#include "services/settlement/settlement_wire.h"
#include "services/settlement/statement_convert.h"
#include "services/settlement/statement_name.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Lines of a statement, some at a time. The statement is frozen, so each look may be of another
// moment. Read from the first one on, they have to come to the digest they were cut with.
// Threads: none. Borrows: the engine.
class LineStream {
 public:
  LineStream(const ledger::Engine* engine, SeenStatement statement, Sequence after)
      : engine_(*engine),
        names_(&engine->Latest()),
        statement_(std::move(statement)),
        after_(after),
        whole_(after < statement_.row.lines.first) {}

  absl::StatusOr<Pull> Next(v1::GetStatementResponse* message) {
    PUHUI_ASSIGN_OR_RETURN(
        const std::vector<merchant::StatementLine> lines,
        merchant::ListLines(engine_.Latest(), statement_.seller.number, statement_.row.lines,
                            after_, kStatementLinesPerMessage));
    if (lines.empty()) return End();
    for (const merchant::StatementLine& line : lines) {
      PUHUI_ASSIGN_OR_RETURN(const std::string* terminal, TerminalName(line.terminal));
      PUHUI_ASSIGN_OR_RETURN(*message->add_lines(), LineOf(line, *terminal, names_));
      if (whole_) Hash(line, *terminal);
    }
    after_ = lines.back().sequence;
    return Pull::kMessage;
  }

 private:
  void Hash(const merchant::StatementLine& line, absl::string_view terminal_name) {
    const std::size_t slash = terminal_name.rfind('/');
    const absl::string_view id =
        slash == absl::string_view::npos ? terminal_name : terminal_name.substr(slash + 1);
    digest_ = sha256_.Digest(ledger::AsBytes(digest_), merchant::CanonicalText(line, id));
  }
  absl::StatusOr<Pull> End() const {
    const merchant::DayLines& lines = statement_.row.lines;
    if (!whole_ || digest_ == lines.digest) return Pull::kEnd;
    return absl::DataLossError(absl::StrCat("records ", lines.first, " to ", lines.last, " of ",
                                            statement_.seller.name,
                                            " are others than the statement was cut with"));
  }
  absl::StatusOr<const std::string*> TerminalName(TerminalNumber number) {
    std::string& name = terminals_[number];
    if (name.empty() && number != TerminalNumber{}) {
      PUHUI_ASSIGN_OR_RETURN(name, names_.OfTerminal(number));
    }
    return &name;
  }

  const ledger::Engine& engine_;
  Names names_;
  const SeenStatement statement_;
  Sequence after_;
  const bool whole_;
  ledger::Hash digest_{};  // Over the lines so far.
  ledger::Sha256 sha256_;
  absl::flat_hash_map<TerminalNumber, std::string> terminals_;
};

absl::StatusOr<v1::GetStatementResponse> Head(const SeenStatement& seen,
                                              const ledger::Readable& store) {
  PUHUI_RETURN_IF_ERROR(merchant::CheckFrozen(store, seen.row));
  v1::GetStatementResponse head;
  *head.mutable_statement() = StatementOf(seen.seller.name, seen.row);
  PUHUI_ASSIGN_OR_RETURN(const auto parts, merchant::PartsOf(store, seen.key, seen.row));
  Names names(&store);
  for (const auto& [origin, part] : parts) {
    v1::OriginFigures& added = *head.add_origins();
    PUHUI_ASSIGN_OR_RETURN(*added.mutable_union_(), names.OfUnion(origin));
    *added.mutable_figures() = FiguresOf(part.figures, part.payable_before);
  }
  return head;
}

}  // namespace

void SettlementService::ServeStatements(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kCutDay, wire_.get(), &Wire::RequestCutDay,
                      [this](const CallContext& call, const v1::CutDayRequest& asked) {
                        return DoCutDay(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListStatements, wire_.get(), &Wire::RequestListStatements,
                      [this](const CallContext& call, const v1::ListStatementsRequest& asked) {
                        return DoListStatements(call, asked);
                      });
  calls.ServerStream(Rpc::kGetStatement, wire_.get(), &Wire::RequestGetStatement,
                     [this](const CallContext& call, const v1::GetStatementRequest& asked) {
                       return OpenStatement(call, asked);
                     });
  calls.UnaryOnWorker(Rpc::kAgreeStatement, wire_.get(), &Wire::RequestAgreeStatement,
                      [this](const CallContext& call, const v1::AgreeStatementRequest& asked) {
                        return DoAgree(call, asked);
                      });
}

// A day that was cut before has no record of this call; the answer is that of its cut all the same.
absl::StatusOr<v1::CutDayResponse> SettlementService::DoCutDay(
    const CallContext& call, const v1::CutDayRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> moment = parts_.ledger.engine->Read();
  const absl::StatusOr<SeenMerchant> of = SeeMerchant(call.principal(), name.merchant_id, *moment);
  if (!of.ok()) return absl::IsNotFound(of.status()) ? NotFound("statement") : of.status();
  const merchant::StatementKey key{of->number, name.day};
  // A day that nothing was sold on is for the command to refuse: it may not be over.
  const absl::StatusOr<SeenStatement> seen = SeeStatement(call.principal(), name, *moment);
  if (seen.ok()) {
    PUHUI_RETURN_IF_ERROR(AllowDeciding(call.principal(), *seen, *moment, *parts_.tree));
  } else if (!absl::IsNotFound(seen.status())) {
    return seen.status();
  }
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::CutDayCommand>(parts_.state, key, call.principal().person)));
  v1::CutDayResponse response;
  if (!outcome.empty()) {
    PUHUI_ASSIGN_OR_RETURN(*response.mutable_statement(), StatementOf(of->name, outcome.first()));
  } else {
    const ledger::Readable& store = parts_.ledger.engine->Latest();
    PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindStatement(store, key));
    if (!row.has_value()) return absl::DataLossError("a statement that was cut is missing");
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(store, row->cut));
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record cut, ledger::ParseRecord(row->cut, bytes));
    PUHUI_ASSIGN_OR_RETURN(*response.mutable_statement(), StatementOf(of->name, cut));
  }
  return response;
}

absl::StatusOr<v1::ListStatementsResponse> SettlementService::DoListStatements(
    const CallContext& call, const v1::ListStatementsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.parent(), "parent"));
  if (!v1::StatementState_IsValid(request.state())) {
    return InvalidField("state", "want a state that there is");
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  absl::optional<absl::CivilDay> after;
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(after, ReadDay(cursor, "page_token"));
  }
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenMerchant of, SeeMerchant(call.principal(), id, *store));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::StatementRow> rows,
                         merchant::ListStatements(*store, of.number, after, page_size + 1));
  v1::ListStatementsResponse response;
  for (std::size_t i = 0; i < std::min(rows.size(), page_size); ++i) {
    v1::Statement statement = StatementOf(of.name, rows[i]);
    const bool wanted =
        request.state() == v1::STATEMENT_STATE_UNSPECIFIED || request.state() == statement.state();
    if (!wanted) continue;
    *response.add_statements() = std::move(statement);
  }
  if (rows.size() > page_size) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, absl::FormatCivilTime(rows[page_size - 1].day.day)));
  }
  return response;
}

absl::StatusOr<MessageSource<v1::GetStatementResponse>> SettlementService::OpenStatement(
    const CallContext& call, const v1::GetStatementRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(SeenStatement seen, SeeStatement(call.principal(), name, *store));
  if (seen.row.state == merchant::StatementState::kOpen) {
    return ledger::ToStatus(
        {.reason = ledger::Reason::kStatementState, .message = "the business day is not cut yet"});
  }
  PUHUI_ASSIGN_OR_RETURN(v1::GetStatementResponse first, Head(seen, *store));
  auto head = std::make_shared<absl::optional<v1::GetStatementResponse>>(std::move(first));
  auto lines =
      std::make_shared<LineStream>(parts_.ledger.engine, std::move(seen), request.after_sequence());
  return MessageSource<v1::GetStatementResponse>(
      [head, lines, summary = request.summary_only()](
          v1::GetStatementResponse* message) -> absl::StatusOr<Pull> {
        if (!head->has_value()) return summary ? Pull::kEnd : lines->Next(message);
        *message = *std::exchange(*head, absl::nullopt);
        return Pull::kMessage;
      });
}

absl::StatusOr<v1::AgreeStatementResponse> SettlementService::DoAgree(
    const CallContext& call, const v1::AgreeStatementRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.name(), "name"));
  if (request.digest().size() != std::tuple_size_v<ledger::Hash>) {
    return InvalidField("digest", "want the 32 bytes of the statement's digest");
  }
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenStatement seen, SeeStatement(call.principal(), name, *store));
  PUHUI_RETURN_IF_ERROR(AllowDeciding(call.principal(), seen, *store, *parts_.tree));
  PUHUI_RETURN_IF_ERROR(Run(call, request,
                            std::make_unique<merchant::AgreeStatementCommand>(
                                parts_.state.tables,
                                merchant::AgreeStatementCommand::Wish{
                                    .statement = seen.key,
                                    .digest = ledger::HashFromBytes(request.digest()),
                                    .person = call.principal().person}))
                            .status());
  v1::AgreeStatementResponse response;
  response.set_name(request.name());
  return response;
}

}  // namespace puhui::services
