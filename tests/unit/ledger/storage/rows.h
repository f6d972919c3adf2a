// SPDX-License-Identifier: Apache-2.0
// A struct with one field of every kind that can be stored, and random ones.
#ifndef PUHUI_TESTS_UNIT_LEDGER_STORAGE_ROWS_H_
#define PUHUI_TESTS_UNIT_LEDGER_STORAGE_ROWS_H_

#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "tests/support/seeded_random.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace puhui::ledger {

enum class Colour : std::uint8_t { kRed, kGreen, kBlue };

struct Slice {
  LotNumber lot{};
  Points points;
  template <class F>
  void Fields(F& f) {
    f(lot, points);
  }
  friend bool operator==(const Slice&, const Slice&) = default;
};

struct EveryKind {
  std::uint64_t wide = 0;
  std::uint8_t narrow = 0;
  std::int64_t sign = 0;
  std::int8_t small_sign = 0;
  Colour colour = Colour::kRed;
  bool flag = false;
  Points points;
  BasisPoints rate;
  absl::Time time;
  absl::CivilDay day;
  MemberId member;
  MerchantId merchant;
  std::string text;
  std::array<std::uint8_t, 4> raw{};
  absl::optional<std::int32_t> maybe;
  std::vector<Slice> slices;
  std::vector<std::string> texts;
  template <class F>
  void Fields(F& f) {
    f(wide, narrow, sign, small_sign, colour, flag, points, rate, time, day, member, merchant, text,
      raw, maybe, slices, texts);
  }
  friend bool operator==(const EveryKind&, const EveryKind&) = default;
};

struct EveryKeyKind {
  bool flag = false;
  Colour colour = Colour::kRed;
  std::uint16_t narrow = 0;
  std::int32_t sign = 0;
  std::string text;
  absl::CivilDay day;
  absl::Time time;
  Points points;
  MemberId member;
  std::array<std::uint8_t, 3> raw{};
  UnionNumber number{};
  std::string last;
  template <class F>
  void Fields(F& f) {
    f(flag, colour, narrow, sign, text, day, time, points, member, raw, number, last);
  }
  friend std::strong_ordering operator<=>(const EveryKeyKind&, const EveryKeyKind&) = default;
};

// Numbers from the edges as often as from between.
inline std::uint64_t AnyNumber(SeededRandom& random) {
  const std::uint64_t shift = random.Below(65);
  const std::uint64_t word = random.Below(std::numeric_limits<std::uint64_t>::max());
  return shift == 64 ? 0 : word >> shift;
}

inline std::string AnyText(SeededRandom& random, std::uint64_t size_max, char first, char last) {
  std::string text(static_cast<std::size_t>(random.Below(size_max + 1)), first);
  const std::uint64_t span = static_cast<std::uint64_t>(last - first) + 1;
  for (char& c : text) c = static_cast<char>(first + static_cast<char>(random.Below(span)));
  return text;
}

inline Points AnyPoints(SeededRandom& random) {
  return Points::FromStored(static_cast<std::int64_t>(AnyNumber(random) % (Points::kMax + 1)));
}

inline absl::Time AnyTime(SeededRandom& random) {
  return absl::FromUnixMicros(static_cast<std::int64_t>(AnyNumber(random) >> 8) - (1 << 30));
}

inline absl::CivilDay AnyDay(SeededRandom& random) {
  return absl::CivilDay(1970, 1, 1) + (static_cast<std::int64_t>(random.Below(80'000)) - 40'000);
}

inline EveryKind AnyRow(SeededRandom& random) {
  EveryKind row;
  row.wide = AnyNumber(random);
  row.narrow = static_cast<std::uint8_t>(AnyNumber(random));
  row.sign = static_cast<std::int64_t>(AnyNumber(random) - AnyNumber(random));
  row.small_sign = static_cast<std::int8_t>(AnyNumber(random));
  row.colour = static_cast<Colour>(random.Below(3));
  row.flag = random.Below(2) == 1;
  row.points = AnyPoints(random);
  row.rate = BasisPoints::FromStored(static_cast<std::uint32_t>(random.Below(10'001)));
  row.time = AnyTime(random);
  row.day = AnyDay(random);
  row.member = MemberId(AnyNumber(random), AnyNumber(random));
  if (random.Below(3) != 0) {
    row.merchant = *MerchantId::Parse(absl::StrCat("m-", random.Below(1000)), "merchant");
  }
  row.text = AnyText(random, 300, '\0', '\x7F');
  random.Fill(absl::MakeSpan(row.raw));
  if (random.Below(2) == 1) row.maybe = static_cast<std::int32_t>(AnyNumber(random));
  row.slices.resize(static_cast<std::size_t>(random.Below(200)));
  for (Slice& slice : row.slices) {
    slice = {static_cast<LotNumber>(AnyNumber(random)), AnyPoints(random)};
  }
  row.texts.resize(static_cast<std::size_t>(random.Below(4)));
  for (std::string& text : row.texts) text = AnyText(random, 5, 'a', 'z');
  return row;
}

// Few values per field, so that comparison often goes on to the next one.
inline EveryKeyKind AnyKey(SeededRandom& random) {
  EveryKeyKind key;
  key.flag = random.Below(4) == 0;
  key.colour = static_cast<Colour>(random.Below(2));
  key.narrow = static_cast<std::uint16_t>(random.Below(3) * 254);
  key.sign = static_cast<std::int32_t>(random.Below(3)) - 1;
  key.text = AnyText(random, 2, '\x01', '\x02');
  key.day = absl::CivilDay(1970, 1, 1) + (static_cast<std::int64_t>(random.Below(3)) - 1);
  key.time = absl::FromUnixMicros(static_cast<std::int64_t>(random.Below(3)) - 1);
  key.points = Points::FromStored(static_cast<std::int64_t>(random.Below(2) * 255));
  key.member = MemberId(random.Below(2), random.Below(2));
  key.raw[2] = static_cast<std::uint8_t>(random.Below(2) * 200);
  key.number = static_cast<UnionNumber>(random.Below(300));
  key.last = AnyText(random, 3, '\0', '\x01');
  return key;
}

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_UNIT_LEDGER_STORAGE_ROWS_H_
