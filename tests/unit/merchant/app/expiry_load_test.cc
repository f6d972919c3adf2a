// Temporary measurement: 100,000 authorisations that expire in one second, and purchases meanwhile.
#include "ledger/engine/engine.h"
#include "ledger/engine/timers.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/applier.h"
#include "merchant/app/authorization_commands.h"
#include "merchant/app/merchant_chores.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iostream>
#include <thread>
namespace puhui::merchant {
namespace {
using Steady = std::chrono::steady_clock;
struct Books final : ledger::Fold {
  explicit Books(const ledger::Readable* store)
      : set(store), views(&set, 256u << 20), tables(&set), applier(&tables, &views) {}
  absl::Status Apply(const journal::v1::Record& r) override {
    auto s = views.Apply(r);
    return s.ok() ? applier.Apply(r) : s;
  }
  absl::Status EndSegment(Sequence last) override { return views.EndSegment(last); }
  ledger::TableSet& tables_() { return set; }
  ledger::TableSet& tables_ref() { return set; }
  ledger::TableSet set;
  ledger::LedgerViews views;
  Tables tables;
  MerchantApplier applier;
  ledger::TableSet& tables_impl() { return set; }
};
struct Fold2 final : ledger::Fold {
  explicit Fold2(const ledger::Readable* store) : b(store) {}
  absl::Status Apply(const journal::v1::Record& r) override { return b.Apply(r); }
  absl::Status EndSegment(Sequence last) override { return b.EndSegment(last); }
  ledger::TableSet& tables() override { return b.set; }
  struct B {
    explicit B(const ledger::Readable* store)
        : set(store), views(&set, 256u << 20), tables(&set), applier(&tables, &views) {}
    absl::Status Apply(const journal::v1::Record& r) {
      auto s = views.Apply(r);
      return s.ok() ? applier.Apply(r) : s;
    }
    absl::Status EndSegment(Sequence last) { return views.EndSegment(last); }
    ledger::TableSet set;
    ledger::LedgerViews views;
    Tables tables;
    MerchantApplier applier;
  } b;
};
MemberId Member(std::uint64_t n) { return {2, n}; }
ledger::Tag Card(std::uint64_t n) { return testing::TagOf(1000 + n); }
TEST(Load, Expire) {
  TempDir dir;
  FakeClock clock;
  auto store = *ledger::RocksStore::Open({.path = dir.Join("db")});
  auto log = *ledger::LocalLog::Open(store.get());
  Fold2 fold(store.get());
  MerchantChores chores({.tables = &fold.b.tables, .views = &fold.b.views});
  ledger::Engine::Options options;
  options.data_directory = dir.path();
  options.origin = "x/y";
  options.key_name = "x";
  auto engine = *ledger::Engine::Open({.clock = &clock,
                                       .store = store.get(),
                                       .log = log.get(),
                                       .fold = &fold,
                                       .views = &fold.b.views,
                                       .chores = &chores},
                                      options, ledger::SigningKey::FromSeed(std::string(32, 'k')));
  auto run = [&](std::unique_ptr<ledger::Command> c) {
    auto o = engine->Run(std::move(c), ledger::Priority::kInteractive);
    PUHUI_CHECK_OK(o.status());
    return *std::move(o);
  };
  Tables* t = &fold.b.tables;
  run(std::make_unique<RegisterMerchantCommand>(
      t, RegisterMerchantCommand::Wish{.id = *MerchantId::Parse("m-1", "id"),
                                       .category = 1,
                                       .fee_rate = BasisPoints::FromStored(250)}));
  run(std::make_unique<CreateStoreCommand>(
      t, CreateStoreCommand::Wish{.merchant = *MerchantId::Parse("m-1", "id"),
                                  .id = *StoreId::Parse("s-1", "id")}));
  run(std::make_unique<EnrollTerminalCommand>(
      t, EnrollTerminalCommand::Wish{.merchant = *MerchantId::Parse("m-1", "id"),
                                     .store = *StoreId::Parse("s-1", "id"),
                                     .id = *TerminalId::Parse("t-1", "id")}));
  constexpr std::uint64_t kMembers = 3'200;
  constexpr std::uint64_t kEach = 32;
  const absl::Time expiry = clock.Now() + absl::Hours(240);
  run(testing::Always([&](ledger::Decision& d) {
    testing::AddFunding(1, 1000 * kMembers, d);
    testing::AddCampaign({.number = 1, .origin = 1, .expiry = expiry}, d);
    testing::AddApproval(1, 1, 1000 * kMembers, d);
  }));
  for (std::uint64_t m = 1; m <= kMembers; m += 100)
    run(testing::Always([&](ledger::Decision& d) {
      for (std::uint64_t i = m; i < m + 100; ++i) {
        testing::AddMember(Member(i), Card(i), d);
        testing::AddGrant({.campaign = 1,
                           .origin = 1,
                           .member = Member(i),
                           .lot = 1,
                           .points = 1000,
                           .expiry = expiry},
                          d);
      }
    }));
  const TillState state{.tables = t, .views = &fold.b.views};
  std::uint32_t trace = 0;
  std::uint64_t requests = 0;
  auto call = [&] {
    return TillCall{"m-1", "t-1", 1 + trace / 900'000, 1 + trace++ % 900'000, clock.Now()};
  };
  std::atomic<std::uint64_t> done{0};
  std::uint64_t sent = 0;
  for (std::uint64_t e = 0; e < kEach; ++e)
    for (std::uint64_t m = 1; m <= kMembers; ++m) {
      auto c = std::make_unique<AuthorizeCommand>(
          state, call(),
          SpendCommand::Wish{
              .card = Card(m), .points = Points::FromStored(1), .authorization_code = "A1B2C3"},
          absl::Hours(1));
      c->request = testing::RequestOf(++requests);
      while (sent - done > 500) std::this_thread::yield();
      ++sent;
      PUHUI_CHECK_OK(engine->Submit(std::move(c), [&](const absl::StatusOr<ledger::Outcome>& o) {
        PUHUI_CHECK(o.ok() && o->first().entry().has_authorization());
        ++done;
      }));
    }
  while (done < sent) std::this_thread::yield();
  auto purchase = [&](std::uint64_t m) {
    auto c = std::make_unique<PurchaseCommand>(
        state, call(),
        SpendCommand::Wish{
            .card = Card(m), .points = Points::FromStored(1), .authorization_code = "A1B2C3"});
    c->request = testing::RequestOf(++requests);
    const auto b = Steady::now();
    run(std::move(c));
    return std::chrono::duration<double, std::milli>(Steady::now() - b).count();
  };
  auto show = [](const char* what, std::vector<double> v) {
    std::sort(v.begin(), v.end());
    std::cout << what << ": " << v.size() << " purchases, median " << v[v.size() / 2] << " ms, p99 "
              << v[v.size() * 99 / 100] << " ms, max " << v.back() << " ms\n";
  };
  std::vector<double> quiet;
  for (int i = 0; i < 500; ++i) quiet.push_back(purchase(1 + i % kMembers));
  show("before", quiet);
  std::vector<double> busy;
  const auto begin = Steady::now();
  clock.Advance(absl::Hours(2));
  engine->WakeTimers();
  while (!ledger::List(*engine->Read(), ledger::kTimerTable, {}, 1)->empty())
    busy.push_back(purchase(1 + busy.size() % kMembers));
  std::cout << kMembers * kEach << " ended in "
            << std::chrono::duration<double>(Steady::now() - begin).count() << " s\n";
  show("during", busy);
  PUHUI_CHECK_OK(engine->Shutdown());
}
}  // namespace
}  // namespace puhui::merchant
