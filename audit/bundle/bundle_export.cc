// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_export.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/segment.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// Fails when a journal that should have more had none.
absl::Status Advanced(Sequence begin, Sequence next) {
  if (next != begin) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("record ", next, " is missing"));
}

// The records of `segment` that are in the range, framed as if there were no others.
std::string CutOut(const ledger::SegmentView& segment, Sequence first, Sequence last,
                   const ledger::Hash& root_before) {
  ledger::SegmentBuilder builder(segment.header().partition, segment.header().epoch,
                                 std::max(first, segment.first()));
  Sequence sequence = segment.first();
  for (const absl::string_view record : segment) {
    if (sequence >= first && sequence <= last) builder.Add(record);
    ++sequence;
  }
  return builder.Seal(segment.first() < first ? root_before : segment.header().root_before).bytes;
}

absl::Status WriteConsistencies(const JournalEvidence& evidence, const BundleRange& range,
                                FrameWriter& writer) {
  const std::uint64_t size = range.notes.back().size;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs = {{range.first - 1, range.last},
                                                                {range.last, size}};
  for (std::size_t i = 0; i + 1 < range.notes.size(); ++i) {
    pairs.emplace_back(range.notes[i].size, size);
  }
  for (const auto& [first, second] : pairs) {
    ConsistencyFrame proof{.first = first, .second = second, .path = {}};
    if (first != 0 && first != second) {
      PUHUI_ASSIGN_OR_RETURN(proof.path, evidence.ConsistencyPath(first, second));
    }
    writer.Add(FrameKind::kConsistency, EncodeConsistency(proof));
  }
  return absl::OkStatus();
}

}  // namespace

ledger::TreeLeaf LeafOfRecord(Sequence sequence, absl::string_view bytes) {
  return {.index = sequence - 1, .hash = ledger::LeafHash(bytes)};
}

absl::StatusOr<jv1::Record> ReadRecordBytes(Sequence sequence, absl::string_view bytes) {
  jv1::Record record;
  if (record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return record;
  return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be read"));
}

absl::Status WalkRecords(const JournalEvidence& evidence, Sequence last, RecordVisit visit,
                         Sequence* next) {
  if (*next > last) return absl::OkStatus();
  std::size_t bytes = 0;
  const Sequence begin = *next;
  PUHUI_RETURN_IF_ERROR(
      evidence.ReadSegments(begin, [&](absl::string_view stored) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const ledger::SegmentView segment,
                               ledger::SegmentView::Parse(stored));
        Sequence sequence = segment.first();
        for (const absl::string_view record_bytes : segment) {
          if (sequence == *next && sequence <= last) {
            PUHUI_ASSIGN_OR_RETURN(const jv1::Record record,
                                   ReadRecordBytes(sequence, record_bytes));
            PUHUI_RETURN_IF_ERROR(visit(record, record_bytes));
            ++*next;
          }
          ++sequence;
        }
        bytes += stored.size();
        return *next <= last && bytes < kBundleStepBytes;
      }));
  return Advanced(begin, *next);
}

absl::StatusOr<BundleHeader> WriteBundleHead(const JournalEvidence& evidence,
                                             const BundleRange& range, FrameWriter& writer) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Hash before, evidence.RootAt(range.first - 1));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Hash after, evidence.RootAt(range.last));
  BundleHeader header = {
      .first = range.first, .last = range.last, .root_before = before, .root_after = after};
  PUHUI_RETURN_IF_ERROR(evidence.ReadSegments(
      range.first, [&header](absl::string_view stored) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const auto segment, ledger::SegmentView::Parse(stored));
        header.partition = segment.header().partition;
        return false;
      }));
  writer.Add(FrameKind::kHeader, EncodeHeader(header));
  for (const BundleNote& note : range.notes) writer.Add(FrameKind::kCheckpoint, note.text);
  PUHUI_RETURN_IF_ERROR(WriteConsistencies(evidence, range, writer));
  return header;
}

BundleExport::BundleExport(const JournalEvidence* evidence, Range range)
    : evidence_(*evidence), range_(std::move(range)) {
  PUHUI_CHECK(range_.first >= 1 && range_.first <= range_.last);
  PUHUI_CHECK(!range_.notes.empty() && range_.notes.back().size >= range_.last);
}

