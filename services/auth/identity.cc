// SPDX-License-Identifier: Apache-2.0
#include "services/auth/identity.h"

#include "ledger/base/check.h"
#include "ledger/core/refusal.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <array>

namespace puhui::services {
namespace {

constexpr std::size_t kUriBytesMax = 256;
constexpr std::size_t kSegmentsMax = 7;  // role, two pairs of scope, one pair for the person.

constexpr std::array<absl::string_view, kRoleCount> kRoleNames = {
    "operator", "union-admin", "hr",  "finance",   "approver", "auditor",    "merchant",
    "terminal", "member",      "pos", "installer", "mall",     "supervisor", "witness"};

absl::Status Unknown(absl::string_view wanted) {
  return ledger::ToStatus(
      {.reason = ledger::Reason::kUnauthenticated,
       .message = absl::StrCat("the certificate's identity is not one of ours: want ", wanted)});
}

// The segments of a path, at most kSegmentsMax; no allocation, because every call comes through
// here.
class Path {
 public:
  // False when there are too many segments. An empty segment is kept, and matches nothing later.
  bool Split(absl::string_view path) {
    while (true) {
      if (count_ == segments_.size()) return false;
      const std::size_t slash = path.find('/');
      segments_.at(count_++) = path.substr(0, slash);
      if (slash == absl::string_view::npos) return true;
      path.remove_prefix(slash + 1);
    }
  }
  absl::Span<const absl::string_view> segments() const { return {segments_.data(), count_}; }

 private:
  std::array<absl::string_view, kSegmentsMax> segments_;
  std::size_t count_ = 0;
};

absl::optional<Role> RoleOf(absl::string_view name) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames.at(i) == name) return static_cast<Role>(i);
  }
  return absl::nullopt;
}

// True when `scope` is collection/id with a valid id, which is stored.
template <class IdType>
bool ReadPair(absl::Span<const absl::string_view> scope, absl::string_view collection, IdType* id) {
  if (scope.size() != 2 || scope[0] != collection) return false;
  absl::StatusOr<IdType> parsed = IdType::Parse(scope[1], collection);
  if (!parsed.ok()) return false;
  *id = *std::move(parsed);
  return true;
}

bool ReadScope(absl::Span<const absl::string_view> scope, Principal* principal) {
  switch (principal->role) {
    case Role::kOperator:
    case Role::kInstaller:
    case Role::kWitness:
      return scope.empty();
    case Role::kAuditor:
    case Role::kSupervisor:
      return scope.empty() || ReadPair(scope, "unions", &principal->union_id);
    case Role::kUnionAdmin:
    case Role::kHr:
    case Role::kFinance:
    case Role::kApprover:
      return ReadPair(scope, "unions", &principal->union_id);
    case Role::kMerchant:
    case Role::kPos:
    case Role::kMall:
      return ReadPair(scope, "merchants", &principal->merchant_id);
    case Role::kTerminal:
      return scope.size() == 4 && ReadPair(scope.first(2), "merchants", &principal->merchant_id) &&
             ReadPair(scope.last(2), "terminals", &principal->terminal_id);
    case Role::kMember:
      return ReadPair(scope, "members", &principal->member_id);
  }
  CheckFailed(__FILE__, __LINE__, "a role without a scope rule");
}

}  // namespace

absl::string_view RoleName(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }

absl::StatusOr<Principal> ParseSpiffeUri(absl::string_view uri, absl::string_view trust_domain) {
  if (uri.size() > kUriBytesMax) return Unknown("at most 256 bytes");
  absl::string_view rest = uri;
  if (!absl::ConsumePrefix(&rest, "spiffe://") || !absl::ConsumePrefix(&rest, trust_domain) ||
      rest.empty() || rest.front() != '/') {
    return Unknown("a SPIFFE URI of our trust domain");
  }
  Principal principal;
  principal.caller = std::string(rest);
  Path path;
  if (!path.Split(rest.substr(1))) return Unknown("fewer segments");
  absl::Span<const absl::string_view> segments = path.segments();

  const absl::optional<Role> role = RoleOf(segments[0]);
  if (!role.has_value()) return Unknown("a known role");
  principal.role = *role;
  segments.remove_prefix(1);

  if (segments.size() >= 2 && segments[segments.size() - 2] == "people") {
    const absl::string_view person = segments[segments.size() - 1];
    if (!ValidateTextId(person, "people").ok()) return Unknown("a valid person");
    principal.person = absl::StrCat("people/", person);
    segments.remove_suffix(2);
  } else {
    principal.person = principal.caller;
  }
  if (!ReadScope(segments, &principal)) return Unknown("the scope that belongs to the role");
  if (!segments.empty()) {
    const char* begin = segments.front().data();
    const absl::string_view last = segments.back();
    principal.scope.assign(begin, last.data() + last.size());
  }
  return principal;
}

}  // namespace puhui::services
