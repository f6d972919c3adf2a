// SPDX-License-Identifier: Apache-2.0
// Who may call what: the one table, and the one place that says what a scope takes in.
#ifndef PUHUI_SERVICES_AUTH_POLICY_H_
#define PUHUI_SERVICES_AUTH_POLICY_H_

#include "ledger/base/id.h"
#include "services/auth/identity.h"
#include "services/auth/rpc.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace puhui::services {

class RoleSet {
 public:
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= Bit(role);
  }
  constexpr bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }

 private:
  static constexpr std::uint32_t Bit(Role role) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(role);
  }
  std::uint32_t bits_ = 0;
};

enum class Effect : std::uint8_t {
  kRead,
  kChange,
  kMoney,  // Moves points, or is about to: bounded to five seconds when the caller sets no
           // deadline.
};

struct RpcRule {
  Rpc rpc;
  absl::string_view service;  // For example "PosService".
  absl::string_view name;     // For example "Purchase".
  Effect effect;
  RoleSet callers;
};

// The whole table, indexed by Rpc.
absl::Span<const RpcRule> RpcRules();
inline const RpcRule& RuleOf(Rpc rpc) { return RpcRules()[static_cast<std::size_t>(rpc)]; }

// Whether the access journal has to know of the call: everything that auditors and supervisors ask
// for, also what they may not, and whoever else asks what is asked by auditors.
bool IsOnRecord(const Principal& principal, Rpc rpc);

// The largest request that `rpc` takes, in serialised bytes: a till or a mall has little to say.
std::size_t RequestBytesMax(Rpc rpc);

// Refuses: kPermissionDenied when the caller's role has no business calling `rpc`, whatever it
// names.
absl::Status Allow(const Principal& principal, Rpc rpc);

// The tree of unions, as far as permission needs it.
// Threads: safe.
class UnionTree {
 public:
  virtual ~UnionTree() = default;
  // True when `union_id` is `ancestor` or below it. False when either does not exist.
  virtual bool Covers(const UnionId& ancestor, const UnionId& union_id) const = 0;
};

// What the caller's scope takes in. What a caller may not see does not exist for it: each answers
// kNotFound, with the words of a thing that is not there. Operators and auditors without a scope
// see everything; a union's people see their union and everything below it. An auditor whose
// mandate names a union sees that alone, as far as its scope takes it in.
absl::Status AllowUnion(const Principal& principal, const UnionId& union_id, const UnionTree& tree);
// A member sees itself; others need the union the member belongs to.
absl::Status AllowMember(const Principal& principal, const MemberId& member,
                         const UnionId& union_of_member, const UnionTree& tree);
// A merchant, its POS back end, its mall and its terminals see the merchant. Merchants belong to no
// union, so union admins and auditors see them all; what unions have to do with them is another
// question, IsNarrowedAuditor.
absl::Status AllowMerchant(const Principal& principal, const MerchantId& merchant);
// A terminal sees itself, its merchant and the POS back end of that all of the merchant's;
// otherwise as AllowMerchant.
absl::Status AllowTerminal(const Principal& principal, const MerchantId& merchant,
                           const TerminalId& terminal);
// What a merchant is owed: as AllowMerchant, and those who pay it, the unions' finance.
absl::Status AllowSettlement(const Principal& principal, const MerchantId& merchant);
// Who pays merchants: operators, auditors without a scope, and the people of the union that pays.
// `payer` is empty when none is configured.
absl::Status AllowPayer(const Principal& principal, absl::string_view payer);
// What a merchant is paid: those who pay it, and the merchant itself.
absl::Status AllowPayout(const Principal& principal, const MerchantId& merchant,
                         absl::string_view payer);
// Operators, auditors without a scope, and witnesses: for what belongs to the whole ledger, such as
// its records.
absl::Status AllowWholeLedger(const Principal& principal);
// An auditor with a scope, or whose mandate names a union. Of what belongs to no union, such as a
// merchant's books, it sees what concerns the unions that AllowUnion lets it see.
inline bool IsNarrowedAuditor(const Principal& principal) {
  return principal.role == Role::kAuditor && !AllowWholeLedger(principal).ok();
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_POLICY_H_
