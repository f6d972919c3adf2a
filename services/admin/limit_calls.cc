// SPDX-License-Identifier: Apache-2.0
#include "services/admin/limit_calls.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/limit_commands.h"
#include "merchant/app/queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::LimitKey;
using merchant::LimitSubject;
using merchant::LimitTarget;

// Refuses: kInvalidField at `prefix` and the field.
absl::StatusOr<LimitTarget> ReadTarget(v1::LimitSubject subject, absl::string_view name,
                                       absl::string_view prefix) {
  const std::string field = absl::StrCat(prefix, "name");
  LimitTarget target;
  if (subject == v1::LIMIT_SUBJECT_TERMINAL) {
    target.subject = LimitSubject::kTerminal;
    if (name.empty()) return target;
    PUHUI_ASSIGN_OR_RETURN(TerminalName terminal, ParseTerminalName(name, field));
    target.merchant = std::move(terminal.merchant_id);
    target.terminal = std::move(terminal.terminal_id);
  } else if (subject == v1::LIMIT_SUBJECT_MERCHANT) {
    target.subject = LimitSubject::kMerchant;
    if (name.empty()) return target;
    PUHUI_ASSIGN_OR_RETURN(target.merchant, ParseMerchantName(name, field));
  } else if (subject == v1::LIMIT_SUBJECT_MEMBER) {
    target.subject = LimitSubject::kMember;
    if (name.empty()) return target;
    PUHUI_ASSIGN_OR_RETURN(target.member, ParseMemberName(name, field));
  } else if (subject == v1::LIMIT_SUBJECT_CARD) {
    target.subject = LimitSubject::kCard;
    if (!name.empty()) return InvalidField(field, "want none: no card has limits of its own");
  } else {
    return InvalidField(absl::StrCat(prefix, "subject"), "want TERMINAL, MERCHANT, MEMBER or CARD");
  }
  return target;
}

absl::StatusOr<merchant::Limit> ReadLimit(const v1::Limit& limit, absl::string_view field) {
  const bool is_window =
      v1::LimitWindow_IsValid(limit.window()) && limit.window() != v1::LIMIT_WINDOW_UNSPECIFIED;
  if (!is_window) {
    return InvalidField(absl::StrCat(field, ".window"), "want MINUTE, HOUR or DAY");
  }
  if (!limit.has_count_max() && !limit.has_points_max()) {
    return InvalidField(absl::StrCat(field, ".count_max"), "want a count, a sum of points or both");
  }
  merchant::Limit read{.window = static_cast<merchant::LimitWindow>(limit.window())};
  if (limit.has_count_max()) read.count_max = limit.count_max();
  if (limit.has_points_max()) {
    if (limit.points_max() < 0 || limit.points_max() > Points::kMax) {
      return InvalidField(absl::StrCat(field, ".points_max"),
                          absl::StrCat("want 0 to 10^15, got ", limit.points_max()));
    }
    read.points_max = limit.points_max();
  }
  return read;
}

// In the order of the windows, whatever the order in which they came.
absl::StatusOr<std::vector<merchant::Limit>> ReadLimits(const v1::Limits& limits) {
  std::vector<merchant::Limit> read;
  std::set<merchant::LimitWindow> windows;
  for (int i = 0; i < limits.limits_size(); ++i) {
    const std::string field = absl::StrCat("limits.limits[", i, "]");
    PUHUI_ASSIGN_OR_RETURN(read.emplace_back(), ReadLimit(limits.limits(i), field));
    if (!windows.insert(read.back().window).second) {
      return InvalidField(absl::StrCat(field, ".window"), "want each window once");
    }
  }
  std::sort(read.begin(), read.end(),
            [](const merchant::Limit& a, const merchant::Limit& b) { return a.window < b.window; });
  return read;
}

absl::StatusOr<merchant::SetLimitsCommand::Wish> ReadWish(const CallContext& call,
                                                          const v1::SetLimitsRequest& request) {
  merchant::SetLimitsCommand::Wish wish{.person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(
      wish.target, ReadTarget(request.limits().subject(), request.limits().name(), "limits."));
  PUHUI_ASSIGN_OR_RETURN(wish.limits, ReadLimits(request.limits()));
  return wish;
}

// As the change left them, also on a replay.
v1::Limits LimitsOf(const journal::v1::Record& record, const v1::Limits& asked) {
  v1::Limits limits;
  limits.set_subject(asked.subject());
  limits.set_name(asked.name());
  for (const journal::v1::Limit& stored : record.limits_changed().after()) {
    v1::Limit& limit = *limits.add_limits();
    limit.set_window(static_cast<v1::LimitWindow>(stored.window()));
    if (stored.has_count_max()) limit.set_count_max(stored.count_max());
    if (stored.has_points_max()) limit.set_points_max(stored.points_max());
  }
  if (limits.limits().empty()) return limits;
  limits.set_change_sequence(record.sequence());
  *limits.mutable_change_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return limits;
}

// Where the limits of `target` stand. Refuses: kNotFound.
absl::StatusOr<LimitKey> KeyOf(const LimitTarget& target, const ledger::Readable& store) {
  LimitKey key{.subject = target.subject};
  if (target.member.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const auto wallet,
                           ledger::Find(store, ledger::kWalletTable, *target.member));
    if (!wallet.has_value()) return NotFound("member");
    key.who = ledger::TagFromBytes(target.member->ToBytes());
  } else if (target.terminal.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(
        const auto terminal,
        merchant::FindTerminal(store, target.merchant->text(), target.terminal->text()));
    if (!terminal.has_value()) return NotFound("terminal");
    key.number = static_cast<std::uint32_t>(*terminal);
  } else if (target.merchant.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const auto found,
                           merchant::FindMerchant(store, target.merchant->text()));
    if (!found.has_value()) return NotFound("merchant");
    key.number = static_cast<std::uint32_t>(found->number);
  }
  return key;
}

}  // namespace

void LimitCalls::Set(const CallContext& call, const v1::SetLimitsRequest& request,
                     v1::SetLimitsResponse* response, Completion done) const {
  absl::StatusOr<std::unique_ptr<ledger::Command>> command = nullptr;
  absl::StatusOr<merchant::SetLimitsCommand::Wish> wish = ReadWish(call, request);
  if (wish.ok()) {
    command = std::make_unique<merchant::SetLimitsCommand>(parts_.state, *std::move(wish));
  } else {
    command = wish.status();
  }
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [&request](const ledger::Outcome& outcome, v1::SetLimitsResponse* out) {
               *out->mutable_limits() = LimitsOf(outcome.first(), request.limits());
               return absl::OkStatus();
             });
}

absl::StatusOr<v1::GetLimitsResponse> LimitCalls::Get(const v1::GetLimitsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const LimitTarget target,
                         ReadTarget(request.subject(), request.name(), ""));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const LimitKey key, KeyOf(target, *store));
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(*store, merchant::kLimitTable, key));
  v1::GetLimitsResponse response;
  v1::Limits& limits = *response.mutable_limits();
  limits.set_subject(request.subject());
  limits.set_name(request.name());
  if (!row.has_value()) return response;
  for (const merchant::Limit& stored : row->limits) {
    v1::Limit& limit = *limits.add_limits();
    limit.set_window(static_cast<v1::LimitWindow>(stored.window));
    if (stored.count_max.has_value()) limit.set_count_max(*stored.count_max);
    if (stored.points_max.has_value()) limit.set_points_max(*stored.points_max);
  }
  limits.set_change_sequence(row->change);
  *limits.mutable_change_time() = ToTimestamp(row->time);
  return response;
}

}  // namespace puhui::services
