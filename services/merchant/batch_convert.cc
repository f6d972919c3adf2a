// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/batch_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/merchant/pos_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// Puts the kind of a message into `kind`.
absl::Status ReadKind(v1::BatchKind of, const std::string& field, merchant::BatchKind* kind) {
  if (of == v1::BATCH_KIND_UNSPECIFIED || !v1::BatchKind_IsValid(of)) {
    return InvalidField(field, "want a kind of call");
  }
  *kind = static_cast<merchant::BatchKind>(of);
  return absl::OkStatus();
}

absl::Status ReadTotals(const v1::CloseBatchRequest& request, merchant::BatchTotals* told) {
  std::set<merchant::BatchKind> named;
  for (int i = 0; i < request.totals_size(); ++i) {
    const v1::KindTotal& total = request.totals(i);
    const std::string field = absl::StrCat("totals[", i, "]");
    merchant::BatchKind kind{};
    PUHUI_RETURN_IF_ERROR(ReadKind(total.kind(), absl::StrCat(field, ".kind"), &kind));
    if (!named.insert(kind).second) {
      return InvalidField(absl::StrCat(field, ".kind"), "want each kind once");
    }
    if (total.count() < 0) {
      return InvalidField(absl::StrCat(field, ".count"),
                          absl::StrCat("want 0 or more, got ", total.count()));
    }
    if (total.points() < 0) {
      return InvalidField(absl::StrCat(field, ".points"),
                          absl::StrCat("want 0 or more, got ", total.points()));
    }
    told->Of(kind) = {total.count(), total.points()};
  }
  return absl::OkStatus();
}

using CallKey = std::pair<std::uint32_t, merchant::BatchKind>;

absl::Status CheckCalls(const v1::CloseBatchRequest& request, const merchant::BatchRange& range) {
  if (static_cast<std::size_t>(request.calls_size()) > kBatchCallsListedMax) {
    return InvalidField("calls", absl::StrCat("want at most ", kBatchCallsListedMax, ", got ",
                                              request.calls_size()));
  }
  std::set<CallKey> listed;
  for (int i = 0; i < request.calls_size(); ++i) {
    const v1::BatchCall& call = request.calls(i);
    const std::string field = absl::StrCat("calls[", i, "]");
    merchant::BatchKind kind{};
    PUHUI_RETURN_IF_ERROR(ReadKind(call.kind(), absl::StrCat(field, ".kind"), &kind));
    PUHUI_RETURN_IF_ERROR(
        Points::FromRequest(call.points(), absl::StrCat(field, ".points")).status());
    if (call.trace_number() < range.first || call.trace_number() > range.last) {
      return InvalidField(absl::StrCat(field, ".trace_number"),
                          absl::StrCat("want a number from ", range.first, " to ", range.last,
                                       ", got ", call.trace_number()));
    }
    if (!listed.insert({call.trace_number(), kind}).second) {
      return InvalidField(field, "want each call once");
    }
  }
  return absl::OkStatus();
}

v1::BatchCall CallOf(const merchant::BatchCall& call) {
  v1::BatchCall message;
  message.set_trace_number(call.trace_number);
  message.set_kind(static_cast<v1::BatchKind>(call.kind));
  message.set_points(call.points);
  return message;
}

}  // namespace

absl::StatusOr<merchant::BatchRange> ReadRange(const v1::CloseBatchRequest& request,
                                               const merchant::BatchKey& batch) {
  merchant::BatchRange range{
      .batch = batch, .first = request.first_trace_number(), .last = request.last_trace_number()};
  if (range.first == 0) range.first = 1;
  if (range.last == 0) range.last = kTraceNumberMax;
  if (range.last > kTraceNumberMax) {
    return InvalidField("last_trace_number",
                        absl::StrCat("want at most ", kTraceNumberMax, ", got ", range.last));
  }
  if (range.first > range.last) {
    return InvalidField("first_trace_number",
                        absl::StrCat("want at most the last one, got ", range.first));
  }
  return range;
}

absl::StatusOr<merchant::CloseBatchCommand::Wish> ReadCloseBatch(
    const v1::CloseBatchRequest& request) {
  merchant::CloseBatchCommand::Wish wish{.batch_number = request.batch_number(),
                                         .accept_difference = request.accept_difference()};
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.terminal(), "terminal"));
  wish.merchant = name.merchant_id;
  wish.terminal = name.terminal_id;
  if (wish.batch_number == 0) return InvalidField("batch_number", "want a number from 1, got 0");
  PUHUI_RETURN_IF_ERROR(ReadTotals(request, &wish.told));
  PUHUI_ASSIGN_OR_RETURN(const merchant::BatchRange range, ReadRange(request, {}));
  PUHUI_RETURN_IF_ERROR(CheckCalls(request, range));
  return wish;
}

void AddTotals(const merchant::BatchTotals& totals,
               google::protobuf::RepeatedPtrField<v1::KindTotal>* message) {
  for (const merchant::BatchKind kind : merchant::kAllBatchKinds) {
    const merchant::KindTotal& total = totals.Of(kind);
    if (total.count == 0) continue;
    v1::KindTotal& added = *message->Add();
    added.set_kind(static_cast<v1::BatchKind>(kind));
    added.set_count(total.count);
    added.set_points(total.points);
  }
}

merchant::BatchTotals TotalsOf(
    const google::protobuf::RepeatedPtrField<journal::v1::BatchTotal>& stored) {
  merchant::BatchTotals totals;
  for (const journal::v1::BatchTotal& total : stored) {
    totals.Of(static_cast<merchant::BatchKind>(total.kind())) = {total.count(), total.points()};
  }
  return totals;
}

v1::BatchDifference CompareCalls(const std::vector<merchant::BatchCall>& ours,
                                 const v1::CloseBatchRequest& request) {
  std::map<CallKey, std::int64_t> known;
  for (const merchant::BatchCall& call : ours) {
    known[{call.trace_number, call.kind}] = call.points;
  }
  v1::BatchDifference difference;
  std::set<CallKey> listed;
  for (const v1::BatchCall& call : request.calls()) {
    const CallKey key{call.trace_number(), static_cast<merchant::BatchKind>(call.kind())};
    listed.insert(key);
    const auto at = known.find(key);
    if (at == known.end()) {
      *difference.add_missing_here() = call;
    } else if (at->second != call.points()) {
      *difference.add_unlike() = CallOf({key.first, key.second, at->second});
    }
  }
  for (const merchant::BatchCall& call : ours) {
    if (!listed.contains({call.trace_number, call.kind})) {
      *difference.add_missing_at_till() = CallOf(call);
    }
  }
  return difference;
}

}  // namespace puhui::services
