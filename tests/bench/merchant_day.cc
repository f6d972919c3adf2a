// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/merchant_day.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/till_commands.h"
#include "tests/bench/command_crowd.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <utility>

namespace puhui::bench {
namespace {

namespace m = puhui::merchant;
using m::ReconciledTransaction;

constexpr std::int64_t kPointsLeast = 100;

absl::Status OpenMerchant(LedgerOnDisk& ledger, const MerchantDayWish& wish) {
  m::Tables* const tables = &ledger.books().merchant;
  const auto merchant = KnownId<MerchantId>(wish.merchant);
  PUHUI_RETURN_IF_ERROR(ledger.Run(std::make_unique<m::RegisterMerchantCommand>(
      tables, m::RegisterMerchantCommand::Wish{
                  .id = merchant, .display_name = wish.merchant, .category = 5411})));
  for (std::size_t s = 0; s < wish.stores; ++s) {
    const auto store = KnownId<StoreId>(absl::StrCat("s-", s));
    PUHUI_RETURN_IF_ERROR(ledger.Run(std::make_unique<m::CreateStoreCommand>(
        tables,
        m::CreateStoreCommand::Wish{.merchant = merchant, .id = store, .display_name = "Store"})));
    for (std::size_t t = s * wish.terminals; t < (s + 1) * wish.terminals; ++t) {
      PUHUI_RETURN_IF_ERROR(ledger.Run(std::make_unique<m::EnrollTerminalCommand>(
          tables,
          m::EnrollTerminalCommand::Wish{.merchant = merchant,
                                         .store = store,
                                         .id = KnownId<TerminalId>(absl::StrCat("t-", t))})));
    }
  }
  return absl::OkStatus();
}

// The purchase as the till knows it, but for its reference and time.
ReconciledTransaction PurchaseOf(std::size_t number, std::size_t terminals) {
  return {.kind = m::ReconciledKind::kPurchase,
          .terminal = absl::StrCat("t-", number % terminals),
          .batch_number = 1,
          .trace_number = static_cast<std::uint32_t>(number / terminals + 1),
          .points = kPointsLeast + static_cast<std::int64_t>(number % 100)};
}

std::unique_ptr<ledger::Command> CommandOf(const ReconciledTransaction& bought, std::size_t number,
                                           const std::string& merchant, const ledger::Tag& card,
                                           services::Books& books) {
  auto command = std::make_unique<m::PurchaseCommand>(
      m::TillState{&books.merchant, &books.views},
      m::TillCall{.merchant_id = merchant,
                  .terminal_id = bought.terminal,
                  .batch_number = bought.batch_number,
                  .trace_number = bought.trace_number},
      m::SpendCommand::Wish{.card = card,
                            .points = Points::FromStored(bought.points),
                            .authorization_code = "BENCH1"});
  command->request =
      ledger::RequestIdentity{.caller = absl::StrCat("/merchant/merchants/", merchant),
                              .request_id = absl::StrFormat("%016d", number)};
  return command;
}

// Any of them, and of which store.
struct Place {
  std::vector<ReconciledTransaction>* of_store;
  std::size_t at;
};
Place PlaceOf(m::StoreBooks& books, std::size_t number) {
  for (auto& [store, bought] : books) {
    if (number < bought.size()) return {&bought, number};
    number -= bought.size();
  }
  std::abort();
}

}  // namespace

absl::Status FillWallets(std::size_t members, std::size_t purchases, Filler* filler) {
  const auto each = static_cast<std::int64_t>(purchases / members + 1) * 2 * kPointsLeast;
  const auto campaign = KnownId<CampaignId>("c-0");
  PUHUI_RETURN_IF_ERROR(filler->FoundUnion(static_cast<std::int64_t>(members) * each));
  PUHUI_RETURN_IF_ERROR(filler->EnrolMembers(members, members));
  PUHUI_RETURN_IF_ERROR(filler->ApproveCampaign(campaign, each));
  return filler->Issue(campaign);
}

absl::StatusOr<m::StoreBooks> FillMerchantDay(LedgerOnDisk* ledger,
                                              const std::vector<std::string>& cards,
                                              const MerchantDayWish& wish) {
  const std::size_t terminals = wish.stores * wish.terminals;
  PUHUI_CHECK(!cards.empty() && terminals > 0);
  PUHUI_RETURN_IF_ERROR(OpenMerchant(*ledger, wish));
  std::vector<ReconciledTransaction> day(wish.purchases);
  CommandCrowd crowd(&ledger->engine());
  const auto count = static_cast<std::int64_t>(wish.purchases);
  for (std::size_t i = 0; i < wish.purchases; ++i) {
    ledger->SetTime(wish.start + (wish.end - wish.start) * static_cast<std::int64_t>(i) / count);
    day[i] = PurchaseOf(i, terminals);
    const ledger::Tag card = ledger->vault().CardTag(cards[i % cards.size()]);
    auto command = CommandOf(day[i], i, wish.merchant, card, ledger->books());
    const auto note = [&bought = day[i]](const journal::v1::Record& record) {
      bought.reference = record.sequence();
      bought.time = m::ReconciledTime(absl::FromUnixMicros(record.time_micros()));
    };
    if (!crowd.Start(std::move(command), note).ok()) break;
  }
  PUHUI_RETURN_IF_ERROR(crowd.Finish());
  m::StoreBooks books;
  for (std::size_t i = 0; i < day.size(); ++i) {
    books[absl::StrCat("s-", i % terminals / wish.terminals)].push_back(std::move(day[i]));
  }
  for (auto& [store, bought] : books) std::sort(bought.begin(), bought.end(), m::ComesBefore);
  return books;
}

void HideDifferences(m::StoreBooks* books) {
  std::size_t count = 0;
  for (const auto& [store, bought] : *books) count += bought.size();
  PUHUI_CHECK(count >= 3);
  const Place missing = PlaceOf(*books, count - 1);
  missing.of_store->erase(missing.of_store->begin() + static_cast<std::ptrdiff_t>(missing.at));
  const Place dearer = PlaceOf(*books, count / 5);
  ++(*dearer.of_store)[dearer.at].points;
  const Place later = PlaceOf(*books, count / 2);
  (*later.of_store)[later.at].time += absl::Seconds(1);
  std::sort(later.of_store->begin(), later.of_store->end(), m::ComesBefore);
}

absl::Status WriteBooks(const m::StoreBooks& books, const std::string& path) {
  std::ofstream file(path, std::ios::trunc);
  file << "reference,kind,store,terminal,batch,trace,points,time\n";
  for (const auto& [store, bought] : books) {
    for (const ReconciledTransaction& one : bought) {
      file << absl::StrFormat(
          "%012d,PURCHASE,%s,%s,%d,%d,%d,%s\n", one.reference, store, one.terminal,
          one.batch_number, one.trace_number, one.points,
          absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", one.time, absl::UTCTimeZone()));
    }
  }
  file.close();
  if (!file.good()) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace puhui::bench