absl::StatusOr<std::string> BundleExport::Next() {
  if (!rows_.empty()) {
    rows_.Write(kBundleStepBytes, writer_);
    return writer_.Take();
  }
  switch (stage_) {
    case Stage::kBefore:
      PUHUI_RETURN_IF_ERROR(AddUp());
      if (next_ == range_.first) stage_ = Stage::kHead;
      break;
    case Stage::kHead:
      PUHUI_RETURN_IF_ERROR(WriteHead());
      stage_ = Stage::kInForce;
      break;
    case Stage::kInForce:
      PUHUI_RETURN_IF_ERROR(WriteInForce());
      stage_ = Stage::kRecords;
      break;
    case Stage::kRecords:
      PUHUI_RETURN_IF_ERROR(WriteRecords());
      if (next_ > range_.last) CloseBooks();
      break;
    case Stage::kEnd:
      writer_.End();
      stage_ = Stage::kEnded;
      break;
    case Stage::kEnded:
      break;
  }
  return writer_.Take();
}

absl::Status BundleExport::Apply(const jv1::Record& record) {
  if (!record.has_entry()) return absl::OkStatus();
  const absl::Status applied = books_.Apply(record.entry(), record.time_micros());
  if (applied.ok()) return applied;
  return absl::DataLossError(absl::StrCat("record ", record.sequence(), ": ", applied.message()));
}

absl::Status BundleExport::AddUp() {
  return WalkRecords(
      evidence_, range_.first - 1,
      [this](const jv1::Record& record, absl::string_view /*bytes*/) -> absl::Status {
        PUHUI_RETURN_IF_ERROR(Apply(record));
        unions_.Learn(record);
        for (FactKey& key : SaidBy(record)) said_[std::move(key)] = record.sequence();
        return absl::OkStatus();
      },
      &next_);
}

absl::Status BundleExport::WriteHead() {
  PUHUI_ASSIGN_OR_RETURN(header_, WriteBundleHead(evidence_, range_, writer_));
  PUHUI_RETURN_IF_ERROR(WriteFrontier());
  rows_.Add(FrameKind::kOpeningBalances, books_.BalanceFrames());
  rows_.Add(FrameKind::kOpeningLots, books_.LotFrames());
  return absl::OkStatus();
}

absl::Status BundleExport::WriteFrontier() {
  // What is beside the way from the first record to the root of a tree that ends with it are the
  // complete subtrees before it.
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, evidence_.ReadRecord(range_.first));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> frontier,
                         evidence_.InclusionPath(LeafOfRecord(range_.first, bytes), range_.first));
  writer_.Add(FrameKind::kFrontier, EncodeHashes(frontier));
  return absl::OkStatus();
}

// The campaigns, with their terms, and the rule packs of before the range, in the order of the
// journal: whoever learns a campaign's creation after a change of its terms forgets the change.
absl::Status BundleExport::WriteInForce() {
  std::vector<std::pair<Sequence, FactKey>> in_force;
  for (const auto& [key, sequence] : said_) {
    if (key.first == FactKind::kCampaign || key.first == FactKind::kCampaignHome ||
        key.first == FactKind::kRulePack) {
      in_force.emplace_back(sequence, key);
    }
  }
  std::sort(in_force.begin(), in_force.end());
  for (const auto& [sequence, key] : in_force) {
    known_.insert(key);
    PUHUI_RETURN_IF_ERROR(WriteEarlier(sequence));
  }
  return absl::OkStatus();
}

absl::Status BundleExport::WriteEarlier(Sequence sequence) {
  if (!written_.insert(sequence).second) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, evidence_.ReadRecord(sequence));
  EarlierRecord earlier{.sequence = sequence, .path = {}, .bytes = bytes};
  PUHUI_ASSIGN_OR_RETURN(earlier.path, evidence_.InclusionPath(LeafOfRecord(sequence, bytes),
                                                               range_.notes.back().size));
  writer_.Add(FrameKind::kEarlierRecord, EncodeEarlierRecord(earlier));
  return absl::OkStatus();
}

