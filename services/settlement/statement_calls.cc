// SPDX-License-Identifier: Apache-2.0
// SettlementService: business days and their statements.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "merchant/app/statement_commands.h"
#include "merchant/app/statement_queries.h"
#include "services/ledger/seen_money.h"
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

// Statements that are looked at for a narrowed auditor at a time: each one's parts are added up.
constexpr std::size_t kPartialStatementsMax = 100;
// Looks for lines before others have their turn.
constexpr int kLooksAtATime = 20;

// Lines of a statement, some at a time. The statement is frozen, so each look may be of another
// moment. Read from the first one on, they have to come to the digest they were cut with, also
// those that the reader is not told; how many these are does not show in how the others come.
// Threads: none. Borrows: the engine and the tree.
class LineStream {
 public:
  struct Reader {
    Principal principal;
    const UnionTree* tree;
  };
  LineStream(const ledger::Engine* engine, Reader reader, SeenStatement statement, Sequence after)
      : engine_(*engine),
        principal_(std::move(reader.principal)),
        names_(&engine->Latest()),
        money_(&principal_, reader.tree, &names_),
        statement_(std::move(statement)),
        after_(after),
        whole_(after < statement_.row.lines.first) {}

  absl::StatusOr<Pull> Next(v1::GetStatementResponse* message) {
    for (int looks = 0; looks < kLooksAtATime; ++looks) {
      PUHUI_ASSIGN_OR_RETURN(
          const std::size_t found,
          Look(kStatementLinesPerMessage - static_cast<std::size_t>(told_.lines_size())));
      if (found == 0 && told_.lines_size() == 0) return End();
      if (found == 0 || told_.lines_size() == static_cast<int>(kStatementLinesPerMessage)) {
        *message = std::exchange(told_, v1::GetStatementResponse());
        return Pull::kMessage;
      }
    }
    return Pull::kIdle;
  }

 private:
  // Takes the next lines, and of those that are told at most so many. Returns how many it took.
  absl::StatusOr<std::size_t> Look(std::size_t told_max) {
    PUHUI_ASSIGN_OR_RETURN(
        std::vector<merchant::StatementLine> lines,
        merchant::ListLines(engine_.Latest(), statement_.seller.number, statement_.row.lines,
                            after_, kStatementLinesPerMessage));
    std::size_t taken = 0;
    for (merchant::StatementLine& line : lines) {
      if (told_max == 0) break;
      ++taken;
      after_ = line.sequence;
      PUHUI_ASSIGN_OR_RETURN(const std::string* terminal, TerminalName(line.terminal));
      if (whole_) Hash(line, *terminal);
      PUHUI_ASSIGN_OR_RETURN(const bool told, KeepTold(&line, &money_));
      if (!told) continue;
      PUHUI_ASSIGN_OR_RETURN(*told_.add_lines(), LineOf(line, *terminal, names_));
      --told_max;
    }
    return taken;
  }
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
  const Principal principal_;
  Names names_;
  SeenMoney money_;
  const SeenStatement statement_;
  Sequence after_;
  const bool whole_;
  v1::GetStatementResponse told_;  // The next message, as far as it is known.
  ledger::Hash digest_{};          // Over the lines so far.
  ledger::Sha256 sha256_;
  absl::flat_hash_map<TerminalNumber, std::string> terminals_;
};

absl::StatusOr<v1::GetStatementResponse> Head(const SeenStatement& seen,
                                              const ledger::Readable& store, SeenMoney* money) {
  PUHUI_RETURN_IF_ERROR(merchant::CheckFrozen(store, seen.row));
  v1::GetStatementResponse head;
  PUHUI_ASSIGN_OR_RETURN(const StatementParts parts, ToldParts(seen.key, seen.row, store, money));
  *head.mutable_statement() = StatementOf(seen.seller.name, seen.row, parts);
  Names names(&store);
  for (const auto& [origin, part] : parts.by_origin) {
    v1::OriginFigures& added = *head.add_origins();
    PUHUI_ASSIGN_OR_RETURN(*added.mutable_union_(), names.OfUnion(origin));
    *added.mutable_figures() = FiguresOf(part.figures, part.payable_before);
  }
  return head;
}

// Of a list. Nothing: the reader is not told of it.
absl::StatusOr<absl::optional<v1::Statement>> ListedStatement(const SeenMerchant& of,
                                                              const merchant::StatementRow& row,
                                                              const ledger::Readable& store,
                                                              SeenMoney* money) {
  if (!money->narrowed()) return absl::make_optional(StatementOf(of.name, row));
  PUHUI_ASSIGN_OR_RETURN(const StatementParts parts,
                         ToldParts({of.number, row.day.day}, row, store, money));
  if (parts.by_origin.empty()) return absl::optional<v1::Statement>();
  return absl::make_optional(StatementOf(of.name, row, parts));
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
  Names names(store.get());
  SeenMoney money(&call.principal(), parts_.tree, &names);
  // Were it as many as a page has, small pages would tell where statements are that are not told.
  const std::size_t looks_max = money.narrowed() ? kPartialStatementsMax : page_size;
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::StatementRow> rows,
                         merchant::ListStatements(*store, of.number, after, looks_max + 1));
  v1::ListStatementsResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < std::min(rows.size(), looks_max); ++looked_at) {
    const merchant::StatementRow& row = rows[looked_at];
    const bool wanted = request.state() == v1::STATEMENT_STATE_UNSPECIFIED ||
                        static_cast<int>(request.state()) == static_cast<int>(row.state);
    if (!wanted) continue;
    PUHUI_ASSIGN_OR_RETURN(auto statement, ListedStatement(of, row, *store, &money));
    if (!statement.has_value()) continue;
    if (static_cast<std::size_t>(response.statements_size()) == page_size) break;
    *response.add_statements() = *std::move(statement);
  }
  if (looked_at < rows.size()) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, absl::FormatCivilTime(rows[looked_at - 1].day.day)));
  }
  return response;
}

absl::StatusOr<MessageSource<v1::GetStatementResponse>> SettlementService::OpenStatement(
    const CallContext& call, const v1::GetStatementRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(SeenStatement seen, SeeStatement(call.principal(), name, *store));
  Names names(store.get());
  SeenMoney money(&call.principal(), parts_.tree, &names);
  PUHUI_RETURN_IF_ERROR(CheckIsTold(seen, *store, &money));
  if (seen.row.state == merchant::StatementState::kOpen) {
    return ledger::ToStatus(
        {.reason = ledger::Reason::kStatementState, .message = "the business day is not cut yet"});
  }
  PUHUI_ASSIGN_OR_RETURN(v1::GetStatementResponse first, Head(seen, *store, &money));
  auto head = std::make_shared<absl::optional<v1::GetStatementResponse>>(std::move(first));
  auto lines = std::make_shared<LineStream>(parts_.ledger.engine,
                                            LineStream::Reader{call.principal(), parts_.tree},
                                            std::move(seen), request.after_sequence());
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
