// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/verify.h"

#include "ledger/engine/replay.h"
#include "ledger/engine/view_comparison.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/families.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::testing::verify_test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const MemberId kMember(1, 1);
const ledger::Tag kCard = TagOf(7);

// A small ledger with a row in every view, at rest.
class VerifyTest : public EngineTest {
 protected:
  void SetUp() override {
    ASSERT_OK(Open());
    for (int i = 0; i < 260; ++i) ASSERT_OK(Run(Deposit(10, RequestOf(static_cast<unsigned>(i)))));
    const absl::Time expiry = clock_.Now() + absl::Hours(1);
    ASSERT_OK(Run(Always([&](ledger::Decision& decision) {
      AddMember(kMember, kCard, decision);
      AddCampaign({.number = 1, .origin = 1, .expiry = expiry}, decision);
      AddApproval(1, 1, 100, decision);
      AddGrant({.campaign = 1,
                .origin = 1,
                .member = kMember,
                .lot = 1,
                .points = 100,
                .expiry = expiry},
               decision);
      AddHold(
          {.campaign = 1, .origin = 1, .member = kMember, .lot = 1, .points = 40, .expiry = expiry},
          decision);
    })));
    root_ = engine_->durable().root;
    size_ = engine_->durable().sequence;
    ASSERT_OK(engine_->Shutdown());
  }

  void Write(const std::function<void(ledger::WriteBatch&)>& change,
             ledger::Durability durability = ledger::Durability::kView) {
    ledger::WriteBatch batch;
    change(batch);
    ASSERT_OK(store_->Commit(batch, durability));
  }
  ledger::Checkpoint Signed(std::uint64_t size, const ledger::Hash& root) {
    return {.origin = options_.origin, .size = size, .root = root, .time = clock_.Now()};
  }
  void ExpectFinding(const std::string& what, ledger::Promises promises = {}) {
    const ledger::VerifyReport report = Verify(std::move(promises));
    EXPECT_FALSE(report.ok());
    EXPECT_THAT(report.findings, Contains(HasSubstr(what)));
  }
  // Puts a record that `alter` changed into the journal, under a good checksum.
  void Forge(Sequence sequence, const std::function<void(journal::v1::Record&)>& alter) {
    std::string segment;
    ASSERT_OK(ledger::ReadSegments(*store_, sequence,
                                   [&](absl::string_view bytes) -> absl::StatusOr<bool> {
                                     segment = std::string(bytes);
                                     return false;
                                   }));
    ASSERT_OK_AND_ASSIGN(const auto view, ledger::SegmentView::Parse(segment));
    ledger::SegmentBuilder forged(0, view.header().epoch, view.first());
    Sequence at = view.first();
    for (const absl::string_view bytes : view) {
      journal::v1::Record record;
      ASSERT_TRUE(record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      if (at++ == sequence) alter(record);
      forged.Add(record.SerializeAsString());
    }
    const ledger::SealedSegment sealed = forged.Seal(view.header().root_before);
    Write(
        [&](ledger::WriteBatch& batch) {
          batch.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), sealed.bytes);
        },
        ledger::Durability::kSynced);
  }

  ledger::Hash root_{};
  Sequence size_ = 0;
};

TEST_F(VerifyTest, FindsNothingInAWholeLedger) {
  const ledger::VerifyReport report =
      Verify({.checkpoint = Signed(size_, root_), .high_water = ledger::HighWater{size_, root_}});
  EXPECT_TRUE(report.ok()) << report.findings[0];
  EXPECT_EQ(report.records, size_);
  EXPECT_EQ(report.entries, 263U);
  EXPECT_EQ(report.wallets, 1U);
  EXPECT_EQ(report.root, root_);
  EXPECT_GT(report.rows_compared, 260U);
}

