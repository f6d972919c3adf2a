// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_CALLERS_H_
#define PUHUI_TESTS_SUPPORT_WIRE_CALLERS_H_

#include "services/auth/identity.h"

#include <iterator>
#include <utility>

namespace puhui {

// A caller of each role, as the path of its SPIFFE URI.
inline constexpr std::pair<services::Role, const char*> kCallerOfEachRole[] = {
    {services::Role::kOperator, "/operator"},
    {services::Role::kUnionAdmin, "/union-admin/unions/fh-1"},
    {services::Role::kHr, "/hr/unions/fh-1"},
    {services::Role::kFinance, "/finance/unions/fh-1"},
    {services::Role::kApprover, "/approver/unions/fh-1"},
    {services::Role::kAuditor, "/auditor"},
    {services::Role::kMerchant, "/merchant/merchants/m-7"},
    {services::Role::kTerminal, "/terminal/merchants/m-7/terminals/t-2"},
    {services::Role::kMember, "/member/members/01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    {services::Role::kPos, "/pos/merchants/m-7"},
    {services::Role::kInstaller, "/installer"},
    {services::Role::kMall, "/mall/merchants/m-7"},
    {services::Role::kSupervisor, "/supervisor"},
    {services::Role::kWitness, "/witness"},
};
static_assert(std::size(kCallerOfEachRole) == services::kRoleCount);

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_CALLERS_H_
