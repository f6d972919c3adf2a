// SPDX-License-Identifier: Apache-2.0
// Who calls: what a SPIFFE URI of ours says about its bearer.
#ifndef PUHUI_SERVICES_AUTH_IDENTITY_H_
#define PUHUI_SERVICES_AUTH_IDENTITY_H_

#include "ledger/base/id.h"
#include "services/auth/mandate.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::services {

enum class Role : std::uint8_t {
  kOperator,
  kUnionAdmin,
  kHr,
  kFinance,
  kApprover,
  kAuditor,
  kMerchant,
  kTerminal,
  kMember,
  kPos,         // A merchant's POS back end.
  kInstaller,   // Whoever sets terminals up.
  kMall,        // A merchant's outside shop, to which points are an account.
  kSupervisor,  // Of auditors: sees what they read, and nothing else.
  kWitness,     // Signs the head of the journal too, when it has only grown.
};
inline constexpr std::size_t kRoleCount = 14;

// The role as the URI writes it, for example "union-admin".
absl::string_view RoleName(Role role);

// A caller that was authenticated. Of the ids only those that the scope names are set.
struct Principal {
  Role role = Role::kMember;
  std::string scope;   // For example "unions/fh-1"; empty for an operator, and for an auditor or
                       // supervisor of everything.
  std::string person;  // "people/{id}" when the URI names a person, else the caller.
  std::string caller;  // The URI's path, for example "/hr/unions/fh-1/people/zhang-3": what the
                       // journal keeps.
  UnionId union_id;
  MerchantId merchant_id;
  TerminalId terminal_id;
  MemberId member_id;
  absl::optional<Mandate> mandate{};  // Of an auditor that was ever granted one.
};

// Reads `spiffe://<trust domain>/<role>[/<scope>][/people/<id>]`. The scope is
//   unions/{union}                              of union-admin, hr, finance, approver, auditor and
//                                               supervisor
//   merchants/{merchant}                        of merchant, pos and mall
//   merchants/{merchant}/terminals/{terminal}   of terminal
//   members/{member}                            of member
// and is absent of operator, of installer, of witness, and of an auditor or supervisor who may see
// everything. Two certificates with the same people/{id} are one person whatever their roles: that
// is what "a second person" is judged by. Refuses: kUnauthenticated for anything else, without
// repeating the URI.
absl::StatusOr<Principal> ParseSpiffeUri(absl::string_view uri, absl::string_view trust_domain);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_IDENTITY_H_