TEST_F(VerifyTest, FindsEveryRowOfEveryViewThatWasAlteredDroppedOrAdded) {
  for (const ledger::Family family : ledger::kAllFamilies) {
    if (!ledger::IsView(family)) continue;
    const auto cursor = store_->NewCursor(family);
    int rows = 0;
    for (cursor->Seek(""); cursor->Valid(); cursor->Next(), ++rows) {
      if (rows > 20 && rows % 16 != 0) continue;  // All kinds of rows, not all requests.
      const std::string key(cursor->key());
      const std::string value(cursor->value());
      std::string altered = value;
      altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
      Write([&](ledger::WriteBatch& batch) { batch.Put(family, key, altered); });
      EXPECT_FALSE(Verify().ok()) << "altered " << ledger::kFamilyNames[ledger::IndexOf(family)];
      Write([&](ledger::WriteBatch& batch) { batch.Delete(family, key); });
      EXPECT_FALSE(Verify().ok()) << "dropped " << ledger::kFamilyNames[ledger::IndexOf(family)];
      Write([&](ledger::WriteBatch& batch) { batch.Put(family, key, value); });
    }
    EXPECT_GT(rows, 0);
    Write([&](ledger::WriteBatch& batch) { batch.Put(family, "\xFFnew", "row"); });
    ExpectFinding("is in the store, but not in the journal");
    Write([&](ledger::WriteBatch& batch) { batch.Delete(family, "\xFFnew"); });
  }
  EXPECT_TRUE(Verify().ok());
}

TEST_F(VerifyTest, NamesTableKeyAndSequenceOfARowThatDiffers) {
  Write([](ledger::WriteBatch& batch) { batch.Put(ledger::Family::kIndex, "\x08new", "row"); });
  const ledger::VerifyReport report = Verify();
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].family, "index");
  EXPECT_EQ(report.differences[0].table, 8);
  EXPECT_EQ(report.differences[0].key, "086e6577");
  EXPECT_EQ(report.differences[0].sequence, size_);
  EXPECT_THAT(
      report.findings,
      Contains("row 086e6577 of index, table 0x08, is in the store, but not in the journal, "
               "as of record " +
               std::to_string(size_)));
}

TEST_F(VerifyTest, KeepsThePaceThatItIsGivenAndEndsWithIt) {
  ledger::VerifyRequest request{.make_fold = [](ledger::Store* into) {
    return std::unique_ptr<ledger::Fold>(std::make_unique<ToyBooks>(into));
  }};
  std::uint64_t work = 0;
  request.pace = [&work](std::uint64_t more) {
    work += more;
    return absl::OkStatus();
  };
  ledger::MemoryStore scratch;
  request.scratch = &scratch;
  ASSERT_OK_AND_ASSIGN(const ledger::VerifyReport report, ledger::Verify(*store_, request));
  EXPECT_TRUE(report.ok());
  EXPECT_GE(work, size_);
  request.pace = [](std::uint64_t) { return absl::CancelledError("enough"); };
  ledger::MemoryStore another;
  request.scratch = &another;
  EXPECT_THAT(ledger::Verify(*store_, request), HasCode(absl::StatusCode::kCancelled));
}

TEST_F(VerifyTest, SaysInWordsWhatIsWrongWithPoints) {
  ledger::Wallet wallet = **ledger::Find(*store_, ledger::kWalletTable, kMember);
  wallet.lots[0].remaining = 101;
  Write([&](ledger::WriteBatch& batch) {
    ledger::PutRow(batch, ledger::kWalletTable, kMember, wallet);
  });
  ExpectFinding("101 remaining of 100");
  ExpectFinding("campaign 1: granted 100, but 101 remain");
  ExpectFinding("the lots have 1 more than the wallet accounts");
  wallet.lots[0].remaining = 100;
  wallet.lots[0].held = 101;
  Write([&](ledger::WriteBatch& batch) {
    ledger::PutRow(batch, ledger::kWalletTable, kMember, wallet);
  });
  ExpectFinding("101 held, 100 remaining of 100");
  ExpectFinding("the lots have 61 more than the held accounts");
  ExpectFinding("the lots have -61 more than the wallet accounts");
}

