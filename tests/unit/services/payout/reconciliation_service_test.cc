// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/reconciliation.h"
#include "services/rpc/timestamp.h"
#include "tests/unit/services/payout/payout_fixture.h"

#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using merchant::ReconciledKind;
using merchant::ReconciledTransaction;

class ReconciliationServiceTest : public PayoutServiceFixture {
 protected:
  // What m-1's till has in its own books of a purchase just made.
  ReconciledTransaction Own(std::int64_t points) {
    const absl::Time now = clock_.Now();
    const std::uint64_t reference = Buy(points);
    return {.reference = reference,
            .kind = ReconciledKind::kPurchase,
            .terminal = "t-1",
            .batch_number = 1,
            .trace_number = trace_number_,
            .points = points,
            .time = merchant::ReconciledTime(now)};
  }
  v1::ComparePiecesRequest PiecesWish(const std::vector<ReconciledTransaction>& books) {
    start_ = absl::FromCivil(today_, absl::UTCTimeZone());
    v1::ComparePiecesRequest request;
    request.set_merchant("merchants/m-1");
    *request.mutable_start_time() = ToTimestamp(start_);
    request.set_piece_seconds(3'600);
    request.set_pieces(24);
    auto& store = *request.add_stores();
    store.set_store("merchants/m-1/stores/s-1");
    for (const merchant::HashedPiece& piece :
         merchant::HashPieces(books, {start_, absl::Hours(1), 24})) {
      store.add_hashes(piece.hash.has_value() ? std::string(ledger::TagBytes(*piece.hash)) : "");
    }
    return request;
  }
  absl::StatusOr<v1::ComparePiecesResponse> Pieces(const v1::ComparePiecesRequest& request,
                                                   const std::string& path = kGrocerPath) {
    return Ask(*reconciliation_, &Reconciliation::ComparePieces, path, request);
  }
  v1::CompareTransactionsRequest TransactionsWish(const std::vector<ReconciledTransaction>& books) {
    const absl::Time hour =
        absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now()) / 3'600 * 3'600);
    v1::CompareTransactionsRequest request;
    request.set_store("merchants/m-1/stores/s-1");
    *request.mutable_start_time() = ToTimestamp(hour);
    *request.mutable_end_time() = ToTimestamp(hour + absl::Hours(1));
    for (const ReconciledTransaction& one : books) {
      auto& sent = *request.add_transactions();
      sent.set_retrieval_reference(absl::StrFormat("%012d", one.reference));
      sent.set_kind(static_cast<v1::ReconciledKind>(one.kind));
      sent.set_hash(std::string(ledger::TagBytes(merchant::HashOf({one}))));
    }
    return request;
  }
  absl::StatusOr<v1::CompareTransactionsResponse> Transactions(
      const v1::CompareTransactionsRequest& request, const std::string& path = kGrocerPath) {
    return Ask(*reconciliation_, &Reconciliation::CompareTransactions, path, request);
  }

  absl::Time start_;
};

TEST_F(ReconciliationServiceTest, BooksThatAgreeDifferNowhere) {
  const std::vector<ReconciledTransaction> books = {Own(100), Own(50)};
  const auto pieces = Pieces(PiecesWish(books));
  ASSERT_OK(pieces);
  EXPECT_EQ(pieces->differences_size(), 0);
  EXPECT_EQ(pieces->transactions(), 2);
  const auto transactions = Transactions(TransactionsWish(books));
  ASSERT_OK(transactions);
  EXPECT_EQ(transactions->ours_size(), 0);
  EXPECT_EQ(transactions->differing_size(), 0);
}

TEST_F(ReconciliationServiceTest, WhatDiffersIsNamedWithBothSides) {
  std::vector<ReconciledTransaction> books = {Own(100), Own(50)};
  books[1].points = 51;
  const auto pieces = Pieces(PiecesWish(books));
  ASSERT_OK(pieces);
  ASSERT_EQ(pieces->differences_size(), 1);
  EXPECT_EQ(pieces->differences(0).store(), "merchants/m-1/stores/s-1");
  EXPECT_EQ(pieces->differences(0).transactions(), 2);
  const auto transactions = Transactions(TransactionsWish(books));
  ASSERT_OK(transactions);
  ASSERT_EQ(transactions->ours_size(), 1);
  EXPECT_EQ(transactions->ours(0).points(), 50);
  EXPECT_EQ(transactions->ours(0).terminal(), "merchants/m-1/terminals/t-1");
  ASSERT_EQ(transactions->differing_size(), 1);
  EXPECT_EQ(transactions->differing(0), 1);
}

