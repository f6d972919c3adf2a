// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/verify_bundle.h"

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_periods.h"
#include "audit/bundle/bundle_plans.h"
#include "audit/bundle/bundle_proofs.h"
#include "audit/bundle/bundle_requests.h"
#include "audit/bundle/bundle_returns.h"
#include "audit/bundle/bundle_runs.h"
#include "audit/bundle/misfit.h"
#include "audit/bundle/verify_part.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// One bundle on its way through. Threads: none. Borrows: the keys.
class BundleVerifier {
 public:
  BundleVerifier(absl::Span<const ledger::VerifyKey> keys, const WitnessWish& wish,
                 absl::optional<ledger::Checkpoint> earlier)
      : proofs_(keys, wish), growth_(std::move(earlier)) {}

  // Fails: kDataLoss; the text begins with "record " when it is about one.
  absl::Status Take(const Frame& frame);
  absl::Status Finish();
  BundleReport& report() { return report_; }

 private:
  absl::Status CheckOrder(FrameKind kind);
  absl::Status TakeHeader(absl::string_view payload);
  absl::Status TakeFrontier(absl::string_view payload);
  absl::Status TakeOpening(FrameKind kind, absl::string_view payload);
  absl::Status TakeEarlier(absl::string_view payload);
  absl::Status TakeSegment(absl::string_view payload);
  absl::Status TakeRecord(Sequence sequence, absl::string_view bytes);
  absl::Status CheckPlace(const jv1::Record& record, Sequence sequence);
  absl::Status TakeClosing(FrameKind kind, absl::string_view payload);
  absl::Status BeginRecords();
  absl::Status BeginClosing();
  void ReportGrowth();

  BundleProofs proofs_;
  BundleGrowth growth_;
  std::unique_ptr<PartVerifier> part_;  // Instead of all that follows the proofs.
  BundleReport report_;
  FrameKind last_kind_{};
  bool frontier_taken_ = false;
  bool records_begun_ = false;
  bool closing_begun_ = false;

  ledger::MerkleFrontier frontier_;
  std::string last_row_;      // Of the opening.
  bool short_frame_ = false;  // No more rows of this kind follow.
  ledger::Sha256 opening_;
  std::vector<std::string> closing_balances_;
  std::vector<std::string> closing_lots_;
  std::size_t closings_ = 0;  // Frames of the kind that were taken.

  Sequence next_ = 0;
  Sequence segment_first_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint32_t command_records_ = 0;  // Of the command under way; 0: not known.
  std::uint32_t next_index_ = 0;       // In it.
  jv1::Record record_;
  absl::flat_hash_set<Sequence> earlier_;
  BundleFacts facts_;
  BundleBooks books_;
  BundlePeriods periods_;
  BundleRequests requests_;
  std::unique_ptr<BundleSales> sales_;
  std::unique_ptr<BundleCaps> caps_;
  std::unique_ptr<BundleFees> fees_;
  std::unique_ptr<BundlePlans> plans_;
  std::unique_ptr<BundleRuns> runs_;
  std::unique_ptr<BundleReturns> returns_;
  std::unique_ptr<BundleStatements> statements_;
  std::unique_ptr<BundlePayouts> payouts_;
};

absl::Status BundleVerifier::CheckOrder(FrameKind kind) {
  const bool back = kind == FrameKind::kEarlierRecord && last_kind_ == FrameKind::kSegment;
  if (kind < last_kind_ && !back) return Misfit("a frame out of its order");
  if ((last_kind_ == FrameKind{}) != (kind == FrameKind::kHeader)) {
    return Misfit("want one header, and want it first");
  }
  if (kind > FrameKind::kFrontier && !frontier_taken_) return Misfit("a frame before the proofs");
  if (kind != last_kind_) {
    last_row_.clear();
    short_frame_ = false;
  }
  last_kind_ = kind;
  return absl::OkStatus();
}

