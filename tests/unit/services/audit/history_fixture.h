// SPDX-License-Identifier: Apache-2.0
// Folds of histories beside two unions and two merchants.
#ifndef PUHUI_TESTS_UNIT_SERVICES_AUDIT_HISTORY_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_AUDIT_HISTORY_FIXTURE_H_

#include "issuing/app/tables.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "services/audit/history_fold.h"
#include "services/audit/history_parts.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

namespace jv1 = journal::v1;

inline constexpr std::int32_t kHistoryDay = 20'785;  // 2026-11-28.
// Two unions and two merchants.
class HistoryFixture : public ::testing::Test {
 protected:
  HistoryFixture() {
    ledger::WriteBatch batch;
    for (const std::uint32_t number : {1U, 2U}) {
      ledger::PutRow(batch, issuing::kUnionTable, UnionNumber{number},
                     issuing::UnionRow{.id = absl::StrCat("u-", number)});
      ledger::PutRow(batch, merchant::kMerchantTable, MerchantNumber{number},
                     merchant::MerchantRow{.id = absl::StrCat("m-", number)});
    }
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  HistoryFold FoldOf(const std::string& collection, MemberIsTold tells = nullptr) {
    return {
        {.collection = collection, .merchant = 1, .day = kHistoryDay}, &names_, std::move(tells)};
  }
  // "field: before -> after", of each change.
  static std::vector<std::string> TextsOf(HistoryFold& fold, const jv1::Record& record) {
    const auto changes = fold.Take(record);
    EXPECT_OK(changes);
    std::vector<std::string> texts;
    if (!changes.ok()) return texts;
    for (const v1::FieldChange& change : *changes) {
      texts.push_back(absl::StrCat(change.field(), ": ", change.before(), " -> ", change.after()));
    }
    return texts;
  }

  ledger::MemoryStore store_;
  Names names_{&store_};
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_AUDIT_HISTORY_FIXTURE_H_
