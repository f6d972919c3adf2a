// SPDX-License-Identifier: Apache-2.0
#include "audit/core/filter.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

RecordFacts Purchase() {
  RecordFacts facts{.sequence = 10,
                    .time = absl::FromUnixSeconds(100),
                    .kind = {.body = 8, .detail = 7},
                    .postings = {{.kind = ledger::AccountKind::kWallet,
                                  .member = MemberId(1, 1),
                                  .origin = UnionNumber{3},
                                  .points = -500},
                                 {.kind = ledger::AccountKind::kPayable,
                                  .owner = 6,
                                  .origin = UnionNumber{3},
                                  .points = 500}},
                    .members = {MemberId(1, 1)},
                    .campaigns = {CampaignNumber{4}},
                    .unions = {UnionNumber{3}, UnionNumber{5}},
                    .merchants = {MerchantNumber{6}},
                    .stores = {{.merchant = MerchantNumber{6}, .store = "s-1"}},
                    .terminals = {TerminalNumber{7}},
                    .reasons = {700},
                    .about = {9},
                    .actor = "/terminal/merchants/m-6/terminals/t-7",
                    .person = "li",
                    .amount = 500};
  return facts;
}

struct FilterRow {
  std::string name;
  std::function<void(Filter*)> fits;
  std::function<void(Filter*)> fails;
};

class FilterTest : public ::testing::TestWithParam<FilterRow> {};

TEST_P(FilterTest, EachConditionCountsByItself) {
  Filter fits;
  GetParam().fits(&fits);
  EXPECT_TRUE(Matches(fits, Purchase()));
  Filter fails;
  GetParam().fails(&fails);
  EXPECT_FALSE(Matches(fails, Purchase()));
}

// One condition a row: a value that fits, and one that does not.
INSTANTIATE_TEST_SUITE_P(
    Conditions, FilterTest,
    ::testing::Values(
        FilterRow{"first", [](Filter* f) { f->first = 10; }, [](Filter* f) { f->first = 11; }},
        FilterRow{"last", [](Filter* f) { f->last = 10; }, [](Filter* f) { f->last = 9; }},
        FilterRow{"start", [](Filter* f) { f->start = absl::FromUnixSeconds(100); },
                  [](Filter* f) { f->start = absl::FromUnixMicros(100'000'001); }},
        FilterRow{"end", [](Filter* f) { f->end = absl::FromUnixMicros(100'000'001); },
                  [](Filter* f) { f->end = absl::FromUnixSeconds(100); }},
        FilterRow{"kind",
                  [](Filter* f) {
                    f->kinds = {{8, 9}, {8, 7}};
                  },
                  [](Filter* f) {
                    f->kinds = {{8, 9}, {9, 0}};
                  }},
        FilterRow{"any_detail",
                  [](Filter* f) {
                    f->kinds = {{8, 0}};
                  },
                  [](Filter* f) {
                    f->kinds = {{7, 0}};
                  }},
        FilterRow{
            "account",
            [](Filter* f) { f->accounts = {{.kind = ledger::AccountKind::kPayable, .owner = 6}}; },
            [](Filter* f) { f->accounts = {{.kind = ledger::AccountKind::kFee, .owner = 6}}; }},
        FilterRow{
            "wallet",
            [](Filter* f) {
              f->accounts = {{.kind = ledger::AccountKind::kWallet, .member = MemberId(1, 1)}};
            },
            [](Filter* f) {
              f->accounts = {{.kind = ledger::AccountKind::kWallet, .member = MemberId(1, 2)}};
            }},
        FilterRow{"member",
                  [](Filter* f) {
                    f->members = {MemberId(2, 1), MemberId(1, 1)};
                  },
                  [](Filter* f) { f->members = {MemberId(2, 1)}; }},
        FilterRow{"campaign", [](Filter* f) { f->campaigns = {CampaignNumber{4}}; },
                  [](Filter* f) { f->campaigns = {CampaignNumber{5}}; }},
        FilterRow{"union", [](Filter* f) { f->unions = {UnionNumber{5}}; },
                  [](Filter* f) { f->unions = {UnionNumber{4}}; }},
        FilterRow{"merchant", [](Filter* f) { f->merchants = {MerchantNumber{6}}; },
                  [](Filter* f) { f->merchants = {MerchantNumber{7}}; }},
        FilterRow{"store",
                  [](Filter* f) {
                    f->stores = {{MerchantNumber{6}, "s-1"}};
                  },
                  [](Filter* f) {
                    f->stores = {{MerchantNumber{7}, "s-1"}};
                  }},
        FilterRow{"terminal", [](Filter* f) { f->terminals = {TerminalNumber{7}}; },
                  [](Filter* f) { f->terminals = {TerminalNumber{6}}; }},
        FilterRow{"reason",
                  [](Filter* f) {
                    f->reasons = {701, 700};
                  },
                  [](Filter* f) { f->reasons = {701}; }},
        FilterRow{"about", [](Filter* f) { f->about = {9}; }, [](Filter* f) { f->about = {10}; }},
        FilterRow{"actor", [](Filter* f) { f->actors = {"/terminal/merchants/m-6/terminals/t-7"}; },
                  [](Filter* f) { f->actors = {"/terminal/merchants/m-6"}; }},
        FilterRow{"person", [](Filter* f) { f->persons = {"li"}; },
                  [](Filter* f) { f->persons = {"wang"}; }},
        FilterRow{"amount_min", [](Filter* f) { f->amount_min = 500; },
                  [](Filter* f) { f->amount_min = 501; }},
        FilterRow{"amount_max", [](Filter* f) { f->amount_max = 500; },
                  [](Filter* f) { f->amount_max = 499; }},
        FilterRow{"scope",
                  [](Filter* f) {
                    f->scope = {UnionNumber{4}, UnionNumber{5}};
                  },
                  [](Filter* f) { f->scope = std::vector<UnionNumber>(); }}),
    [](const auto& row) { return row.param.name; });

TEST(FilterMatchTest, WhatHasNoAmountIsWithinNone) {
  RecordFacts facts = Purchase();
  facts.amount.reset();
  EXPECT_TRUE(Matches({}, facts));
  EXPECT_FALSE(Matches({.amount_min = 0}, facts));
  EXPECT_FALSE(Matches({.amount_max = INT64_MAX}, facts));
}

TEST(FilterMatchTest, WhatTouchesNoUnionIsInNoScope) {
  RecordFacts facts = Purchase();
  facts.unions.clear();
  EXPECT_TRUE(Matches({}, facts));
  EXPECT_FALSE(Matches({.scope = std::vector<UnionNumber>{UnionNumber{3}}}, facts));
}

}  // namespace
}  // namespace puhui::audit
