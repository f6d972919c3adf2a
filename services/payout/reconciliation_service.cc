// SPDX-License-Identifier: Apache-2.0
#include "services/payout/reconciliation_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/queries.h"
#include "merchant/app/reconciliation.h"
#include "merchant/app/reconciliation_queries.h"
#include "puhui/v1/reconciliation_service.grpc.pb.h"
#include "services/ledger/reference.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

struct ReconciliationService::Wire final : v1::ReconciliationService::AsyncService {};

ReconciliationService::ReconciliationService(const ledger::Engine* engine)
    : engine_(engine), wire_(std::make_unique<Wire>()) {}

ReconciliationService::~ReconciliationService() = default;

void ReconciliationService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryOnWorker(Rpc::kComparePieces, wire_.get(), &Wire::RequestComparePieces,
                      [this](const CallContext& call, const v1::ComparePiecesRequest& asked) {
                        return DoComparePieces(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kCompareTransactions, wire_.get(), &Wire::RequestCompareTransactions,
                      [this](const CallContext& call, const v1::CompareTransactionsRequest& asked) {
                        return DoCompareTransactions(call, asked);
                      });
}

namespace {

using merchant::HashedPiece;
using merchant::Pieces;

constexpr absl::Duration kPiecesTogetherMax = absl::Hours(25);  // A day when clocks go back.

absl::StatusOr<absl::Time> ReadSecond(const google::protobuf::Timestamp& timestamp,
                                      absl::string_view field) {
  PUHUI_ASSIGN_OR_RETURN(const absl::Time time, ParseMoment(timestamp, field));
  if (timestamp.nanos() != 0) return InvalidField(field, "want a whole second");
  return time;
}

absl::StatusOr<Pieces> ReadPieces(const v1::ComparePiecesRequest& request) {
  Pieces pieces;
  PUHUI_ASSIGN_OR_RETURN(pieces.start, ReadSecond(request.start_time(), "start_time"));
  if (request.piece_seconds() < 1 || request.piece_seconds() > kReconciledPieceSecondsMax) {
    return InvalidField("piece_seconds", absl::StrCat("want 1 to ", kReconciledPieceSecondsMax));
  }
  pieces.length = absl::Seconds(request.piece_seconds());
  if (request.pieces() < 1 || request.pieces() > kReconciledPiecesMax ||
      request.pieces() * pieces.length > kPiecesTogetherMax) {
    return InvalidField("pieces", absl::StrCat("want 1 to ", kReconciledPiecesMax,
                                               ", and no more than 25 hours of them"));
  }
  pieces.count = static_cast<std::size_t>(request.pieces());
  return pieces;
}

absl::StatusOr<absl::optional<ledger::Tag>> ReadHash(const std::string& bytes,
                                                     absl::string_view field) {
  if (bytes.empty()) return absl::optional<ledger::Tag>();
  if (bytes.size() != sizeof(ledger::Tag)) return InvalidField(field, "want 16 bytes");
  return absl::make_optional(ledger::TagFromBytes(bytes));
}

// By the store's id.
using StoreHashes = std::map<std::string, std::vector<HashedPiece>>;
absl::StatusOr<StoreHashes> ReadStores(const v1::ComparePiecesRequest& request,
                                       const MerchantId& of) {
  if (request.stores_size() > int{kReconciledStoresMax}) {
    return InvalidField("stores", absl::StrCat("want at most ", kReconciledStoresMax));
  }
  StoreHashes stores;
  for (int i = 0; i < request.stores_size(); ++i) {
    const v1::ComparePiecesRequest::StoreHashes& asked = request.stores(i);
    const std::string field = absl::StrCat("stores[", i, "].store");
    PUHUI_ASSIGN_OR_RETURN(const StoreName name, ParseStoreName(asked.store(), field));
    if (name.merchant_id != of) return InvalidField(field, "want a store of the merchant");
    const auto [entry, is_new] = stores.try_emplace(name.store_id.text());
    if (!is_new) return InvalidField(field, "want each once");
    const std::string hashes = absl::StrCat("stores[", i, "].hashes");
    if (asked.hashes_size() != request.pieces()) {
      return InvalidField(hashes, "want one for each piece");
    }
    for (const std::string& bytes : asked.hashes()) {
      HashedPiece& piece = entry->second.emplace_back();
      PUHUI_ASSIGN_OR_RETURN(piece.hash, ReadHash(bytes, hashes));
    }
  }
  return stores;
}

absl::Status TooMany(std::size_t most, absl::string_view of_what) {
  return ledger::ToStatus({.reason = ledger::Reason::kReconciliationLimit,
                           .message = absl::StrCat("more than ", most, " ", of_what,
                                                   ": ask for fewer pieces, or shorter ones"),
                           .metadata = {{absl::StrCat(of_what, "_max"), absl::StrCat(most)}}});
}

absl::StatusOr<merchant::StoreBooks> ReadBooks(const ledger::Readable& store, const MerchantId& id,
                                               absl::Time start, absl::Time end) {
  PUHUI_ASSIGN_OR_RETURN(const auto of, merchant::FindMerchant(store, id.text()));
  if (!of.has_value()) return NotFound("merchant");
  PUHUI_ASSIGN_OR_RETURN(
      auto books, merchant::BooksOf(store, of->number, start, end, kReconciledTransactionsMax));
  if (!books.has_value()) return TooMany(kReconciledTransactionsMax, "transactions");
  return *std::move(books);
}

void AddDifferences(const std::string& store_name, const std::vector<HashedPiece>& theirs,
                    const std::vector<HashedPiece>& ours, v1::ComparePiecesResponse* response) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == theirs[i]) continue;
    v1::ComparePiecesResponse::Difference& difference = *response->add_differences();
    difference.set_store(store_name);
    difference.set_piece(static_cast<std::int32_t>(i));
    difference.set_transactions(static_cast<std::int32_t>(ours[i].transactions));
  }
}