TEST_F(ReconciliationServiceTest, RefundsAndCapturesAreInTheBooksToo) {
  std::vector<ReconciledTransaction> books = {Own(100)};
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(absl::StrFormat("%012d", books[0].reference));
  refund.set_points(40);
  const auto refunded = Ask(*pos_, &Pos::Refund, kTill, refund);
  ASSERT_OK(refunded);
  ReconciledTransaction own = books[0];
  ASSERT_TRUE(absl::SimpleAtoi(refunded->refund().retrieval_reference(), &own.reference));
  own.kind = ReconciledKind::kRefund;
  own.trace_number = trace_number_;
  own.points = 40;
  books.push_back(own);
  const v1::Authorization held = Hold(AuthorizeWish(30));
  const auto capture = CaptureWish(held.retrieval_reference(), 20);
  ASSERT_OK(Ask(*pos_, &Pos::Capture, kTill, capture));
  ASSERT_TRUE(absl::SimpleAtoi(held.retrieval_reference(), &own.reference));
  own.kind = ReconciledKind::kCapture;
  own.trace_number = trace_number_;
  own.points = 20;
  books.push_back(own);
  // Held points that are given up move nothing.
  ASSERT_OK(Ask(*pos_, &Pos::Void, kTill, VoidWish(Hold(AuthorizeWish(30)).retrieval_reference())));
  std::sort(books.begin(), books.end(), merchant::ComesBefore);
  const auto pieces = Pieces(PiecesWish(books));
  ASSERT_OK(pieces);
  EXPECT_EQ(pieces->differences_size(), 0);
  EXPECT_EQ(pieces->transactions(), 3);
}

TEST_F(ReconciliationServiceTest, StoresThatAreNotNamedMustHaveNothing) {
  Own(100);
  v1::ComparePiecesRequest request = PiecesWish({});
  request.clear_stores();
  const auto pieces = Pieces(request);
  ASSERT_OK(pieces);
  EXPECT_EQ(pieces->differences_size(), 1);
  request.set_only_these(true);
  EXPECT_EQ(Pieces(request)->differences_size(), 0);
}

// A file of another zone, or of another merchant: everything differs.
TEST_F(ReconciliationServiceTest, MoreDifferencesThanAnAnswerHoldsAreTooMany) {
  v1::ComparePiecesRequest request = PiecesWish({});
  request.clear_stores();
  const auto add_stores = [&](int until) {
    while (request.stores_size() < until) {
      auto& store = *request.add_stores();
      store.set_store(absl::StrCat("merchants/m-1/stores/s-", request.stores_size()));
      for (int piece = 0; piece < 24; ++piece) store.add_hashes(std::string(16, 'x'));
    }
  };
  add_stores(400);
  const auto many = Pieces(request);
  ASSERT_OK(many);
  EXPECT_EQ(many->differences_size(), 400 * 24);
  add_stores(1'000);
  EXPECT_THAT(Pieces(request), Refuses(Reason::kReconciliationLimit));
}

TEST_F(ReconciliationServiceTest, BadPiecesAreNamedByTheirFields) {
  const auto refused = [&](auto change, const std::string& path = kGrocerPath) {
    v1::ComparePiecesRequest request = PiecesWish({});
    change(request);
    return Pieces(request, path).status();
  };
  const auto field = [](const char* name) { return Refuses(Reason::kInvalidField, name); };
  EXPECT_THAT(refused([](auto& r) { r.set_merchant("m-1"); }), field("merchant"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_start_time()->set_nanos(1); }), field("start_time"));
  EXPECT_THAT(refused([](auto& r) { r.set_piece_seconds(0); }), field("piece_seconds"));
  EXPECT_THAT(refused([](auto& r) { r.set_piece_seconds(3'601); }), field("piece_seconds"));
  EXPECT_THAT(refused([](auto& r) { r.set_pieces(0); }), field("pieces"));
  EXPECT_THAT(refused([](auto& r) { r.set_pieces(26); }), field("pieces"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_stores(0)->set_store("s-1"); }),
              field("stores[0].store"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_stores(0)->set_store("merchants/m-2/stores/s-1"); }),
              field("stores[0].store"));
  EXPECT_THAT(refused([](auto& r) { *r.add_stores() = r.stores(0); }), field("stores[1].store"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_stores(0)->add_hashes(""); }),
              field("stores[0].hashes"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_stores(0)->set_hashes(0, "short"); }),
              field("stores[0].hashes"));
  EXPECT_THAT(refused([](auto&) {}, kOtherGrocerPath), Refuses(Reason::kNotFound));
  EXPECT_THAT(refused([](auto&) {}, kHr), Refuses(Reason::kPermissionDenied));
}

TEST_F(ReconciliationServiceTest, BadTransactionsAreNamedByTheirFields) {
  const ReconciledTransaction own = Own(100);
  const auto refused = [&](auto change) {
    v1::CompareTransactionsRequest request = TransactionsWish({own});
    change(request);
    return Transactions(request).status();
  };
  const auto field = [](const char* name) { return Refuses(Reason::kInvalidField, name); };
  EXPECT_THAT(refused([](auto& r) { r.set_store("s-1"); }), field("store"));
  EXPECT_THAT(refused([](auto& r) { *r.mutable_end_time() = r.start_time(); }), field("end_time"));
  EXPECT_THAT(
      refused([](auto& r) { r.mutable_end_time()->set_seconds(r.start_time().seconds() + 3'601); }),
      field("end_time"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_transactions(0)->set_retrieval_reference("7"); }),
              field("transactions[0].retrieval_reference"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_transactions(0)->clear_kind(); }),
              field("transactions[0].kind"));
  EXPECT_THAT(refused([](auto& r) { r.mutable_transactions(0)->clear_hash(); }),
              field("transactions[0].hash"));
  EXPECT_THAT(refused([](auto& r) { *r.add_transactions() = r.transactions(0); }),
              field("transactions[1].retrieval_reference"));
}

}  // namespace
}  // namespace puhui::services
