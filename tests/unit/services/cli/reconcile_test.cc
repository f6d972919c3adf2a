// SPDX-License-Identifier: Apache-2.0
// A merchant's own list, read and compared.
#include "services/cli/reconcile_file.h"
#include "services/cli/reconcile_walk.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::Pieces;
using merchant::ReconciledKind;
using merchant::ReconciledTransaction;
using merchant::StoreBooks;

const absl::Time kStart = absl::FromUnixSeconds(1'795'680'000);

// A ledger in memory that takes at most so many transactions in one call.
class BooksPeer final : public ReconcilePeer {
 public:
  BooksPeer(const StoreBooks* books, std::size_t most) : books_(*books), most_(most) {}

  absl::StatusOr<absl::optional<std::vector<Difference>>> ComparePieces(const Pieces& pieces,
                                                                        const StoreHashes& stores,
                                                                        bool only_these) override {
    ++calls_;
    if (Count(pieces.start, pieces.end()) > most_) {
      return absl::optional<std::vector<Difference>>();
    }
    StoreHashes theirs = stores;
    for (const auto& [store, sales] : books_) {
      if (!only_these && !merchant::Within(sales, pieces.start, pieces.end()).empty()) {
        theirs.try_emplace(store, pieces.count);
      }
    }
    std::vector<Difference> differences;
    for (const auto& [store, hashes] : theirs) {
      const auto of_store = books_.find(store);
      const std::vector<ReconciledTransaction> none;
      const auto ours =
          merchant::HashPieces(of_store == books_.end() ? none : of_store->second, pieces);
      for (std::size_t i = 0; i < pieces.count; ++i) {
        if (!(ours[i] == hashes[i])) differences.push_back({store, i, ours[i].transactions});
      }
    }
    return absl::make_optional(std::move(differences));
  }

  absl::StatusOr<absl::optional<Transactions>> CompareTransactions(
      const std::string& store, absl::Time start, absl::Time end,
      const std::vector<merchant::HashedTransaction>& transactions) override {
    ++calls_;
    sent_ += transactions.size();
    if (Count(start, end) > most_) return absl::optional<Transactions>();
    const auto of_store = books_.find(store);
    const std::vector<ReconciledTransaction> none;
    auto differences = merchant::CompareTransactions(
        merchant::Within(of_store == books_.end() ? none : of_store->second, start, end),
        transactions);
    return absl::make_optional(
        Transactions{std::move(differences.ours), std::move(differences.theirs)});
  }

  int calls() const { return calls_; }
  std::size_t sent() const { return sent_; }

 private:
  std::size_t Count(absl::Time start, absl::Time end) const {
    std::size_t count = 0;
    for (const auto& [store, sales] : books_) count += merchant::Within(sales, start, end).size();
    return count;
  }

  const StoreBooks& books_;
  const std::size_t most_;
  int calls_ = 0;
  std::size_t sent_ = 0;
};

StoreBooks RandomBooks(SeededRandom& random, std::size_t sales, std::size_t stores) {
  StoreBooks books;
  for (Sequence reference = 1; reference <= sales; ++reference) {
    books[absl::StrCat("s-", random.Below(stores))].push_back(
        {.reference = reference,
         .kind = static_cast<ReconciledKind>(1 + random.Below(4)),
         .terminal = absl::StrCat("t-", random.Below(3)),
         .batch_number = 1,
         .trace_number = static_cast<std::uint32_t>(reference),
         .points = 1 + static_cast<std::int64_t>(random.Below(10'000)),
         .time = kStart + absl::Seconds(static_cast<std::int64_t>(random.Below(86'400)))});
  }
  for (auto& [store, of_store] : books) {
    std::sort(of_store.begin(), of_store.end(), merchant::ComesBefore);
  }
  return books;
}

// What differs, by reference and kind: the sides as text.
std::map<std::pair<Sequence, int>, std::pair<std::string, std::string>> Told(
    const std::vector<ReconcileFinding>& findings) {
  std::map<std::pair<Sequence, int>, std::pair<std::string, std::string>> told;
  for (const ReconcileFinding& finding : findings) {
    const ReconciledTransaction& one = finding.books.has_value() ? *finding.books : *finding.ledger;
    told[{one.reference, static_cast<int>(one.kind)}] = {
        finding.books.has_value() ? TextOf(*finding.books) : "",
        finding.ledger.has_value() ? TextOf(*finding.ledger) : ""};
  }
  return told;
}

// Changes some of the books, and says what has to be found.
std::map<std::pair<Sequence, int>, std::pair<std::string, std::string>> Plant(SeededRandom& random,
                                                                              StoreBooks* books) {
  std::map<std::pair<Sequence, int>, std::pair<std::string, std::string>> planted;
  const auto changes = random.Below(8);
  for (std::uint64_t i = 0; i < changes; ++i) {
    auto of_store =
        std::next(books->begin(), static_cast<std::ptrdiff_t>(random.Below(books->size())));
    if (of_store->second.empty()) continue;
    const std::size_t at = random.Below(of_store->second.size());
    ReconciledTransaction& sale = of_store->second[at];
    const std::pair<Sequence, int> name{sale.reference, static_cast<int>(sale.kind)};
    if (planted.count(name) != 0) continue;
    const std::string before = TextOf(sale);
    switch (random.Below(4)) {
      case 0:
        planted[name] = {"", before};
        of_store->second.erase(of_store->second.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        sale.points += 1;
        planted[name] = {TextOf(sale), before};
        break;
      case 2:  // Perhaps in another hour.
        sale.time = kStart + absl::Seconds(static_cast<std::int64_t>(random.Below(86'400)));
        if (TextOf(sale) != before) planted[name] = {TextOf(sale), before};
        break;
      default: {
        ReconciledTransaction extra = sale;
        extra.reference += 1'000'000;
        if (planted.count({extra.reference, static_cast<int>(extra.kind)}) != 0) break;
        planted[{extra.reference, static_cast<int>(extra.kind)}] = {TextOf(extra), ""};
        of_store->second.push_back(extra);
      }
    }
    std::sort(of_store->second.begin(), of_store->second.end(), merchant::ComesBefore);
  }
  return planted;
}

TEST(ReconcileWalkTest, FindsExactlyWhatWasPlantedHoweverLittleACallTakes) {
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    SeededRandom random(seed);
    const StoreBooks ledger = RandomBooks(random, 1 + random.Below(3'000), 1 + random.Below(5));
    StoreBooks books = ledger;
    const auto planted = Plant(random, &books);
    const std::size_t most = seed % 2 == 0 ? 65'536 : 20;
    BooksPeer peer(&ledger, most);
    const auto findings = ReconcileWalk(&books, &peer).Run(kStart, kStart + absl::Hours(24));
    ASSERT_OK(findings);
    ASSERT_EQ(Told(*findings), planted) << seed;
  }
}

TEST(ReconcileWalkTest, WhatIsTheSameCostsOneCall) {
  SeededRandom random(1);
  const StoreBooks ledger = RandomBooks(random, 3'000, 5);
  BooksPeer peer(&ledger, 262'144);
  ASSERT_OK_AND_ASSIGN(const auto findings,
                       ReconcileWalk(&ledger, &peer).Run(kStart, kStart + absl::Hours(24)));
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(peer.calls(), 1);
}

// Of a big store's hour only one minute's transactions are sent, of which there are few.
TEST(ReconcileWalkTest, OneDifferenceSendsFewTransactions) {
  SeededRandom random(1);
  const StoreBooks ledger = RandomBooks(random, 100'000, 1);
  StoreBooks books = ledger;
  books["s-0"][70'000].points += 1;
  BooksPeer peer(&ledger, 262'144);
  ASSERT_OK_AND_ASSIGN(const auto findings,
                       ReconcileWalk(&books, &peer).Run(kStart, kStart + absl::Hours(24)));
  EXPECT_EQ(findings.size(), 1U);
  EXPECT_EQ(peer.calls(), 3);
  EXPECT_LE(peer.sent(), 200U);
}

TEST(ReconcileWalkTest, StoresThatOnlyOneSideHasAreFound) {
  SeededRandom random(2);
  const StoreBooks ledger = RandomBooks(random, 50, 3);
  const StoreBooks none;
  BooksPeer full(&ledger, 65'536);
  ASSERT_OK_AND_ASSIGN(const auto missing,
                       ReconcileWalk(&none, &full).Run(kStart, kStart + absl::Hours(24)));
  EXPECT_EQ(missing.size(), 50U);
  BooksPeer empty(&none, 65'536);
  ASSERT_OK_AND_ASSIGN(const auto extra,
                       ReconcileWalk(&ledger, &empty).Run(kStart, kStart + absl::Hours(24)));
  EXPECT_EQ(extra.size(), 50U);
}

// Nothing else differs, so both sides have to say which store it is.
TEST(ReconcileWalkTest, WhatStandsAtAnotherStoreIsSaidWithBoth) {
  SeededRandom random(4);
  const StoreBooks ledger = RandomBooks(random, 50, 1);
  StoreBooks books = ledger;
  const ReconciledTransaction moved = books["s-0"].front();
  books["s-0"].erase(books["s-0"].begin());
  books["s-9"] = {moved};
  BooksPeer peer(&ledger, 65'536);
  ASSERT_OK_AND_ASSIGN(const auto findings,
                       ReconcileWalk(&books, &peer).Run(kStart, kStart + absl::Hours(24)));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().store, "s-0");
  EXPECT_EQ(findings.front().books_store, "s-9");
  EXPECT_EQ(findings.front().books, findings.front().ledger);
}

TEST(ReconcileWalkTest, MoreStoresThanOneCallTakesAreAllCompared) {
  SeededRandom random(3);
  const StoreBooks ledger = RandomBooks(random, 8'000, 2'500);
  StoreBooks books = ledger;
  const std::string dropped = books.begin()->first;
  const std::size_t of_dropped = books.begin()->second.size();
  books.erase(books.begin());
  BooksPeer peer(&ledger, 262'144);
  ASSERT_OK_AND_ASSIGN(const auto findings,
                       ReconcileWalk(&books, &peer).Run(kStart, kStart + absl::Hours(24)));
  ASSERT_EQ(findings.size(), of_dropped);
  EXPECT_EQ(findings.front().store, dropped);
}

TEST(ReconcileWalkTest, ASecondThatNoCallTakesIsSaid) {
  StoreBooks ledger;
  for (Sequence reference = 1; reference <= 30; ++reference) {
    ledger["s-1"].push_back(
        {.reference = reference, .kind = ReconciledKind::kRefund, .time = kStart});
  }
  BooksPeer peer(&ledger, 20);
  const StoreBooks none;
  EXPECT_THAT(ReconcileWalk(&none, &peer).Run(kStart, kStart + absl::Hours(24)),
              HasCode(absl::StatusCode::kResourceExhausted));
}

TEST(ReconcileFileTest, IsReadInEitherLanguage) {
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 3'600);
  const auto english = ParseReconcileFile(
      "reference,kind,store,terminal,batch,trace,points,time\n"
      "000000000123,PURCHASE,s-1,t-1,1,42,100,2026-11-26T12:34:56.999Z\n",
      zone);
  ASSERT_OK(english);
  const auto chinese = ParseReconcileFile(
      "\xEF\xBB\xBF时间\t积分\t流水号\t批次号\t终端\t门店\t类型\t参考号\t备注\r\n"
      "2026-11-26 20:34:56\t１００\t42\t1\tt-1\ts-1\t消费\t123\t满减\r\n",
      zone);
  ASSERT_OK(chinese);
  ASSERT_EQ(english->at("s-1").size(), 1U);
  EXPECT_EQ(english->at("s-1"), chinese->at("s-1"));
  const auto gb18030 = ParseReconcileFile(
      "\xB2\xCE\xBF\xBC\xBA\xC5,\xC0\xE0\xD0\xCD,\xC3\xC5\xB5\xEA,\xD6\xD5\xB6\xCB,"
      "\xC5\xFA\xB4\xCE\xBA\xC5,\xC1\xF7\xCB\xAE\xBA\xC5,\xBB\xFD\xB7\xD6,\xCA\xB1\xBC\xE4\n"
      "123,\xCF\xFB\xB7\xD1,s-1,t-1,1,42,100,2026-11-26 20:34:56\n",
      zone);
  ASSERT_OK(gb18030);
  EXPECT_EQ(english->at("s-1"), gb18030->at("s-1"));
  EXPECT_EQ(TextOf(english->at("s-1").front()), "000000000123,1,t-1,1,42,100,1795696496\n");
}

// As spreadsheets in China write a time, and tills a kind.
TEST(ReconcileFileTest, TakesTheWordsOfTillsAndTheTimesOfSpreadsheets) {
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 3'600);
  const auto read = [&zone](const std::string& kind, const std::string& time) {
    return ParseReconcileFile(
        absl::StrCat("reference,kind,store,terminal,batch,trace,points,time\n", "123,", kind,
                     ",s-1,t-1,1,42,100,", time, "\n"),
        zone);
  };
  const absl::Time wanted =
      absl::FromCivil(absl::CivilSecond(2026, 1, 5, 9, 3, 7), absl::FixedTimeZone(8 * 3'600));
  for (const char* const time :
       {"2026/1/5 9:03:07", "2026/01/05 09:03:07", "2026-01-05 09:03:07", "2026-01-05T01:03:07Z"}) {
    const auto books = read("REFUND", time);
    ASSERT_OK(books) << time;
    EXPECT_EQ(books->at("s-1").front().time, wanted) << time;
  }
  const std::vector<std::pair<std::string, ReconciledKind>> kinds = {
      {"消费", ReconciledKind::kPurchase},      {"purchase", ReconciledKind::kPurchase},
      {"请款", ReconciledKind::kCapture},       {"完成", ReconciledKind::kCapture},
      {"预授权完成", ReconciledKind::kCapture}, {"退款", ReconciledKind::kRefund},
      {"退货", ReconciledKind::kRefund},        {"冲正", ReconciledKind::kReversal}};
  for (const auto& [text, kind] : kinds) {
    const auto books = read(text, "2026/1/5 9:03:07");
    ASSERT_OK(books) << text;
    EXPECT_EQ(books->at("s-1").front().kind, kind) << text;
    EXPECT_TRUE(absl::StrContains("PURCHASE CAPTURE REFUND REVERSAL", KindText(kind)));
  }
  EXPECT_TRUE(absl::StrContains(read("预授权", "2026/1/5 9:03:07").status().message(),
                                "line 2: kind: want PURCHASE (消费), CAPTURE (预授权完成, 完成)"));
  EXPECT_TRUE(absl::StrContains(read("REFUND", "2026.1.5").status().message(),
                                "line 2: time: want 2026-11-28 21:48:31, 2026/11/28 21:48:31 or"));
}

TEST(ReconcileFileTest, WhatIsBadIsNamedByLineAndColumn) {
  const std::string header = "reference,kind,store,terminal,batch,trace,points,time\n";
  const std::string good = "123,REFUND,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"line 1", ""},
      {"the column points twice", "reference,kind,store,terminal,batch,trace,points,time,积分\n"},
      {"want a column time", "reference,kind,store,terminal,batch,trace,points\n"},
      {"line 2: reference", header + "0,REFUND,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: reference",
       header + "1234567890123,REFUND,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: reference", header + "-1,REFUND,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: kind", header + "123,VOID,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: store", header + "123,REFUND,S 1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: terminal", header + "123,REFUND,s-1,,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: batch", header + "123,REFUND,s-1,t-1,x,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: trace", header + "123,REFUND,s-1,t-1,1,1000000,100,2026-11-26T12:34:56Z\n"},
      {"line 2: points", header + "123,REFUND,s-1,t-1,1,42,0,2026-11-26T12:34:56Z\n"},
      {"line 2: reference", header + "1.23E+11,REFUND,s-1,t-1,1,42,100,2026-11-26T12:34:56Z\n"},
      {"line 2: points", header + "123,REFUND,s-1,t-1,1,42,1.5,2026-11-26T12:34:56Z\n"},
      {"line 2: time", header + "123,REFUND,s-1,t-1,1,42,100,yesterday\n"},
      {"line 3: reference", header + good + good}};
  for (const auto& [where, text] : bad) {
    const auto read = ParseReconcileFile(text, absl::UTCTimeZone());
    EXPECT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_TRUE(absl::StrContains(read.status().message(), where)) << read.status();
  }
}

}  // namespace
}  // namespace puhui::services
