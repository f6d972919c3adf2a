// SPDX-License-Identifier: Apache-2.0
// The real ledger, in two ways: its rules alone, which is quick, and the whole engine with its
// threads on a disk whose power is cut.
#ifndef PUHUI_TESTS_MODEL_LEDGER_UNDER_TEST_H_
#define PUHUI_TESTS_MODEL_LEDGER_UNDER_TEST_H_

#include "issuing/app/applier.h"
#include "issuing/app/expired_points.h"
#include "issuing/app/tables.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/verify.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "merchant/app/applier.h"
#include "merchant/app/tables.h"
#include "services/ledger/books.h"
#include "services/ledger/ledger_member_places.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

class LedgerUnderTest {
 public:
  virtual ~LedgerUnderTest() = default;
  virtual absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command) = 0;
  // Ends it as a crash does and recovers. Pointers from before are gone.
  virtual absl::Status Reopen() = 0;
  virtual const ledger::Readable& store() const = 0;
  virtual FakeClock& clock() = 0;
  virtual ledger::LedgerViews& views() = 0;
  virtual issuing::Tables& issuing() = 0;
  virtual merchant::Tables& merchant() = 0;
};

// Decides and folds; every command is durable at once. A restart folds the journal from record 1.
class RulesUnderTest final : public LedgerUnderTest {
 public:
  RulesUnderTest() : parts_(std::make_unique<Parts>()) {}
  absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command) override {
    return parts_->ledger.Run(*command);
  }
  absl::Status Reopen() override {
    auto recovered = std::make_unique<Parts>();
    PUHUI_RETURN_IF_ERROR(recovered->ledger.RecoverFrom(parts_->ledger));
    for (const ledger::Family family : {ledger::Family::kState, ledger::Family::kIndex}) {
      if (Rows(parts_->ledger.store(), family) == Rows(recovered->ledger.store(), family)) continue;
      return absl::DataLossError("the views folded again are not those that were live");
    }
    parts_ = std::move(recovered);
    return absl::OkStatus();
  }
  const ledger::Readable& store() const override { return parts_->ledger.store(); }
  FakeClock& clock() override { return parts_->ledger.clock(); }
  ledger::LedgerViews& views() override { return parts_->ledger.views(); }
  issuing::Tables& issuing() override { return parts_->issuing; }
  merchant::Tables& merchant() override { return parts_->merchant; }

 private:
  struct Parts {
    Parts()
        : issuing(&ledger.set()),
          merchant(&ledger.set()),
          issuing_applier(&issuing, &ledger.views()),
          expired_points(&issuing, &ledger.views()),
          places(&issuing),
          merchant_applier(&merchant, &ledger.views(), &places) {
      ledger.views().expired_points = &expired_points;
      ledger.Attach(&issuing_applier);
      ledger.Attach(&merchant_applier);
    }
    LedgerFixture ledger;
    issuing::Tables issuing;
    merchant::Tables merchant;
    issuing::IssuingApplier issuing_applier;
    issuing::CampaignExpiredPoints expired_points;
    services::LedgerMemberPlaces places;
    merchant::MerchantApplier merchant_applier;
  };
  static std::vector<std::pair<std::string, std::string>> Rows(const ledger::Readable& store,
                                                               ledger::Family family) {
    std::vector<std::pair<std::string, std::string>> rows;
    const auto cursor = store.NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      rows.emplace_back(cursor->key(), cursor->value());
    }
    return rows;
  }

  std::unique_ptr<Parts> parts_;
};

// The chores are the test's: it gives their commands itself.
class EngineUnderTest final : public LedgerUnderTest {
 public:
  EngineUnderTest() { PUHUI_CHECK_OK(Start()); }
  ~EngineUnderTest() override { engine_.reset(); }
  absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command) override {
    return engine_->Run(std::move(command), ledger::Priority::kInteractive);
  }
  absl::Status Reopen() override {
    files_.CutPower();
    engine_.reset();
    books_.reset();
    log_.reset();
    store_.reset();
    files_.RestorePower();
    return Start();
  }
  const ledger::Readable& store() const override { return *store_; }
  FakeClock& clock() override { return clock_; }
  ledger::LedgerViews& views() override { return books_->views; }
  issuing::Tables& issuing() override { return books_->issuing; }
  merchant::Tables& merchant() override { return books_->merchant; }

 private:
  absl::Status Start() {
    PUHUI_ASSIGN_OR_RETURN(store_, ledger::RocksStore::Open({.path = directory_.Join("db"),
                                                             .env = files_.env(),
                                                             .write_buffer_bytes = 1 << 20}));
    PUHUI_ASSIGN_OR_RETURN(log_, ledger::LocalLog::Open(store_.get()));
    constexpr std::size_t kSmallCache = std::size_t{16} << 10;  // So that wallets are evicted.
    books_ = std::make_unique<services::Books>(store_.get(), kSmallCache);
    ledger::Engine::Options options;
    options.data_directory = directory_.path();
    options.origin = "puhui.test/ledger";
    options.key_name = "puhui.test";
    options.flush_records = 2'000;
    PUHUI_ASSIGN_OR_RETURN(
        engine_, ledger::Engine::Open({.clock = &clock_,
                                       .store = store_.get(),
                                       .log = log_.get(),
                                       .fold = books_.get(),
                                       .views = &books_->views,
                                       .chores = &chores_},
                                      options, ledger::SigningKey::FromSeed(std::string(32, 'k'))));
    return absl::OkStatus();
  }

  TempDir directory_;
  FaultyFileSystem files_;
  FakeClock clock_;
  NoChores chores_;
  std::unique_ptr<ledger::RocksStore> store_;
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<services::Books> books_;
  std::unique_ptr<ledger::Engine> engine_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_LEDGER_UNDER_TEST_H_
