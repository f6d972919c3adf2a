// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_FOLLOWED_INDEX_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_FOLLOWED_INDEX_H_

#include "audit/index/audit_index.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/index/random_journal.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace puhui::audit {

// An index in memory that is followed by hand, over a journal of random records.
class FollowedIndexTest : public ::testing::Test {
 protected:
  void Begin(std::uint64_t seed, std::size_t step_records_max) {
    index_ = nullptr;
    town_ = std::make_unique<RandomJournal>(seed);
    index_ = std::make_unique<AuditIndex>(
        &town_->journal().store(),
        AuditIndex::Options{
            .directory = directory_.path(),
            .open =
                [](const std::string& /*path*/) { return std::make_unique<ledger::MemoryStore>(); },
            .step_records_max = step_records_max});
  }

  TempDir directory_;
  std::unique_ptr<RandomJournal> town_;
  std::unique_ptr<AuditIndex> index_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_FOLLOWED_INDEX_H_
