// SPDX-License-Identifier: Apache-2.0
// `puhui reconcile`: a merchant's own list against the ledger, by hashes.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/reconciliation_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/input_file.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/reconcile_file.h"
#include "services/cli/reconcile_walk.h"
#include "services/cli/times.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ReconciliationStub = v1::ReconciliationService::Stub;
using merchant::ReconciledTransaction;

struct ReconcileWish {
  std::string file;
  std::string merchant;
  std::string day;
};

// Whether the service refused because it would have been too much for one call.
bool IsTooMuch(const grpc::Status& status) {
  const auto refusal = ledger::RefusalOf(FromGrpcStatus(status));
  return refusal.has_value() && refusal->reason == ledger::Reason::kReconciliationLimit;
}

// The ledger over the wire. Counts what goes there and back.
// Threads: one at a time. Borrows: the client.
class WirePeer final : public ReconcilePeer {
 public:
  WirePeer(Client* client, std::string merchant)
      : client_(*client), merchant_(std::move(merchant)) {}

  absl::StatusOr<absl::optional<std::vector<Difference>>> ComparePieces(
      const merchant::Pieces& pieces, const StoreHashes& stores, bool only_these) override {
    v1::ComparePiecesRequest request;
    request.set_merchant(merchant_);
    *request.mutable_start_time() = ToTimestamp(pieces.start);
    request.set_piece_seconds(static_cast<std::int32_t>(absl::ToInt64Seconds(pieces.length)));
    request.set_pieces(static_cast<std::int32_t>(pieces.count));
    request.set_only_these(only_these);
    for (const auto& [store, hashes] : stores) {
      v1::ComparePiecesRequest::StoreHashes& sent = *request.add_stores();
      sent.set_store(absl::StrCat(merchant_, "/stores/", store));
      for (const merchant::HashedPiece& piece : hashes) {
        sent.add_hashes(piece.hash.has_value() ? std::string(ledger::TagBytes(*piece.hash)) : "");
      }
    }
    v1::ComparePiecesResponse response;
    PUHUI_ASSIGN_OR_RETURN(const bool answered,
                           Ask(&ReconciliationStub::ComparePieces, request, &response));
    if (!answered) return absl::optional<std::vector<Difference>>();
    std::vector<Difference> differences;
    for (const auto& difference : response.differences()) {
      differences.push_back({.store = LastPart(difference.store()),
                             .piece = static_cast<std::size_t>(difference.piece()),
                             .transactions = static_cast<std::size_t>(difference.transactions())});
    }
    return absl::make_optional(std::move(differences));
  }

  absl::StatusOr<absl::optional<Transactions>> CompareTransactions(
      const std::string& store, absl::Time start, absl::Time end,
      const std::vector<merchant::HashedTransaction>& transactions) override {
    v1::CompareTransactionsRequest request;
    request.set_store(absl::StrCat(merchant_, "/stores/", store));
    *request.mutable_start_time() = ToTimestamp(start);
    *request.mutable_end_time() = ToTimestamp(end);
    for (const merchant::HashedTransaction& transaction : transactions) {
      auto& sent = *request.add_transactions();
      sent.set_retrieval_reference(absl::StrFormat("%012d", transaction.reference));
      sent.set_kind(static_cast<v1::ReconciledKind>(transaction.kind));
      sent.set_hash(std::string(ledger::TagBytes(transaction.hash)));
    }
    v1::CompareTransactionsResponse response;
    PUHUI_ASSIGN_OR_RETURN(const bool answered,
                           Ask(&ReconciliationStub::CompareTransactions, request, &response));
    if (!answered) return absl::optional<Transactions>();
    Transactions answer;
    for (const v1::ReconciledTransaction& ours : response.ours()) {
      PUHUI_ASSIGN_OR_RETURN(answer.ours.emplace_back(), TransactionOf(ours));
    }
    for (const std::int32_t at : response.differing()) {
      answer.differing.push_back(static_cast<std::size_t>(at));
    }
    return absl::make_optional(std::move(answer));
  }

  std::size_t bytes() const { return bytes_; }
  // Of the call that failed.
  const grpc::Status& failure() const { return failure_; }

 private:
  static std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

  static absl::StatusOr<ReconciledTransaction> TransactionOf(
      const v1::ReconciledTransaction& sent) {
    ReconciledTransaction transaction{.kind = static_cast<merchant::ReconciledKind>(sent.kind()),
                                      .terminal = LastPart(sent.terminal()),
                                      .batch_number = sent.batch_number(),
                                      .trace_number = sent.trace_number(),
                                      .points = sent.points(),
                                      .time = FromTimestamp(sent.time())};
    if (!absl::SimpleAtoi(sent.retrieval_reference(), &transaction.reference) ||
        sent.kind() == v1::RECONCILED_KIND_UNSPECIFIED ||
        !v1::ReconciledKind_IsValid(sent.kind())) {
      return absl::InternalError("the service answers with what this program does not know");
    }
    return transaction;
  }

  // False when it is too much for one call.
  template <class Request, class Response>
  absl::StatusOr<bool> Ask(UnaryMethod<ReconciliationStub, Request, Response> method,
                           const Request& request, Response* response) {
    bytes_ += request.ByteSizeLong();
    const grpc::Status status = client_.Unary(method, request, response);
    bytes_ += response->ByteSizeLong();
    if (status.ok()) return true;
    if (IsTooMuch(status)) return false;
    failure_ = status;
    return FromGrpcStatus(status);
  }