absl::Status BundleVerifier::Take(const Frame& frame) {
  if (frame.kind == FrameKind::kScope && last_kind_ == FrameKind::kConsistency) {
    PUHUI_RETURN_IF_ERROR(proofs_.CheckComplete());
    part_ = std::make_unique<PartVerifier>(&proofs_, &report_);
    last_kind_ = frame.kind;
  }
  if (part_ != nullptr) return part_->Take(frame);
  PUHUI_RETURN_IF_ERROR(CheckOrder(frame.kind));
  switch (frame.kind) {
    case FrameKind::kHeader:
      return TakeHeader(frame.payload);
    case FrameKind::kCheckpoint:
      return proofs_.TakeCheckpoint(frame.payload, report_.header);
    case FrameKind::kConsistency:
      return proofs_.TakeConsistency(frame.payload, report_.header);
    case FrameKind::kFrontier:
      return TakeFrontier(frame.payload);
    case FrameKind::kOpeningBalances:
    case FrameKind::kOpeningLots:
      return TakeOpening(frame.kind, frame.payload);
    case FrameKind::kEarlierRecord:
      return TakeEarlier(frame.payload);
    case FrameKind::kSegment:
      return TakeSegment(frame.payload);
    case FrameKind::kClosingBalances:
    case FrameKind::kClosingLots:
      return TakeClosing(frame.kind, frame.payload);
    case FrameKind::kScope:
    case FrameKind::kScopeOwners:
    case FrameKind::kPartRecord:
    case FrameKind::kEnd:
      break;
  }
  return Misfit("a frame of an unknown kind");
}

absl::Status BundleVerifier::TakeHeader(absl::string_view payload) {
  PUHUI_ASSIGN_OR_RETURN(report_.header, DecodeHeader(payload));
  next_ = report_.header.first;
  segment_first_ = next_;
  const bool whole = next_ == 1;
  sales_ = std::make_unique<BundleSales>(&facts_, whole);
  caps_ = std::make_unique<BundleCaps>(&facts_, whole);
  fees_ = std::make_unique<BundleFees>(&facts_, whole);
  plans_ = std::make_unique<BundlePlans>(whole);
  runs_ = std::make_unique<BundleRuns>(&facts_, whole);
  returns_ = std::make_unique<BundleReturns>(whole);
  statements_ = std::make_unique<BundleStatements>(&facts_, &books_, whole);
  payouts_ = std::make_unique<BundlePayouts>(whole);
  return absl::OkStatus();
}

absl::Status BundleVerifier::TakeFrontier(absl::string_view payload) {
  if (frontier_taken_) return Misfit("the frontier twice");
  PUHUI_RETURN_IF_ERROR(proofs_.CheckComplete());
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> hashes, DecodeHashes(payload));
  const std::uint64_t size = report_.header.first - 1;
  if (hashes.size() != static_cast<std::size_t>(__builtin_popcountll(size))) {
    return Misfit("another number of subtrees than the tree has");
  }
  frontier_ = ledger::MerkleFrontier(size, [&hashes, size](unsigned height) {
    const std::uint64_t below = size & ((std::uint64_t{1} << height) - 1);
    return hashes[static_cast<std::size_t>(__builtin_popcountll(below))];
  });
  if (frontier_.Root() != report_.header.root_before) {
    return Misfit("the subtrees do not give the root before the records");
  }
  frontier_taken_ = true;
  return absl::OkStatus();
}

absl::Status BundleVerifier::TakeOpening(FrameKind kind, absl::string_view payload) {
  const std::size_t width = kind == FrameKind::kOpeningBalances ? kBalanceRowBytes : kLotRowBytes;
  const std::size_t key_bytes = kind == FrameKind::kOpeningBalances ? 21 : 20;
  if (report_.header.first == 1) return Misfit("balances of before the first record");
  if (short_frame_ || payload.empty() || payload.size() % width != 0 ||
      payload.size() > width * kRowsPerFrameMax) {
    return Misfit("rows that do not fill their frames");
  }
  short_frame_ = payload.size() < width * kRowsPerFrameMax;
  opening_.Update(payload);
  for (; !payload.empty(); payload.remove_prefix(width)) {
    const absl::string_view key = payload.substr(0, key_bytes);
    if (!last_row_.empty() && key <= last_row_) return Misfit("rows out of their order");
    last_row_ = std::string(key);
    if (kind == FrameKind::kOpeningBalances) {
      PUHUI_ASSIGN_OR_RETURN(const BalanceRow row, DecodeBalanceRow(payload.substr(0, width)));
      PUHUI_RETURN_IF_ERROR(books_.Open(row));
    } else {
      PUHUI_ASSIGN_OR_RETURN(const LotRow row, DecodeLotRow(payload.substr(0, width)));
      PUHUI_RETURN_IF_ERROR(books_.Open(row));
    }
  }
  return absl::OkStatus();
}

absl::Status BundleVerifier::BeginRecords() {
  if (std::exchange(records_begun_, true)) return absl::OkStatus();
  report_.opening = opening_.Finish();
  PUHUI_RETURN_IF_ERROR(books_.CheckOpening());
  return periods_.Begin(report_.header.first, books_.balances());
}