TEST_F(VerifyTest, FindsFiguresThatWereChanged) {
  ledger::CampaignFigures figures =
      **ledger::Find(*store_, ledger::kCampaignFigureTable, CampaignNumber{1});
  EXPECT_EQ(figures.granted, 100);
  figures.spent = figures.refunded = 7;  // Which balances.
  Write([&](ledger::WriteBatch& batch) {
    ledger::PutRow(batch, ledger::kCampaignFigureTable, CampaignNumber{1}, figures);
  });
  ExpectFinding("the figures of campaign 1");
}

TEST_F(VerifyTest, FindsATotalThatWasChanged) {
  Write([](ledger::WriteBatch& batch) {
    ledger::PutRow(batch, ledger::kTotalTable,
                   ledger::TotalKey{ledger::AccountKind::kBudget, UnionNumber{1}}, std::int64_t{1});
  });
  ExpectFinding("the book of origin 1 is off by");
}

TEST_F(VerifyTest, FindsAPromiseThatTheJournalDoesNotKeep) {
  ledger::Hash other = root_;
  other[31] ^= 1;
  ExpectFinding("is not the one of the signed checkpoint", {.checkpoint = Signed(size_, other)});
  ExpectFinding("is not the one of the signed checkpoint",
                {.checkpoint = Signed(size_ - 1, root_)});
  ExpectFinding("vouches for", {.checkpoint = Signed(size_ + 1, root_)});
  ExpectFinding("vouches for", {.high_water = ledger::HighWater{size_ + 1, root_}});
  ExpectFinding("is not the one of the high-water mark",
                {.high_water = ledger::HighWater{size_, other}});
}

TEST_F(VerifyTest, FindsAMissingAndADamagedSegment) {
  ASSERT_OK_AND_ASSIGN(auto bytes, store_->Get(ledger::Family::kJournal, ledger::SegmentKey(9)));
  Write(
      [](ledger::WriteBatch& batch) {
        batch.Delete(ledger::Family::kJournal, ledger::SegmentKey(9));
      },
      ledger::Durability::kSynced);
  ExpectFinding("sequence 9");
  bytes->back() = static_cast<char>(bytes->back() ^ 1);
  Write(
      [&](ledger::WriteBatch& batch) {
        batch.Put(ledger::Family::kJournal, ledger::SegmentKey(9), *bytes);
      },
      ledger::Durability::kSynced);
  ExpectFinding("sequence 9");
}