absl::Status BundleExport::WriteRecords() {
  std::size_t bytes = 0;
  const Sequence begin = next_;
  PUHUI_RETURN_IF_ERROR(
      evidence_.ReadSegments(next_, [&](absl::string_view stored) -> absl::StatusOr<bool> {
        PUHUI_RETURN_IF_ERROR(WriteSegment(stored));
        bytes += stored.size();
        return next_ <= range_.last && bytes < kBundleStepBytes;
      }));
  return Advanced(begin, next_);
}

absl::Status BundleExport::WriteSegment(absl::string_view stored) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::SegmentView segment, ledger::SegmentView::Parse(stored));
  Sequence sequence = segment.first();
  for (const absl::string_view bytes : segment) {
    if (sequence >= next_ && sequence <= range_.last) {
      PUHUI_ASSIGN_OR_RETURN(const jv1::Record record, ReadRecordBytes(sequence, bytes));
      PUHUI_RETURN_IF_ERROR(Apply(record));
      if (range_.first > 1) PUHUI_RETURN_IF_ERROR(WriteAsked(record));
    }
    ++sequence;
  }
  const bool inside = segment.first() >= range_.first && segment.last() <= range_.last;
  writer_.Add(FrameKind::kSegment,
              inside ? std::string(stored)
                     : CutOut(segment, range_.first, range_.last, header_.root_before));
  next_ = std::min(segment.last(), range_.last) + 1;
  return absl::OkStatus();
}

absl::Status BundleExport::WriteAsked(const jv1::Record& record) {
  unions_.Learn(record);
  if (const std::uint32_t campaign = BoundNow(record)) {
    PUHUI_RETURN_IF_ERROR(WriteUnions(campaign));
  }
  for (FactKey& key : SaidBy(record)) known_.insert(std::move(key));
  for (FactKey& key : AskedBy(record)) {
    if (key.first == FactKind::kMerchant) PUHUI_RETURN_IF_ERROR(WriteAgreements(key.second));
    Sequence sequence = 0;
    if (key.first == FactKind::kRecord) {
      if (!absl::SimpleAtoi(key.second, &sequence) || sequence >= range_.first) continue;
    } else {
      const auto said = said_.find(key);
      if (said == said_.end()) continue;
      sequence = said->second;
    }
    if (known_.insert(std::move(key)).second) PUHUI_RETURN_IF_ERROR(WriteEarlier(sequence));
  }
  return absl::OkStatus();
}

// All of a merchant's that were made before the range: which one is in force shows in the others.
absl::Status BundleExport::WriteAgreements(const std::string& merchant) {
  std::uint32_t of = 0;
  if (!absl::SimpleAtoi(merchant, &of)) return absl::OkStatus();
  for (std::uint32_t number = 1;; ++number) {
    const FactKey key = AgreementKey(of, number);
    const auto said = said_.find(key);
    if (said == said_.end() || !known_.insert(key).second) return absl::OkStatus();
    PUHUI_RETURN_IF_ERROR(WriteEarlier(said->second));
  }
}

// The campaign's union and those above it: what binds it may be said of any of them.
absl::Status BundleExport::WriteUnions(std::uint32_t campaign) {
  const BundleUnions::Home* const home = unions_.FindHome(campaign);
  if (home == nullptr) return absl::OkStatus();
  for (const std::uint32_t number : unions_.PathOf(home->union_number)) {
    for (const FactKind kind :
         {FactKind::kUnion, FactKind::kUnionSettings, FactKind::kUnionPlace}) {
      const FactKey key = {kind, absl::StrCat(number)};
      const auto said = said_.find(key);
      if (said == said_.end() || !known_.insert(key).second) continue;
      PUHUI_RETURN_IF_ERROR(WriteEarlier(said->second));
    }
  }
  return absl::OkStatus();
}

void BundleExport::CloseBooks() {
  rows_.Add(FrameKind::kClosingBalances, books_.BalanceFrames());
  rows_.Add(FrameKind::kClosingLots, books_.LotFrames());
  stage_ = Stage::kEnd;
}

}  // namespace puhui::audit
