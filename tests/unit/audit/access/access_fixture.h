// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_ACCESS_ACCESS_FIXTURE_H_
#define PUHUI_TESTS_UNIT_AUDIT_ACCESS_ACCESS_FIXTURE_H_

#include "audit/access/access_journal.h"
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// An access journal over a store that outlives it.
class AccessFixture : public ::testing::Test {
 protected:
  static journal::v1::Access ReadBy(absl::string_view person) {
    journal::v1::Access access;
    access.set_caller(absl::StrCat("/auditor/", person));
    access.set_person(std::string(person));
    access.set_rpc("AuditService/ListRecords");
    access.set_purpose("年度审计");
    access.set_rows(50);
    return access;
  }

  absl::Status Open() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<ledger::LocalLog>> log = ledger::LocalLog::Open(&store_);
    if (!log.ok()) return log.status();
    log_ = *std::move(log);
    auto journal = AccessJournal::Open({.clock = &clock_, .store = &store_, .log = log_.get()},
                                       Options(), key_);
    if (journal.ok()) journal_ = *std::move(journal);
    return journal.status();
  }
  AccessJournal::Options Options() const {
    return {.directory = directory_.path(), .origin = "test/access", .key_name = "test"};
  }

  absl::StatusOr<Sequence> Append(journal::v1::Access access) {
    std::promise<absl::StatusOr<Sequence>> done;
    journal_->Append(std::move(access),
                     [&done](absl::StatusOr<Sequence> at) { done.set_value(std::move(at)); });
    return done.get_future().get();
  }
  void AppendMany(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) ASSERT_OK(Append(ReadBy("people/a-1")));
  }

  // Puts another journal's bytes in place of a segment.
  void Replace(Sequence first, std::string bytes) {
    ledger::WriteBatch batch;
    batch.Put(ledger::Family::kJournal, ledger::SegmentKey(first), std::move(bytes));
    ASSERT_OK(store_.Commit(batch, ledger::Durability::kSynced));
  }
  void Remove(Sequence first) {
    ledger::WriteBatch batch;
    batch.Delete(ledger::Family::kJournal, ledger::SegmentKey(first));
    ASSERT_OK(store_.Commit(batch, ledger::Durability::kSynced));
  }
  std::string SegmentAt(Sequence first) {
    return store_.Get(ledger::Family::kJournal, ledger::SegmentKey(first))->value();
  }
  // The segment with another purpose in its first record, sound by itself.
  static std::string WithAnotherPurpose(absl::string_view bytes) {
    const ledger::SegmentView view = *ledger::SegmentView::Parse(bytes);
    ledger::SegmentBuilder builder(view.header().partition, view.header().epoch, view.first());
    for (const absl::string_view record : view) {
      journal::v1::Access access;
      PUHUI_CHECK(access.ParseFromArray(record.data(), static_cast<int>(record.size())));
      access.set_purpose("another");
      builder.Add(access.SerializeAsString());
    }
    return builder.Seal(view.header().root_before).bytes;
  }

  const TempDir directory_;
  FakeClock clock_;
  ledger::MemoryStore store_;
  const ledger::SigningKey key_ = ledger::SigningKey::FromSeed(std::string(32, 'k'));
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<AccessJournal> journal_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_ACCESS_ACCESS_FIXTURE_H_
