// SPDX-License-Identifier: Apache-2.0
// A well-formed request for every RPC that names something, for whoever wants to know what a caller
// learns from the answer.
#ifndef PUHUI_TESTS_INTEGRATION_SCOPE_ROWS_H_
#define PUHUI_TESTS_INTEGRATION_SCOPE_ROWS_H_

#include "services/auth/policy.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/ask.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace puhui {

// What a request can name: things that are there, or things that are not.
struct World {
  std::string union_name;
  std::string own_union;  // Of the caller, whatever the rest is.
  std::string funding;
  std::string member;
  std::string external_id;
  std::string card;         // Its number.
  std::string application;  // To the union.
  std::string campaign;
  std::string claw_back;  // Of the campaign.
  std::string merchant;
  std::string statement;  // Of the merchant, for a day that something was sold on.
  std::string store;
  std::string terminal;
  std::string purchase_reference;
  std::string purchase_request_id;
  std::string authorization_reference;
  std::string offer;   // Of the merchant: a draft.
  std::string notice;  // Of the union.
  std::string order;   // Of the member, with the merchant.
  std::uint64_t sequence = 0;
  std::uint64_t grant = 0;  // The record of a grant of the campaign.
};

struct ScopeRow {
  // The messages of a call, serialised.
  using Write = std::function<std::vector<std::string>(const World&)>;

  services::Rpc rpc;
  std::set<services::Role> scoped;  // Roles whose scope decides; the policy's row may allow fewer.
  Write write;
};

// Roles whose scope is a union.
inline std::set<services::Role> UnionRoles() {
  using services::Role;
  return {Role::kUnionAdmin, Role::kHr, Role::kFinance, Role::kApprover, Role::kAuditor};
}

// Those whose scope is a merchant. Merchants belong to no union, so union admins and auditors see
// them all.
inline std::set<services::Role> MerchantRoles() {
  using services::Role;
  return {Role::kMerchant, Role::kTerminal, Role::kPos};
}

// One message that `fill` fills in; a request id comes first where there is one.
template <class Request, class Fill>
ScopeRow::Write One(SeededRandom* random, Fill fill) {
  return [=](const World& world) {
    Request request;
    if constexpr (requires { request.set_request_id(""); }) {
      request.set_request_id(NewRequestId(*random));
    }
    fill(world, request);
    return std::vector<std::string>{request.SerializeAsString()};
  };
}

// `random` is of request ids and trace numbers, and must outlive the rows.
std::vector<ScopeRow> ScopeRows(SeededRandom* random);
// Of them, those of MemberService.
std::vector<ScopeRow> MemberRows(SeededRandom* random);
// And of MerchantService.
std::vector<ScopeRow> MerchantRows(SeededRandom* random);
// Those of CatalogService and NoticeService.
std::vector<ScopeRow> OfferRows(SeededRandom* random);
// Those of OrderService and VoucherService.
std::vector<ScopeRow> OrderRows(SeededRandom* random);
// Those of WalletService and DeviceService.
std::vector<ScopeRow> WalletRows(SeededRandom* random);
// Those of PayoutService and ReconciliationService.
std::vector<ScopeRow> PayoutRows(SeededRandom* random);
// Those of MallService, ExternalPointsService and OfferReportService.
std::vector<ScopeRow> MallRows(SeededRandom* random);
// Those of SearchService and PictureService, and where stores are.
std::vector<ScopeRow> WindowRows(SeededRandom* random);
// Those of SettlementService.
std::vector<ScopeRow> SettlementRows(SeededRandom* random);
// Those of PosService, which name the till.
std::vector<ScopeRow> TillRows(SeededRandom* random);
// Calls of the caller's own till that name the purchase or authorisation of another.
std::vector<ScopeRow> OwnTillRows(SeededRandom* random, const std::string& own_terminal);

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_SCOPE_ROWS_H_