absl::Status BundleVerifier::TakeEarlier(absl::string_view payload) {
  PUHUI_RETURN_IF_ERROR(BeginRecords());
  PUHUI_ASSIGN_OR_RETURN(const EarlierRecord earlier, DecodeEarlierRecord(payload));
  if (earlier.sequence == 0 || earlier.sequence >= report_.header.first ||
      !earlier_.insert(earlier.sequence).second) {
    return Misfit("an earlier record that is not of before the range, or twice");
  }
  ++report_.proofs;
  if (!proofs_.Holds(earlier)) {
    return AtRecord(earlier.sequence, Misfit("the proof of inclusion does not hold"));
  }
  record_.Clear();
  if (!record_.ParseFromArray(earlier.bytes.data(), static_cast<int>(earlier.bytes.size())) ||
      record_.sequence() != earlier.sequence) {
    return AtRecord(earlier.sequence, Misfit("it is no record of that place"));
  }
  facts_.Learn(record_);
  sales_->LearnEarlier(record_);
  plans_->LearnEarlier(record_);
  runs_->LearnEarlier(record_);
  payouts_->LearnEarlier(record_);
  ++report_.earlier_records;
  return absl::OkStatus();
}

absl::Status BundleVerifier::TakeSegment(absl::string_view payload) {
  PUHUI_RETURN_IF_ERROR(BeginRecords());
  const absl::StatusOr<ledger::SegmentView> segment = ledger::SegmentView::Parse(payload);
  if (!segment.ok()) return AtRecord(next_, segment.status());
  const ledger::SegmentHeader& header = segment->header();
  if (header.first != next_ || header.last() > report_.header.last) {
    return AtRecord(next_, Misfit(absl::StrCat("records from ", header.first, " on come instead")));
  }
  if (header.partition != report_.header.partition || header.epoch < epoch_) {
    return AtRecord(next_, Misfit("a segment of another journal"));
  }
  if (header.root_before != frontier_.Root()) {
    return AtRecord(segment_first_, Misfit("the records from here on are not those of the tree"));
  }
  epoch_ = header.epoch;
  segment_first_ = next_;
  ++report_.segments;
  for (const absl::string_view bytes : *segment) {
    PUHUI_RETURN_IF_ERROR(AtRecord(next_, TakeRecord(next_, bytes)));
    ++next_;
  }
  return absl::OkStatus();
}

absl::Status BundleVerifier::CheckPlace(const jv1::Record& record, Sequence sequence) {
  if (record.sequence() != sequence) {
    return Misfit(absl::StrCat("it says it is record ", record.sequence()));
  }
  if (report_.records != 0 && record.time_micros() <= report_.last_time_micros) {
    return Misfit("its time is not after that of the record before");
  }
  const bool goes_on = record.index_in_command() != 0;
  if (report_.records == 0) next_index_ = record.index_in_command();
  if (goes_on ? record.index_in_command() != next_index_ || record.has_request()
              : command_records_ != 0 && next_index_ != command_records_) {
    return Misfit("its command has other records");
  }
  if (!goes_on) command_records_ = record.request().records();
  next_index_ = record.index_in_command() + 1;
  return absl::OkStatus();
}

absl::Status BundleVerifier::TakeRecord(Sequence sequence, absl::string_view bytes) {
  record_.Clear();
  if (!record_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Misfit("it is no record");
  }
  PUHUI_RETURN_IF_ERROR(CheckPlace(record_, sequence));
  PUHUI_RETURN_IF_ERROR(requests_.Check(record_));
  if (record_.has_entry()) {
    PUHUI_RETURN_IF_ERROR(books_.Apply(record_.entry(), record_.time_micros()));
    ++report_.entries;
  }
  facts_.Learn(record_);
  PUHUI_RETURN_IF_ERROR(sales_->Check(record_));
  PUHUI_RETURN_IF_ERROR(caps_->Check(record_.entry()));
  PUHUI_RETURN_IF_ERROR(fees_->Check(record_));
  PUHUI_RETURN_IF_ERROR(plans_->Check(record_));
  PUHUI_RETURN_IF_ERROR(runs_->Check(record_));
  PUHUI_RETURN_IF_ERROR(returns_->Check(record_));
  PUHUI_RETURN_IF_ERROR(statements_->Check(record_));
  PUHUI_RETURN_IF_ERROR(payouts_->Check(record_, statements_->CameTo()));
  PUHUI_RETURN_IF_ERROR(periods_.Check(record_, frontier_));
  frontier_.Append(ledger::LeafHash(bytes));
  if (growth_.LooksFor(frontier_.size())) growth_.Look({frontier_.size(), frontier_.Root()});
  if (report_.records == 0) report_.first_time_micros = record_.time_micros();
  report_.last_time_micros = record_.time_micros();
  ++report_.records;
  return absl::OkStatus();
}

