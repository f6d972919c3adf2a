// SPDX-License-Identifier: Apache-2.0
// Offers that nobody makes, in Chinese, in any number.
#ifndef PUHUI_TESTS_BENCH_OFFER_FILLER_H_
#define PUHUI_TESTS_BENCH_OFFER_FILLER_H_

#include "tests/bench/ledger_on_disk.h"

#include "absl/status/status.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::bench {

// A word of two characters that offers hold, the lower the number the more of them.
std::string OfferWord(std::size_t number);
inline constexpr std::size_t kOfferWords = 4'000;
// A title and a text of made-up words; another `version` says something else.
struct OfferTexts {
  std::string title;
  std::string text;
};
OfferTexts TextsOfOffer(std::size_t number, std::uint64_t version);

struct OfferFill {
  std::size_t offers = 100'000;
  std::size_t merchants = 1'000;
};

// One union with one member, merchants whose stores are somewhere in a city, and published offers
// of theirs, of which every fourth is for that union alone. Offers have the numbers from 1.
// Requires: the ledger is empty. Fails: as the commands.
absl::Status FillOffers(LedgerOnDisk* ledger, const OfferFill& wish);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_OFFER_FILLER_H_