absl::StatusOr<std::vector<merchant::HashedTransaction>> ReadTransactions(
    const v1::CompareTransactionsRequest& request) {
  if (request.transactions_size() > int{kReconciledHashesMax}) {
    return InvalidField("transactions", absl::StrCat("want at most ", kReconciledHashesMax));
  }
  std::vector<merchant::HashedTransaction> transactions;
  absl::flat_hash_set<std::pair<Sequence, int>> named;
  for (int i = 0; i < request.transactions_size(); ++i) {
    const v1::CompareTransactionsRequest::TransactionHash& asked = request.transactions(i);
    const auto field = [i](absl::string_view name) {
      return absl::StrCat("transactions[", i, "].", name);
    };
    merchant::HashedTransaction transaction;
    PUHUI_ASSIGN_OR_RETURN(transaction.reference, ParseReference(asked.retrieval_reference(),
                                                                 field("retrieval_reference")));
    if (asked.kind() == v1::RECONCILED_KIND_UNSPECIFIED ||
        !v1::ReconciledKind_IsValid(asked.kind())) {
      return InvalidField(field("kind"), "want a kind");
    }
    transaction.kind = static_cast<merchant::ReconciledKind>(asked.kind());
    if (!named.insert({transaction.reference, asked.kind()}).second) {
      return InvalidField(field("retrieval_reference"), "want each once");
    }
    PUHUI_ASSIGN_OR_RETURN(const auto hash, ReadHash(asked.hash(), field("hash")));
    if (!hash.has_value()) return InvalidField(field("hash"), "want 16 bytes");
    transaction.hash = *hash;
    transactions.push_back(transaction);
  }
  return transactions;
}

