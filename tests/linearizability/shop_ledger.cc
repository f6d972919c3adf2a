// SPDX-License-Identifier: Apache-2.0
#include "tests/linearizability/shop_ledger.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/verify.h"
#include "merchant/app/merchant_commands.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>

namespace puhui::testing {

absl::Status ShopBooks::Apply(const journal::v1::Record& record) {
  PUHUI_RETURN_IF_ERROR(views.Apply(record));
  return applier_.Apply(record);
}

ShopLedger::ShopLedger(BasisPoints fee_rate) {
  auto log = ledger::LocalLog::Open(&store_);
  PUHUI_CHECK_OK(log.status());
  log_ = *std::move(log);
  auto engine = ledger::Engine::Open(
      {.clock = &clock_,
       .store = &store_,
       .log = log_.get(),
       .fold = &books_,
       .views = &books_.views,
       .chores = &chores_},
      {.data_directory = directory_.path(),
       .origin = "puhui.test/ledger",
       .key_name = "puhui.test",
       .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; }},
      ledger::SigningKey::FromSeed(std::string(32, 'k')));
  PUHUI_CHECK_OK(engine.status());
  engine_ = *std::move(engine);
  const MerchantId merchant = *MerchantId::Parse(kMerchant, "id");
  const StoreId store = *StoreId::Parse("s-1", "id");
  Set(std::make_unique<merchant::RegisterMerchantCommand>(
      &books_.merchant,
      merchant::RegisterMerchantCommand::Wish{
          .id = merchant, .display_name = "Grocer", .category = 5411, .fee_rate = fee_rate}));
  Set(std::make_unique<merchant::CreateStoreCommand>(
      &books_.merchant, merchant::CreateStoreCommand::Wish{.merchant = merchant, .id = store}));
  for (const char* id : {"t-1", "t-2"}) {
    Set(std::make_unique<merchant::EnrollTerminalCommand>(
        &books_.merchant, merchant::EnrollTerminalCommand::Wish{.merchant = merchant,
                                                                .store = store,
                                                                .id = *TerminalId::Parse(id, "id"),
                                                                .certificate_pem = "PEM"}));
  }
}

ShopLedger::~ShopLedger() { engine_ = nullptr; }

void ShopLedger::Set(std::unique_ptr<ledger::Command> command) {
  PUHUI_CHECK_OK(engine_->Run(std::move(command), ledger::Priority::kInteractive).status());
}

absl::StatusOr<ledger::Outcome> ShopLedger::Run(std::unique_ptr<ledger::Command> command,
                                                std::uint64_t request, bool lend) {
  command->request = RequestOf(request);
  std::promise<absl::StatusOr<ledger::Outcome>> answer;
  const auto done = [&answer](absl::StatusOr<ledger::Outcome> outcome) {
    answer.set_value(std::move(outcome));
  };
  if (lend) {
    PUHUI_CHECK_OK(engine_->SubmitLent(std::move(command), done));
    engine_->LendThread();
  } else {
    PUHUI_CHECK_OK(engine_->Submit(std::move(command), done));
  }
  return answer.get_future().get();
}

absl::Status ShopLedger::Verify() {
  PUHUI_RETURN_IF_ERROR(engine_->Shutdown());
  ledger::MemoryStore scratch;
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::VerifyReport report,
      ledger::Verify(store_,
                     {.make_fold = [](ledger::Store* into) -> std::unique_ptr<ledger::Fold> {
                        return std::make_unique<ShopBooks>(into);
                      },
                      .scratch = &scratch}));
  return report.ok() ? absl::OkStatus() : absl::DataLossError(report.findings.front());
}

}  // namespace puhui::testing
