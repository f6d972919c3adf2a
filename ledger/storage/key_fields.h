// SPDX-License-Identifier: Apache-2.0
// The fields of keys, both ways. Included by codec.h only, which says what the bytes are.
#ifndef PUHUI_LEDGER_STORAGE_KEY_FIELDS_H_
#define PUHUI_LEDGER_STORAGE_KEY_FIELDS_H_

#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/storage/field_types.h"

#include "absl/strings/string_view.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace puhui::ledger::codec {

// The number that sorts as the field does: signed ones have their sign bit flipped.
template <class T>
constexpr auto ToSortable(T field) {
  if constexpr (std::same_as<T, bool>) {
    return static_cast<std::uint8_t>(field);
  } else if constexpr (Enumeration<T>) {
    return static_cast<EnumBits<T>>(field);
  } else if constexpr (std::same_as<T, Points>) {
    return static_cast<std::uint64_t>(field.value());
  } else if constexpr (std::same_as<T, absl::Time>) {
    return ToSortable(TimeToMicros(field));
  } else if constexpr (std::same_as<T, absl::CivilDay>) {
    return ToSortable(DayToNumber(field));
  } else {
    static_assert(Integer<T>, "this type cannot be part of a key");
    using Bits = std::make_unsigned_t<T>;
    constexpr Bits kSign =
        std::is_signed_v<T> ? static_cast<Bits>(std::numeric_limits<T>::min()) : 0;
    return static_cast<Bits>(static_cast<Bits>(field) ^ kSign);
  }
}

// False when no field sorts as `bits`.
template <class Bits, class T>
bool FromSortable(Bits bits, T* field) {
  if constexpr (std::same_as<T, bool>) {
    return bits <= 1 && (*field = bits == 1, true);
  } else if constexpr (Enumeration<T>) {
    return *field = static_cast<T>(bits), true;
  } else if constexpr (std::same_as<T, Points>) {
    return bits <= std::uint64_t{Points::kMax} &&
           (*field = Points::FromStored(static_cast<std::int64_t>(bits)), true);
  } else if constexpr (std::same_as<T, absl::Time>) {
    std::int64_t micros = 0;
    return FromSortable(bits, &micros) && (*field = TimeFromMicros(micros), true);
  } else if constexpr (std::same_as<T, absl::CivilDay>) {
    std::int32_t days = 0;
    return FromSortable(bits, &days) && (*field = DayFromNumber(days), true);
  } else {
    return *field = static_cast<T>(ToSortable(static_cast<T>(bits))), true;
  }
}

// Requires: room for KeyBound bytes at `at`. `last`: nothing follows, so text needs no terminator.
struct KeyWriter {
  char* at;
  bool last;
  template <class... Ts>
  void operator()(const Ts&... fields) {
    std::size_t left = sizeof...(Ts);
    (Write(fields, --left == 0 && last), ...);
  }
  template <class T>
  void Write(const T& field, bool is_last) {
    if constexpr (Described<T>) {
      KeyWriter nested{at, is_last};
      VisitFields(field, nested);
      at = nested.at;
    } else if constexpr (TextId<T>) {
      Write(field.text(), is_last);
    } else if constexpr (std::same_as<T, std::string>) {
      Raw(field.data(), field.size());
      if (is_last) return;
      PUHUI_CHECK(field.find('\0') == std::string::npos);
      *at++ = '\0';
    } else if constexpr (std::same_as<T, MemberId>) {
      Number(field.high());
      Number(field.low());
    } else if constexpr (RawBytes<T>) {
      Raw(field.data(), field.size());
    } else {
      Number(ToSortable(field));
    }
  }
  template <class Bits>
  void Number(Bits bits) {
    for (std::size_t i = sizeof(bits); i-- != 0;) *at++ = static_cast<char>(bits >> (8 * i));
  }
  void Raw(const void* bytes, std::size_t size) {
    if (size != 0) std::memcpy(at, bytes, size);
    at += size;
  }
};

struct KeyBound {
  std::size_t bytes = 0;
  template <class... Ts>
  void operator()(const Ts&... fields) {
    (Add(fields), ...);
  }
  template <class T>
  void Add(const T& field) {
    if constexpr (Described<T>) {
      VisitFields(field, *this);
    } else if constexpr (TextId<T>) {
      bytes += field.text().size() + 1;
    } else if constexpr (std::same_as<T, std::string>) {
      bytes += field.size() + 1;
    } else {
      bytes += sizeof(T) > 16 ? sizeof(T) : 16;
    }
  }
};

// Takes apart what KeyWriter wrote; `ok` turns false when the bytes are anything else.
struct KeyReader {
  absl::string_view rest;
  bool last;
  bool ok = true;
  template <class... Ts>
  void operator()(Ts&... fields) {
    std::size_t left = sizeof...(Ts);
    ((--left, ok = ok && Read(&fields, left == 0 && last)), ...);
  }
  template <class T>
  bool Read(T* field, bool is_last) {  // NOLINT(readability-function-cognitive-complexity)
    if constexpr (Described<T>) {
      KeyReader nested{rest, is_last};
      field->Fields(nested);
      rest = nested.rest;
      return nested.ok;
    } else if constexpr (TextId<T>) {
      std::string text;
      if (!Read(&text, is_last)) return false;
      *field = T();
      if (text.empty()) return true;
      absl::StatusOr<T> id = T::Parse(text, "stored id");
      return id.ok() && (*field = *std::move(id), true);
    } else if constexpr (std::same_as<T, std::string>) {
      const std::size_t size = is_last ? rest.size() : rest.find('\0');
      if (size == absl::string_view::npos) return false;
      field->assign(rest.data(), size);
      rest.remove_prefix(is_last ? size : size + 1);
      return true;
    } else if constexpr (std::same_as<T, MemberId>) {
      if (rest.size() < 16) return false;
      *field = MemberId::FromBytes(rest.substr(0, 16));
      rest.remove_prefix(16);
      return true;
    } else if constexpr (RawBytes<T>) {
      if (rest.size() < field->size()) return false;
      if (!field->empty()) std::memcpy(field->data(), rest.data(), field->size());
      rest.remove_prefix(field->size());
      return true;
    } else {
      decltype(ToSortable(*field)) bits = 0;
      if (rest.size() < sizeof(bits)) return false;
      for (std::size_t i = 0; i < sizeof(bits); ++i) {
        bits = static_cast<decltype(bits)>((std::uint64_t{bits} << 8) |
                                           static_cast<std::uint8_t>(rest[i]));
      }
      rest.remove_prefix(sizeof(bits));
      return FromSortable(bits, field);
    }
  }
};

}  // namespace puhui::ledger::codec

#endif  // PUHUI_LEDGER_STORAGE_KEY_FIELDS_H_
