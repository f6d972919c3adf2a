// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/verify.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/replay.h"
#include "ledger/engine/view_comparison.h"
#include "ledger/engine/wallet_sums.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <map>
#include <utility>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr std::uint64_t kProgressEvery = 4'096;
constexpr std::size_t kKeyBytesShown = 48;
constexpr std::uint64_t kPacedRecords = 1'024;  // Between two looks at the pace.
constexpr int kThreads = 2;

struct ViewFamily {
  Family family;
  const char* name;
};
constexpr std::array kViewFamilies = {
    ViewFamily{Family::kState, "state"}, ViewFamily{Family::kIndex, "index"},
    ViewFamily{Family::kTiles, "tiles"}, ViewFamily{Family::kMeta, "meta"}};

class Verifier {
 public:
  Verifier(const Readable& stored, const VerifyRequest& request)
      : stored_(stored), request_(request) {}

  absl::StatusOr<VerifyReport> Run() {
    PUHUI_ASSIGN_OR_RETURN(const Sequence applied, AppliedSequence(stored_));
    PUHUI_ASSIGN_OR_RETURN(const auto last_header, ReadLastHeader(stored_));
    size_ = last_header.has_value() ? last_header->last() : 0;
    fold_ = request_.make_fold(request_.scratch);
    applied_ = applied;
    // The wallets meanwhile, unless the pace is limited.
    std::atomic<bool> unwanted = false;
    std::future<absl::StatusOr<WalletSums>> wallets =
        std::async(request_.pace ? std::launch::deferred : std::launch::async, [&] {
          return AddUpWallets(stored_, VerifyReport::kFindingsMax, [&](std::uint64_t wallets_done) {
            return unwanted ? absl::CancelledError("of no use any more") : Paced(wallets_done);
          });
        });
    const absl::Cleanup stop = [&unwanted] { unwanted = true; };
    // First up to where the views stand, to compare them, then to the end.
    PUHUI_ASSIGN_OR_RETURN(const bool folded, FoldUpTo(applied));
    if (!folded) return std::move(report_);
    PUHUI_RETURN_IF_ERROR(CheckWallets(wallets.get()));
    PUHUI_RETURN_IF_ERROR(CheckCampaigns());
    PUHUI_RETURN_IF_ERROR(CheckTotals());
    PUHUI_RETURN_IF_ERROR(CompareViews());
    PUHUI_ASSIGN_OR_RETURN(const bool whole, FoldUpTo(size_));
    if (!whole) return std::move(report_);
    PUHUI_RETURN_IF_ERROR(CheckPromises());
    return std::move(report_);
  }

 private:
  // Returns false when the journal itself is broken, with the finding: then nothing else can be
  // said. Fails: as the pace; kUnavailable when it cannot be read now, which says nothing about it.
  absl::StatusOr<bool> FoldUpTo(Sequence to) {
    if (tree_.size() >= to) return true;
    Replay replay(request_.scratch, fold_.get(), &tree_);
    replay.Watch([this](const jv1::Record& record) { Count(record); });
    replay.CheckPeriods(&periods_);
    replay.KeepUpTo(request_.kept_bytes_max);
    absl::Status status;
    while (status.ok() && tree_.size() < to) {
      const Sequence from = tree_.size() + 1;
      status = replay.Run(stored_, request_.pace ? std::min(to, from + kPacedRecords) : to);
      if (status.ok() && tree_.size() < from) break;  // There are no more.
      PUHUI_RETURN_IF_ERROR(Paced(tree_.size() + 1 - from));
    }
    report_.records += replay.records();
    if (status.ok()) report_.root = tree_.Root();
    if (status.ok() && tree_.size() == to) return true;
    if (absl::IsUnavailable(status)) return status;
    report_.Add(status.ok() ? absl::StrCat("the journal ends with record ", tree_.size(),
                                           ", the views with ", to)
                            : std::string(status.message()));
    return false;
  }

  absl::Status Paced(std::uint64_t work) {
    return request_.pace ? request_.pace(work) : absl::OkStatus();
  }

  void Count(const jv1::Record& record) {
    if (request_.progress && record.sequence() % kProgressEvery == 0) {
      request_.progress(record.sequence(), size_);
    }
    if (!record.has_entry()) return;
    ++report_.entries;
    CountWhereTheyWent(record.entry());
  }