  Client& client_;
  const std::string merchant_;
  std::size_t bytes_ = 0;
  grpc::Status failure_;
};

std::string SideText(const Output& output, const std::string& store,
                     const absl::optional<ReconciledTransaction>& transaction) {
  if (!transaction.has_value()) return "-";
  return absl::StrCat(store, " ", transaction->terminal, " ", transaction->batch_number, "/",
                      transaction->trace_number, " ", output.Points(transaction->points), " ",
                      output.Time(ToTimestamp(transaction->time)));
}

const ReconciledTransaction& OneOf(const ReconcileFinding& finding) {
  return finding.books.has_value() ? *finding.books : *finding.ledger;
}

void PrintTable(Output& output, const std::vector<ReconcileFinding>& findings) {
  Table table({{"REFERENCE"}, {"KIND"}, {"YOUR BOOKS"}, {"LEDGER"}});
  for (const ReconcileFinding& finding : findings) {
    const ReconciledTransaction& one = OneOf(finding);
    table.AddRow({absl::StrFormat("%012d", one.reference), std::string(KindText(one.kind)),
                  SideText(output, finding.books_store, finding.books),
                  SideText(output, finding.store, finding.ledger)});
  }
  output.Flush(table);
}

void SetSide(const std::string& store, const absl::optional<ReconciledTransaction>& side,
             google::protobuf::Value* value) {
  if (!side.has_value()) return value->set_null_value(google::protobuf::NULL_VALUE);
  auto& fields = *value->mutable_struct_value()->mutable_fields();
  fields["store"].set_string_value(store);
  fields["terminal"].set_string_value(side->terminal);
  fields["batch_number"].set_number_value(side->batch_number);
  fields["trace_number"].set_number_value(side->trace_number);
  fields["points"].set_string_value(absl::StrCat(side->points));  // As protobuf has int64.
  fields["time"].set_string_value(
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", side->time, absl::UTCTimeZone()));
}

// One document a finding.
void PrintJson(Output& output, const std::vector<ReconcileFinding>& findings) {
  for (const ReconcileFinding& finding : findings) {
    google::protobuf::Struct document;
    auto& fields = *document.mutable_fields();
    fields["reference"].set_string_value(absl::StrFormat("%012d", OneOf(finding).reference));
    fields["kind"].set_string_value(std::string(KindText(OneOf(finding).kind)));
    SetSide(finding.books_store, finding.books, &fields["books"]);
    SetSide(finding.store, finding.ledger, &fields["ledger"]);
    output.Json(document, /*indented=*/false);
  }
}

void PrintFindings(Output& output, const std::vector<ReconcileFinding>& findings,
                   std::size_t bytes) {
  if (output.json()) return PrintJson(output, findings);
  if (!findings.empty()) PrintTable(output, findings);
  const std::string verdict = findings.empty()
                                  ? std::string("nothing differs")
                                  : absl::StrCat(FormatCount(findings.size()), " differ");
  output.Line(absl::StrCat(verdict, "; ", FormatCount(bytes), " bytes went over the line"));
}

ExitCode RunReconcile(const ReconcileWish& wish, Invocation& invocation) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(wish.day, &day)) {
    return invocation.Fail(absl::InvalidArgumentError("--day: want YYYY-MM-DD"), ExitCode::kUsage);
  }
  const auto bytes = ReadInputFile(wish.file, kImportFileBytesMax);
  if (!bytes.ok()) return invocation.Fail(bytes.status(), ExitCode::kInvalidArgument);
  const auto books = ParseReconcileFile(*bytes, invocation.zone());
  if (!books.ok()) {
    return invocation.Fail(
        absl::InvalidArgumentError(absl::StrCat(wish.file, ": ", books.status().message())),
        ExitCode::kInvalidArgument);
  }
  Client* const client = invocation.service();
  if (client == nullptr) return ExitCode::kUsage;
  WirePeer peer(client, wish.merchant);
  const auto findings = ReconcileWalk(&*books, &peer)
                            .Run(absl::FromCivil(day, invocation.zone()),
                                 absl::FromCivil(day + 1, invocation.zone()));
  if (!findings.ok()) {
    return peer.failure().ok() ? invocation.Fail(findings.status(), ExitCode::kFailed)
                               : invocation.Settle(peer.failure());
  }
  PrintFindings(invocation.output(), *findings, peer.bytes());
  return findings->empty() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

void AddReconcileCommand(CommandLine& line) {
  CLI::App& app = line.AddCommand(
      "reconcile", "Find what your own books and the ledger say differently, by hashes");
  const auto wish = std::make_shared<ReconcileWish>();
  app.add_option("file", wish->file,
                 "CSV with reference, kind, store, terminal, batch, trace, points and time")
      ->required();
  AddName(app, "--merchant", &wish->merchant, "merchants")->required();
  app.add_option("--day", wish->day, "The civil day, in --zone")->required();
  line.OnCommand(app, [wish](Invocation& invocation) { return RunReconcile(*wish, invocation); });
}

}  // namespace puhui::services