absl::Status BundleVerifier::BeginClosing() {
  if (std::exchange(closing_begun_, true)) return absl::OkStatus();
  if (!frontier_taken_) return Misfit("the bundle has no proofs");
  PUHUI_RETURN_IF_ERROR(BeginRecords());
  if (next_ != report_.header.last + 1) {
    return AtRecord(next_, Misfit("it is missing"));
  }
  if (frontier_.Root() != report_.header.root_after) {
    return AtRecord(segment_first_, Misfit("the records from here on are not those of the tree"));
  }
  caps_->Forget();  // What it closes with needs as much memory.
  closing_balances_ = books_.BalanceFrames();
  closing_lots_ = books_.LotFrames();
  ledger::Sha256 closing;
  for (const std::string& rows : closing_balances_) closing.Update(rows);
  for (const std::string& rows : closing_lots_) closing.Update(rows);
  report_.closing = closing.Finish();
  return absl::OkStatus();
}

absl::Status BundleVerifier::TakeClosing(FrameKind kind, absl::string_view payload) {
  PUHUI_RETURN_IF_ERROR(BeginClosing());
  const std::size_t number = closings_++;
  const bool balances = kind == FrameKind::kClosingBalances;
  const std::size_t before = balances ? 0 : closing_balances_.size();
  const std::vector<std::string>& wanted = balances ? closing_balances_ : closing_lots_;
  if (number < before || number - before >= wanted.size() || wanted[number - before] != payload) {
    return Misfit("it closes with something else than the records come to");
  }
  return absl::OkStatus();
}

void BundleVerifier::ReportGrowth() {
  const BundleHeader& header = report_.header;
  growth_.Look({header.first - 1, header.root_before});
  growth_.Look({header.last, header.root_after});
  for (const ledger::Checkpoint& head : proofs_.checkpoints()) growth_.Look({head.size, head.root});
  report_.growth = growth_.Found(report_.checkpoint);
}

absl::Status BundleVerifier::Finish() {
  proofs_.Report(&report_);
  ReportGrowth();
  if (part_ != nullptr) return part_->Finish();
  PUHUI_RETURN_IF_ERROR(BeginClosing());
  if (closings_ != closing_balances_.size() + closing_lots_.size()) {
    return Misfit("what it closes with is missing");
  }
  report_.postings = books_.postings();
  report_.accounts = books_.accounts();
  report_.lots = books_.lots();
  report_.sales = sales_->figures();
  report_.caps = caps_->figures();
  report_.fees = fees_->figures();
  report_.plans = plans_->figures();
  report_.runs = runs_->figures();
  report_.returns = returns_->figures();
  report_.statements = statements_->figures();
  report_.payouts = payouts_->figures();
  report_.periods = periods_.figures();
  return absl::OkStatus();
}

absl::Status AtFrame(std::uint64_t frame, const absl::Status& status) {
  if (status.ok() || !absl::IsDataLoss(status)) return status;
  if (absl::StartsWith(status.message(), "record ")) return status;
  return absl::DataLossError(absl::StrCat("frame ", frame, ": ", status.message()));
}

}  // namespace

absl::StatusOr<BundleReport> VerifyBundle(ByteSource source,
                                          absl::Span<const ledger::VerifyKey> keys,
                                          const WitnessWish& wish,
                                          absl::optional<ledger::Checkpoint> earlier) {
  FrameReader reader(source);
  BundleVerifier verifier(keys, wish, std::move(earlier));
  while (true) {
    const absl::StatusOr<absl::optional<Frame>> frame = reader.Next();
    if (!frame.ok()) return AtFrame(reader.frames(), frame.status());
    if (!frame->has_value()) break;
    PUHUI_RETURN_IF_ERROR(AtFrame(reader.frames(), verifier.Take(**frame)));
  }
  PUHUI_RETURN_IF_ERROR(AtFrame(reader.frames(), verifier.Finish()));
  verifier.report().bytes = reader.bytes();
  return std::move(verifier.report());
}

}  // namespace puhui::audit
