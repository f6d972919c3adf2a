// SPDX-License-Identifier: Apache-2.0
// What a field of a key or a value can be. Shared by the two halves of the codec; nothing else
// includes it.
#ifndef PUHUI_LEDGER_STORAGE_FIELD_TYPES_H_
#define PUHUI_LEDGER_STORAGE_FIELD_TYPES_H_

#include "ledger/base/check.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace puhui::ledger::codec {

// Enough room to lay out an ordinary row without asking the heap twice.
inline constexpr std::size_t kStackBytes = 512;

struct FieldProbe {
  template <class... Ts>
  void operator()(Ts&...) {}
};

// A struct that names its stored fields, in order, in one call:
//   template <class F> void Fields(F& f) { f(member, expiry, lot); }
template <class T>
concept Described = requires(T& t, FieldProbe& probe) {
  t.Fields(probe);
};

// The encoders only read; one Fields() serves both directions.
template <Described T, class F>
void VisitFields(const T& value, F& f) {
  const_cast<T&>(value).Fields(f);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;
template <class T>
concept Enumeration = std::is_enum_v<T>;

// Id<Tag> of ledger/base/id.h: text that was validated when it entered.
template <class T>
concept TextId = requires(const T& id, absl::string_view text) {
  { id.text() } -> std::same_as<const std::string&>;
  { T::Parse(text, text) } -> std::same_as<absl::StatusOr<T>>;
};

template <class T>
struct RawBytesOf : std::false_type {};
template <std::size_t kSize>
struct RawBytesOf<std::array<std::uint8_t, kSize>> : std::true_type {};
template <class T>
concept RawBytes = RawBytesOf<T>::value;

template <class T>
struct VectorOf : std::false_type {};
template <class T>
struct VectorOf<std::vector<T>> : std::bool_constant<!std::same_as<T, bool>> {};
template <class T>
concept Vector = VectorOf<T>::value;

template <class T>
struct OptionalOf : std::false_type {};
template <class T>
struct OptionalOf<absl::optional<T>> : std::true_type {};
template <class T>
concept Optional = OptionalOf<T>::value;

// Enumerators are never negative, so an enum is stored as the unsigned number it is.
template <Enumeration E>
using EnumBits = std::make_unsigned_t<std::underlying_type_t<E>>;

// Microseconds since 1970; the two infinities are the two ends of the range.
inline std::int64_t TimeToMicros(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Time TimeFromMicros(std::int64_t micros) {
  if (micros == std::numeric_limits<std::int64_t>::max()) return absl::InfiniteFuture();
  if (micros == std::numeric_limits<std::int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixMicros(micros);
}

// Days since 1970-01-01.
inline std::int32_t DayToNumber(absl::CivilDay day) {
  const absl::civil_diff_t days = day - absl::CivilDay(1970, 1, 1);
  PUHUI_CHECK(days >= std::numeric_limits<std::int32_t>::min() &&
              days <= std::numeric_limits<std::int32_t>::max());
  return static_cast<std::int32_t>(days);
}
inline absl::CivilDay DayFromNumber(std::int32_t days) { return absl::CivilDay(1970, 1, 1) + days; }

}  // namespace puhui::ledger::codec

#endif  // PUHUI_LEDGER_STORAGE_FIELD_TYPES_H_