v1::ReconciledTransaction MessageOf(const merchant::ReconciledTransaction& transaction,
                                    const MerchantId& of) {
  v1::ReconciledTransaction message;
  message.set_retrieval_reference(FormatReference(transaction.reference));
  message.set_kind(static_cast<v1::ReconciledKind>(transaction.kind));
  message.set_terminal(absl::StrCat(FormatMerchantName(of), "/terminals/", transaction.terminal));
  message.set_batch_number(transaction.batch_number);
  message.set_trace_number(transaction.trace_number);
  message.set_points(transaction.points);
  *message.mutable_time() = ToTimestamp(transaction.time);
  return message;
}

// Every sale of an hour is told, whoever's money it took.
absl::Status AllowSales(const Principal& principal, const MerchantId& merchant) {
  return IsNarrowedAuditor(principal) ? NotFound("merchant") : AllowMerchant(principal, merchant);
}

}  // namespace

absl::StatusOr<v1::ComparePiecesResponse> ReconciliationService::DoComparePieces(
    const CallContext& call, const v1::ComparePiecesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.merchant(), "merchant"));
  PUHUI_ASSIGN_OR_RETURN(const Pieces pieces, ReadPieces(request));
  PUHUI_ASSIGN_OR_RETURN(StoreHashes theirs, ReadStores(request, id));
  PUHUI_RETURN_IF_ERROR(AllowSales(call.principal(), id));
  const std::unique_ptr<ledger::Readable> store = engine_->Read();
  PUHUI_ASSIGN_OR_RETURN(const merchant::StoreBooks books,
                         ReadBooks(*store, id, pieces.start, pieces.end()));
  v1::ComparePiecesResponse response;
  std::size_t transactions = 0;
  for (const auto& [store_id, of_store] : books) {
    transactions += of_store.size();
    if (!request.only_these()) theirs.try_emplace(store_id, pieces.count);
  }
  for (const auto& [store_id, hashes] : theirs) {
    const auto found = books.find(store_id);
    const std::vector<HashedPiece> ours = found == books.end()
                                              ? std::vector<HashedPiece>(pieces.count)
                                              : merchant::HashPieces(found->second, pieces);
    AddDifferences(absl::StrCat(request.merchant(), "/stores/", store_id), hashes, ours, &response);
    if (response.differences_size() > int{kReconciledDifferencesMax}) {
      return TooMany(kReconciledDifferencesMax, "differences");
    }
  }
  response.set_transactions(static_cast<std::int32_t>(transactions));
  return response;
}

absl::StatusOr<v1::CompareTransactionsResponse> ReconciliationService::DoCompareTransactions(
    const CallContext& call, const v1::CompareTransactionsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const StoreName name, ParseStoreName(request.store(), "store"));
  PUHUI_ASSIGN_OR_RETURN(const absl::Time start, ReadSecond(request.start_time(), "start_time"));
  PUHUI_ASSIGN_OR_RETURN(const absl::Time end, ReadSecond(request.end_time(), "end_time"));
  if (end <= start || end - start > absl::Seconds(kReconciledPieceSecondsMax)) {
    return InvalidField("end_time", "want a time after start_time, by an hour at most");
  }
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::HashedTransaction> theirs,
                         ReadTransactions(request));
  PUHUI_RETURN_IF_ERROR(AllowSales(call.principal(), name.merchant_id));
  const std::unique_ptr<ledger::Readable> store = engine_->Read();
  PUHUI_ASSIGN_OR_RETURN(merchant::StoreBooks books,
                         ReadBooks(*store, name.merchant_id, start, end));
  const std::vector<merchant::ReconciledTransaction>& ours = books[name.store_id.text()];
  const merchant::TransactionDifferences differences = merchant::CompareTransactions(ours, theirs);
  if (differences.ours.size() > kReconciledHashesMax) {
    return TooMany(kReconciledHashesMax, "transactions");
  }
  v1::CompareTransactionsResponse response;
  for (const merchant::ReconciledTransaction& transaction : differences.ours) {
    *response.add_ours() = MessageOf(transaction, name.merchant_id);
  }
  for (const std::size_t at : differences.theirs) {
    response.add_differing(static_cast<std::int32_t>(at));
  }
  return response;
}

}  // namespace puhui::services