  void CountWhereTheyWent(const jv1::Entry& entry) {
    if (entry.has_grant()) {
      campaigns_[entry.grant().campaign()].granted += entry.grant().points();
      ++campaigns_[entry.grant().campaign()].grants;
    } else if (entry.has_expiry()) {
      campaigns_[entry.expiry().campaign()].expired += entry.expiry().points();
    } else if (entry.has_lot_returned()) {
      campaigns_[entry.lot_returned().campaign()].returned += entry.lot_returned().points();
    } else if (entry.has_clawed_back()) {
      campaigns_[entry.clawed_back().campaign()].clawed_back += entry.clawed_back().points();
    } else {
      for (const jv1::LotChange& change : entry.lots()) {
        CampaignFigures& figures = campaigns_[change.campaign()];
        if (change.points() < 0) {
          figures.spent -= change.points();
        } else {
          figures.refunded += change.points();
        }
      }
    }
  }

  absl::Status CheckPromises() {
    const auto read_tile = [this](const TileId& id) { return ReadTile(*request_.scratch, id); };
    const auto check = [&](const TreeHead& head, absl::string_view by) -> absl::Status {
      if (head.size > size_) {
        report_.Add(
            absl::StrCat(by, " vouches for ", head.size, " records, the journal has ", size_));
        return absl::OkStatus();
      }
      PUHUI_ASSIGN_OR_RETURN(const Hash root, tree_.RootAt(head.size, read_tile));
      if (root != head.root) {
        report_.Add(
            absl::StrCat("the root over records 1 to ", head.size, " is not the one of ", by));
      }
      return absl::OkStatus();
    };
    if (const auto& promised = request_.promises.checkpoint; promised.has_value()) {
      PUHUI_RETURN_IF_ERROR(check({promised->size, promised->root}, "the signed checkpoint"));
    }
    if (const auto& promised = request_.promises.high_water; promised.has_value()) {
      PUHUI_RETURN_IF_ERROR(check({promised->sequence, promised->root}, "the high-water mark"));
    }
    return absl::OkStatus();
  }

  // Invariant 3, and the wallets' side of invariants 1 and 7.
  absl::Status CheckWallets(absl::StatusOr<WalletSums> added_up) {
    PUHUI_ASSIGN_OR_RETURN(WalletSums sums, std::move(added_up));
    report_.wallets = sums.wallets;
    for (const auto& [origin, points] : sums.by_origin) {
      in_lots_[{AccountKind::kWallet, origin}] += points.available;
      in_lots_[{AccountKind::kHeld, origin}] += points.held;
    }
    for (const auto& [campaign, points] : sums.by_campaign) {
      campaigns_[campaign].available += points.available;
      campaigns_[campaign].held += points.held;
    }
    report_.finding_count += sums.finding_count - sums.findings.size();
    for (std::string& finding : sums.findings) report_.Add(std::move(finding));
    return absl::OkStatus();
  }

  // Invariant 7, and that the figures that are kept are those that it was checked with. Which
  // grants were spent from, only the kept ones say.
  absl::Status CheckCampaigns() {
    PUHUI_RETURN_IF_ERROR(Scan(
        stored_, kCampaignFigureTable, {},
        [this](const CampaignNumber& number, CampaignFigures& kept) -> absl::StatusOr<bool> {
          CampaignFigures& sums = campaigns_[static_cast<std::uint32_t>(number)];
          sums.grants_spent = kept.grants_spent;
          sums.donated = kept.donated;
          if (kept != sums) {
            report_.Add(absl::StrCat("the figures of campaign ", static_cast<std::uint32_t>(number),
                                     " are not what its lots and entries come to"));
          }
          return true;
        }));
    for (const auto& [number, sums] : campaigns_) {
      if (sums.Balance()) continue;
      report_.Add(absl::StrCat("campaign ", number, ": granted ", sums.granted, ", but ",
                               sums.available + sums.held, " remain, ", sums.spent - sums.refunded,
                               " were spent, ", sums.expired, " expired, ", sums.clawed_back,
                               " were clawed back and ", sums.returned, " were returned"));
    }
    return absl::OkStatus();
  }