TEST_F(VerifyTest, FindsAForgedRecordWhateverWasForged) {
  struct Row {
    const char* what;
    Sequence sequence;
    std::function<void(journal::v1::Record&)> alter;
  };
  const Sequence member = size_ - 4;
  const Sequence grant = size_ - 1;
  const Sequence hold = size_;
  const std::vector<Row> rows = {
      {"points", 5,
       [](auto& r) {
         r.mutable_entry()->mutable_postings(0)->set_points(-99);
         r.mutable_entry()->mutable_postings(1)->set_points(99);
       }},
      {"balance", 5, [](auto& r) { r.mutable_entry()->mutable_postings(0)->set_points(-99); }},
      {"kind", 5,
       [](auto& r) {
         r.mutable_entry()->mutable_postings(0)->set_kind(
             static_cast<journal::v1::AccountKind>(99));
       }},
      {"bound", 5,
       [](auto& r) {
         r.mutable_entry()->mutable_postings(0)->set_points(10);
         r.mutable_entry()->mutable_postings(1)->set_points(-10);
       }},
      {"sequence", 5, [](auto& r) { r.set_sequence(6); }},
      {"time", 5, [](auto& r) { r.set_time_micros(1); }},
      {"digest", 5, [](auto& r) { r.mutable_request()->set_digest("short"); }},
      {"caller", 5, [](auto& r) { r.mutable_request()->set_caller("/somebody/else"); }},
      {"member id", member, [](auto& r) { r.mutable_member_joined()->set_member("short"); }},
      {"card", member, [](auto& r) { r.mutable_member_joined()->set_card_hash(""); }},
      {"entry's member", grant, [](auto& r) { r.mutable_entry()->set_member("short"); }},
      {"no member", grant, [](auto& r) { r.mutable_entry()->clear_member(); }},
      {"posting's member", grant,
       [](auto& r) { r.mutable_entry()->mutable_postings(1)->set_member(std::string(16, 'x')); }},
      {"lot", grant, [](auto& r) { r.mutable_entry()->mutable_grant()->set_lot(2); }},
      {"granted", grant, [](auto& r) { r.mutable_entry()->mutable_grant()->set_points(99); }},
      {"expiry", grant, [](auto& r) { r.mutable_entry()->mutable_grant()->set_expiry_micros(1); }},
      {"body", grant, [](auto& r) { r.clear_body(); }},
      {"held", hold, [](auto& r) { r.mutable_entry()->mutable_lots(0)->set_held(41); }},
      {"remaining", hold, [](auto& r) { r.mutable_entry()->mutable_lots(0)->set_points(-1); }},
      {"which lot", hold, [](auto& r) { r.mutable_entry()->mutable_lots(0)->set_lot(2); }},
  };
  for (const Row& row : rows) {
    ASSERT_OK_AND_ASSIGN(const std::string original, ledger::ReadRecord(*store_, row.sequence));
    ASSERT_NO_FATAL_FAILURE(Forge(row.sequence, row.alter));
    EXPECT_FALSE(Verify({.high_water = ledger::HighWater{size_, root_}}).ok()) << row.what;
    ASSERT_NO_FATAL_FAILURE(
        Forge(row.sequence, [&](auto& r) { PUHUI_CHECK(r.ParseFromString(original)); }));
  }
  EXPECT_TRUE(Verify({.high_water = ledger::HighWater{size_, root_}}).ok());
}

TEST_F(VerifyTest, RowsThatWereKeptAndWrittenAreFoldedOn) {
  const auto fold = [this](std::size_t kept, Sequence step, ledger::MemoryStore* into) {
    ToyBooks books(into);
    ledger::MerkleTree tree;
    ledger::Replay replay(into, &books, &tree);
    replay.KeepUpTo(kept);
    while (tree.size() < size_) ASSERT_OK(replay.Run(*store_, tree.size() + step));
    if (kept == 0) return;
    ASSERT_OK(books.tables().WriteKept([&](const ledger::WriteBatch& piece) {
      return into->Commit(piece, ledger::Durability::kView);
    }));
  };
  for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, std::size_t{20'000}}) {
    for (const Sequence step : {1U, 7U, 100U}) {
      ledger::MemoryStore folded;
      ASSERT_NO_FATAL_FAILURE(fold(kept, step, &folded));
      for (const ledger::Family family : ledger::kAllFamilies) {
        if (!ledger::IsView(family)) continue;
        ledger::ComparedRows compared;
        ASSERT_OK(ledger::CompareInStep(*store_, folded, family, nullptr, &compared));
        EXPECT_EQ(compared.difference_count, 0U) << kept << ", " << step;
      }
    }
  }
}

TEST_F(VerifyTest, ChecksAJournalThatIsAheadOfItsViews) {
  // What a snapshot between two steps of the committer sees.
  ledger::MemoryStore behind;
  ledger::WriteBatch journal;
  const auto cursor = store_->NewCursor(ledger::Family::kJournal);
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
    journal.Put(ledger::Family::kJournal, std::string(cursor->key()), std::string(cursor->value()));
  }
  ASSERT_OK(behind.Commit(journal, ledger::Durability::kSynced));
  store_ = &behind;
  const ledger::VerifyReport report = Verify({.high_water = ledger::HighWater{size_, root_}});
  EXPECT_TRUE(report.ok()) << report.findings[0];
  EXPECT_EQ(report.records, size_);
}

}  // namespace
}  // namespace puhui::testing::verify_test
