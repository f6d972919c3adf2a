// SPDX-License-Identifier: Apache-2.0
// What the comments of the API say about reasons, as far as it can be held against the code.
#include "ledger/core/refusal.h"
#include "services/auth/policy.h"
#include "tests/unit/services/auth/api_comments.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

// Method name to the names after "Reasons:", or those of the method it refers to.
std::map<std::string, std::vector<std::string>> ReasonsByMethod() {
  std::map<std::string, std::vector<std::string>> reasons;
  for (const auto& [method, text] : RpcComments()) {
    std::size_t at = text.find("Reasons: ");
    if (at == std::string::npos) at = text.find("reasons: ");
    if (at == std::string::npos) continue;
    absl::string_view named = absl::string_view(text).substr(at + 9);
    named = named.substr(0, named.find('.'));
    if (absl::ConsumePrefix(&named, "as ")) {
      reasons[method] = reasons.at(std::string(named));
      continue;
    }
    reasons[method] = {};
    if (named == "none") continue;
    for (const absl::string_view name : absl::StrSplit(named, ',')) {
      reasons[method].emplace_back(absl::StripAsciiWhitespace(name));
    }
  }
  return reasons;
}

// The number of the reason; -1 when nothing is called so.
std::int64_t NumberOf(absl::string_view name) {
  for (const ledger::Reason reason : ledger::AllReasons()) {
    if (ledger::ReasonName(reason) == name) return static_cast<std::int64_t>(reason);
  }
  return -1;
}

TEST(ApiReasonsTest, EveryRpcListsReasonsThatExistInTheirOrder) {
  const auto reasons = ReasonsByMethod();
  for (const RpcRule& rule : RpcRules()) {
    const auto listed = reasons.find(std::string(rule.name));
    ASSERT_NE(listed, reasons.end()) << rule.name;
    std::int64_t last = 0;
    for (const std::string& name : listed->second) {
      EXPECT_GT(NumberOf(name), last) << rule.name << ": " << name;
      last = NumberOf(name);
    }
  }
}

TEST(ApiReasonsTest, WhatChangesSomethingMayMeetItsRequestIdAgain) {
  const auto reasons = ReasonsByMethod();
  for (const RpcRule& rule : RpcRules()) {
    const std::vector<std::string>& listed = reasons.at(std::string(rule.name));
    const bool replays =
        std::find(listed.begin(), listed.end(), "REQUEST_ID_REUSED") != listed.end();
    EXPECT_EQ(replays, rule.effect != Effect::kRead) << rule.name;
  }
}

// Of any call: said once, in errors.proto.
TEST(ApiReasonsTest, NobodyListsWhatEveryCallMayBeAnsweredWith) {
  for (const auto& [method, listed] : ReasonsByMethod()) {
    for (const char* name : {"MESSAGE_TOO_LARGE", "UNAUTHENTICATED", "PERMISSION_DENIED",
                             "OVERLOADED", "UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL"}) {
      EXPECT_EQ(std::count(listed.begin(), listed.end(), name), 0) << method << ": " << name;
    }
  }
}

}  // namespace
}  // namespace puhui::services