  // Invariant 1 over the whole book.
  absl::Status CheckTotals() {
    std::map<UnionNumber, std::int64_t> sums;
    PUHUI_RETURN_IF_ERROR(
        Scan(stored_, kTotalTable, {},
             [&](const TotalKey& key, std::int64_t& total) -> absl::StatusOr<bool> {
               sums[key.origin] += total;
               if (IsMemberAccount(key.kind)) in_lots_[{key.kind, key.origin}] -= total;
               return true;
             }));
    for (const auto& [account, off] : in_lots_) {
      if (off == 0) continue;
      report_.Add(absl::StrCat("points of origin ", Number(account.second), ": the lots have ", off,
                               " more than the ", AccountKindName(account.first), " accounts"));
    }
    for (const auto& [origin, sum] : sums) {
      if (sum != 0) {
        report_.Add(absl::StrCat("the book of origin ", Number(origin), " is off by ", sum));
      }
    }
    return absl::OkStatus();
  }

  // Invariant 8.
  absl::Status CompareViews() {
    ComparedRows compared;
    // What was never written is compared where it is, which is most of it or nothing.
    const bool kept = request_.kept_bytes_max != 0 && fold_->tables().retired() == 0;
    if (kept) {
      PUHUI_RETURN_IF_ERROR(CompareWithTables(
          stored_, fold_->tables(), request_.pace ? 1 : kThreads, request_.pace, &compared));
    } else if (request_.kept_bytes_max != 0) {
      PUHUI_RETURN_IF_ERROR(fold_->tables().WriteKept([this](const WriteBatch& piece) {
        return request_.scratch->Commit(piece, Durability::kView);
      }));
    }
    for (const ViewFamily& view : kViewFamilies) {
      const bool done = kept && (view.family == Family::kState || view.family == Family::kIndex);
      if (done) continue;
      PUHUI_RETURN_IF_ERROR(
          CompareInStep(stored_, *request_.scratch, view.family, request_.pace, &compared));
    }
    report_.rows_compared += compared.rows;
    for (const RowDifference& row : compared.differences) AddRow(row);
    report_.finding_count += compared.difference_count - compared.differences.size();
    return absl::OkStatus();
  }

  void AddRow(const RowDifference& difference) {
    const absl::string_view key = difference.key;
    const auto named =
        std::find_if(kViewFamilies.begin(), kViewFamilies.end(),
                     [&](const ViewFamily& view) { return view.family == difference.family; });
    VerifyDifference row{.family = named->name,
                         .table = key.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(key[0]),
                         .key = ToHex(key.substr(0, kKeyBytesShown)),
                         .sequence = applied_};
    report_.Add(absl::StrCat("row ", row.key, " of ", row.family, ", table 0x",
                             absl::Hex(row.table, absl::kZeroPad2), ", ", What(difference.kind),
                             ", as of record ", applied_));
    if (report_.differences.size() < VerifyReport::kFindingsMax) {
      report_.differences.push_back(std::move(row));
    }
  }

  static absl::string_view What(RowDifference::Kind kind) {
    switch (kind) {
      case RowDifference::Kind::kAdded:
        return "is in the store, but not in the journal";
      case RowDifference::Kind::kMissing:
        return "is missing from the store";
      case RowDifference::Kind::kAltered:
        return "is not what the journal says";
    }
    PUHUI_CHECK(false);
  }

  static std::uint32_t Number(UnionNumber number) { return static_cast<std::uint32_t>(number); }

  const Readable& stored_;
  const VerifyRequest& request_;
  std::unique_ptr<Fold> fold_;
  std::uint64_t size_ = 0;  // Records in the journal.
  Sequence applied_ = 0;    // Where the views stand.
  MerkleTree tree_;
  PeriodCheck periods_;
  std::map<std::uint32_t, CampaignFigures> campaigns_;  // As counted here.
  std::map<std::pair<AccountKind, UnionNumber>, std::int64_t> in_lots_;
  VerifyReport report_;
};

}  // namespace

void VerifyReport::Add(std::string finding) {
  ++finding_count;
  if (findings.size() < kFindingsMax) findings.push_back(std::move(finding));
}

absl::StatusOr<VerifyReport> Verify(const Readable& stored, const VerifyRequest& request) {
  absl::StatusOr<VerifyReport> report = Verifier(stored, request).Run();
  if (report.ok() || !absl::IsDataLoss(report.status())) return report;
  VerifyReport damaged;
  damaged.Add(std::string(report.status().message()));
  return damaged;
}

}  // namespace puhui::ledger
