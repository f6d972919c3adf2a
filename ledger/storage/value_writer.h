// SPDX-License-Identifier: Apache-2.0
// The writing half of values. Included by codec.h only, which says what the bytes are.
#ifndef PUHUI_LEDGER_STORAGE_VALUE_WRITER_H_
#define PUHUI_LEDGER_STORAGE_VALUE_WRITER_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/storage/field_types.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>

namespace puhui::ledger::codec {

inline constexpr std::size_t kVarintBytesMax = 10;

// An upper bound of the encoded size, so that the writer needs no bounds of its own.
struct ValueBound {
  std::size_t bytes = 0;
  template <class... Ts>
  void operator()(const Ts&... fields) {
    (Add(fields), ...);
  }
  template <class T>
  void Add(const T& field) {
    if constexpr (Described<T>) {
      VisitFields(field, *this);
    } else if constexpr (Vector<T>) {
      bytes += kVarintBytesMax;
      for (const auto& element : field) Add(element);
    } else if constexpr (Optional<T>) {
      bytes += 1;
      if (field.has_value()) Add(*field);
    } else if constexpr (std::same_as<T, std::string>) {
      bytes += kVarintBytesMax + field.size();
    } else if constexpr (TextId<T>) {
      bytes += kVarintBytesMax + field.text().size();
    } else if constexpr (RawBytes<T>) {
      bytes += std::tuple_size_v<T>;
    } else {
      bytes += 16;  // A varint, a MemberId or a bool.
    }
  }
};

// Requires: room for ValueBound bytes at `at`.
struct ValueWriter {
  char* at;
  template <class... Ts>
  void operator()(const Ts&... fields) {
    (Write(fields), ...);
  }
  template <class T>
  void Write(const T& field) {  // NOLINT(readability-function-cognitive-complexity)
    if constexpr (Described<T>) {
      VisitFields(field, *this);
    } else if constexpr (std::same_as<T, bool>) {
      *at++ = field ? '\1' : '\0';
    } else if constexpr (Enumeration<T>) {
      Varint(static_cast<EnumBits<T>>(field));
    } else if constexpr (Integer<T> && std::is_unsigned_v<T>) {
      Varint(field);
    } else if constexpr (Integer<T>) {
      Zigzag(field);
    } else if constexpr (std::same_as<T, Points>) {
      Varint(static_cast<std::uint64_t>(field.value()));
    } else if constexpr (std::same_as<T, BasisPoints>) {
      Varint(field.value());
    } else if constexpr (std::same_as<T, absl::Time>) {
      Zigzag(TimeToMicros(field));
    } else if constexpr (std::same_as<T, absl::CivilDay>) {
      Zigzag(DayToNumber(field));
    } else if constexpr (std::same_as<T, std::string>) {
      Varint(field.size());
      Raw(field.data(), field.size());
    } else if constexpr (TextId<T>) {
      Write(field.text());
    } else if constexpr (std::same_as<T, MemberId>) {
      BigEndian(field.high());
      BigEndian(field.low());
    } else if constexpr (RawBytes<T>) {
      Raw(field.data(), field.size());
    } else if constexpr (Optional<T>) {
      Write(field.has_value());
      if (field.has_value()) Write(*field);
    } else {
      static_assert(Vector<T>, "this type has no stored form");
      Varint(field.size());
      for (const auto& element : field) Write(element);
    }
  }
  void Varint(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) *at++ = static_cast<char>(number | 0x80);
    *at++ = static_cast<char>(number);
  }
  void Zigzag(std::int64_t number) {
    Varint((static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
  }
  void BigEndian(std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<char>(number >> shift);
  }
  void Raw(const void* bytes, std::size_t size) {
    if (size != 0) std::memcpy(at, bytes, size);
    at += size;
  }
};

}  // namespace puhui::ledger::codec

#endif  // PUHUI_LEDGER_STORAGE_VALUE_WRITER_H_
