// SPDX-License-Identifier: Apache-2.0
// A grant in a part says at least what its member is known to have received: both verifiers agree.
#include "audit/bundle/part_caps.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/granted_town.h"
#include "tests/unit/audit/bundle/part_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace puhui::audit::part_caps_test {
namespace {

namespace jv1 = journal::v1;

// With member 1 in union 1.
std::string PartOfGranted(std::vector<jv1::Record> records, Sequence first) {
  const std::int64_t time = records.back().time_micros() + 1;
  jv1::Record& record = records.emplace_back();
  record.set_sequence(records.size());
  record.set_time_micros(time);
  record.mutable_request()->set_records(1);
  record.mutable_member_joined()->set_member(MemberId(9, 1).ToBytes());
  record.mutable_member_joined()->set_union_number(1);
  return PartOf(records, kUnionOne, first, records.size());
}

struct InputLie {
  const char* grant;
  const char* from;  // The record that the part begins with; null: the first.
  std::function<void(jv1::GrantRules&)> tell;
  bool fits;
};

std::vector<InputLie> InputLies() {
  const auto year = [](std::int64_t points) {
    return [points](jv1::GrantRules& rules) { rules.set_received_this_year(points); };
  };
  const auto occasion = [](std::int64_t points) {
    return [points](jv1::GrantRules& rules) { rules.set_received_for_occasion(points); };
  };
  const auto others = [](std::uint32_t count) {
    return [count](jv1::GrantRules& rules) { rules.set_other_occasions_received(count); };
  };
  return {
      {"mid-autumn", nullptr, year(1'199), false},
      // That its pack asks nothing cannot be seen to be wrong yet.
      {"mid-autumn", nullptr, year(0), true},
      {"second dragon-boat", nullptr, year(1'499), false},
      {"second dragon-boat", nullptr, year(1'501), true},
      {"second dragon-boat", nullptr, occasion(299), false},
      {"second dragon-boat", nullptr, others(1), false},
      {"second dragon-boat", "run 4", year(1'499), false},
      {"second dragon-boat", "run 4", year(0), false},
      {"second dragon-boat", "run 4", others(0), false},
      // The run of the grant before it is not in the part.
      {"second dragon-boat", "mid-autumn", year(1'499), true},
      {"new year", nullptr, year(399), false},
  };
}

class PartCapsTest : public BothVerifiersTest {};

TEST_F(PartCapsTest, BothNameTheGrantThatSaysLessThanWasReceived) {
  for (Sequence first = 1; first <= GrantedTown().size(); first += 3) {
    Put(PartOfGranted(GrantedTown(), first), "fits");
  }
  for (const InputLie& lie : InputLies()) {
    const std::vector<jv1::Record> records = GrantedLie(lie.grant, [&lie](jv1::Record& record) {
      lie.tell(*record.mutable_entry()->mutable_grant()->mutable_rules());
    });
    Put(PartOfGranted(records, lie.from == nullptr ? 1 : GrantedRecord(lie.from)),
        lie.fits ? "fits" : absl::StrCat("record ", GrantedRecord(lie.grant)));
  }
}

// What is taken back of campaigns that the part does not know may have been of any sum.
TEST_F(PartCapsTest, WhatIsTakenBackOfOthersMakesEverySumLess) {
  const std::vector<jv1::Record> town = GrantedTown();
  const auto check = [&town](PartCaps& caps, absl::string_view name, std::int64_t year) {
    jv1::Record record = town[GrantedRecord(name) - 1];
    if (record.entry().has_grant()) {
      record.mutable_entry()->mutable_grant()->mutable_rules()->set_received_this_year(year);
    }
    return caps.Check(record.entry());
  };
  PartCaps caps;
  caps.Learn(town[GrantedRecord("run 2") - 1]);
  caps.Learn(town[GrantedRecord("run 4") - 1]);
  EXPECT_OK(check(caps, "dragon-boat", 1'000));
  EXPECT_OK(check(caps, "claw-back", 0));  // Of campaign 1, whose run is not known.
  PartCaps same = caps;
  EXPECT_OK(check(same, "mid-autumn", 1'200));
  EXPECT_THAT(check(caps, "mid-autumn", 1'199), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::part_caps_test
