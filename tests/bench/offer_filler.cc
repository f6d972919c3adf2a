// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/offer_filler.h"

#include "ledger/base/mutex.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/store_location_commands.h"
#include "tests/bench/filler.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"

#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

namespace m = puhui::merchant;

constexpr char32_t kFirstCharacter = 0x4E00;
constexpr std::uint64_t kCharacters = 3'000;
constexpr std::size_t kTitleWords = 6;
constexpr std::size_t kTextWords = 30;
constexpr std::size_t kInFlightMax = 200;
constexpr std::int32_t kCityLatitude = 24'400'000;
constexpr std::int32_t kCityLongitude = 118'000'000;
constexpr std::uint64_t kCityMicros = 300'000;

void AppendCharacter(char32_t character, std::string* text) {
  text->push_back(static_cast<char>(0xE0U | character >> 12U));
  text->push_back(static_cast<char>(0x80U | (character >> 6U & 0x3FU)));
  text->push_back(static_cast<char>(0x80U | (character & 0x3FU)));
}

// A few words are in many offers and most in few, as with real ones.
std::size_t AnyWord(std::mt19937_64& random) {
  const double place = static_cast<double>(random() >> 11U) / 9'007'199'254'740'992.0;
  return static_cast<std::size_t>(place * place * place * kOfferWords);
}

std::string Words(std::size_t count, std::mt19937_64& random) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += OfferWord(AnyWord(random));
  return text;
}

MerchantId ShopOf(std::size_t number) { return KnownId<MerchantId>(absl::StrCat("shop-", number)); }

// Gives commands without waiting for each: so many are under way.
class Giving {
 public:
  explicit Giving(ledger::Engine* engine) : engine_(*engine) {}

  absl::Status Give(std::unique_ptr<ledger::Command> command) {
    {
      MutexLock lock(&mutex_);
      while (in_flight_ >= kInFlightMax) ended_.Wait(&mutex_);
      PUHUI_RETURN_IF_ERROR(failed_);
      ++in_flight_;
    }
    const absl::Status status = engine_.Submit(
        std::move(command),
        [this](const absl::StatusOr<ledger::Outcome>& outcome) { End(outcome.status()); });
    if (!status.ok()) End(status);
    return absl::OkStatus();
  }
  absl::Status Finish() {
    MutexLock lock(&mutex_);
    while (in_flight_ > 0) ended_.Wait(&mutex_);
    return failed_;
  }

 private:
  void End(const absl::Status& status) {
    MutexLock lock(&mutex_);
    --in_flight_;
    failed_.Update(status);
    ended_.NotifyAll();
  }

  ledger::Engine& engine_;
  Mutex mutex_;
  CondVar ended_;
  std::size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

absl::Status OpenShops(std::size_t shops, LedgerOnDisk& ledger, Giving& giving) {
  m::Tables* const tables = &ledger.books().merchant;
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < shops; ++i) {
    PUHUI_RETURN_IF_ERROR(giving.Give(std::make_unique<m::RegisterMerchantCommand>(
        tables,
        m::RegisterMerchantCommand::Wish{
            .id = ShopOf(i), .display_name = Words(2, random) + "超市", .category = 5411})));
    const auto store = KnownId<StoreId>("s-1");
    PUHUI_RETURN_IF_ERROR(giving.Give(std::make_unique<m::CreateStoreCommand>(
        tables,
        m::CreateStoreCommand::Wish{.merchant = ShopOf(i), .id = store, .display_name = "门店"})));
    const m::GeoPoint place{
        .latitude = kCityLatitude + static_cast<std::int32_t>(random() % kCityMicros),
        .longitude = kCityLongitude + static_cast<std::int32_t>(random() % kCityMicros)};
    PUHUI_RETURN_IF_ERROR(giving.Give(std::make_unique<m::LocateStoreCommand>(
        tables,
        m::LocateStoreCommand::Wish{.merchant = ShopOf(i), .store = store, .location = place})));
  }
  return absl::OkStatus();
}

m::OfferContent ContentOf(std::size_t number) {
  OfferTexts texts = TextsOfOffer(number, 0);
  m::OfferContent content{
      .title = std::move(texts.title),
      .text = std::move(texts.text),
      .kind = m::OfferKind::kItem,
      .price = static_cast<std::int64_t>(100 + number * 37 % 50'000),
      .category = static_cast<std::uint32_t>(5'400 + number % 30),
      .window = {.last_day = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) + 300},
      .fulfilments = {m::FulfilmentKind::kPickUp}};
  if (number % 3 == 0) content.regions = {static_cast<std::uint32_t>(350'203 + number % 7)};
  if (number % 4 == 0) content.audience.unions = {UnionNumber{1}};
  return content;
}

}  // namespace

std::string OfferWord(std::size_t number) {
  std::mt19937_64 random(number + 77);
  std::string word;
  for (int i = 0; i < 2; ++i) {
    AppendCharacter(static_cast<char32_t>(kFirstCharacter + random() % kCharacters), &word);
  }
  return word;
}

OfferTexts TextsOfOffer(std::size_t number, std::uint64_t version) {
  std::mt19937_64 random(number * 1'000'003 + version);
  OfferTexts texts;
  texts.title = Words(kTitleWords, random);
  texts.text = Words(kTextWords, random);
  return texts;
}

absl::Status FillOffers(LedgerOnDisk* ledger, const OfferFill& wish) {
  Filler filler(ledger);
  PUHUI_RETURN_IF_ERROR(filler.FoundUnion(/*points=*/1));
  PUHUI_RETURN_IF_ERROR(filler.EnrolMembers(/*members=*/1, /*cards=*/1));
  Giving giving(&ledger->engine());
  PUHUI_RETURN_IF_ERROR(OpenShops(wish.merchants, *ledger, giving));
  const m::OfferDesk desk{.tables = &ledger->books().merchant,
                          .merchant_zone = absl::UTCTimeZone()};
  for (std::size_t i = 0; i < wish.offers; ++i) {
    PUHUI_RETURN_IF_ERROR(giving.Give(std::make_unique<m::CreateOfferCommand>(
        desk, m::CreateOfferCommand::Wish{.merchant = ShopOf(i % wish.merchants),
                                          .content = ContentOf(i),
                                          .stock = 100,
                                          .person = "bench"})));
    PUHUI_RETURN_IF_ERROR(giving.Give(std::make_unique<m::MoveOfferCommand>(
        desk.tables,
        m::MoveOfferCommand::Wish{.offer = m::OfferNumber{static_cast<std::uint32_t>(i + 1)},
                                  .state = m::OfferState::kPublished,
                                  .person = "bench"})));
  }
  return giving.Finish();
}

}  // namespace puhui::bench
