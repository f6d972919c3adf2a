// SPDX-License-Identifier: Apache-2.0
// The reading half of values. Included by codec.h only, which says what the bytes are.
#ifndef PUHUI_LEDGER_STORAGE_VALUE_READER_H_
#define PUHUI_LEDGER_STORAGE_VALUE_READER_H_

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
#include <tuple>
#include <type_traits>
#include <utility>

namespace puhui::ledger::codec {

// Takes apart what ValueWriter wrote. Every read returns false when the bytes are anything else,
// and what was read into is then unspecified.
class ValueReader {
 public:
  explicit ValueReader(absl::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }

  template <class T>
  bool Read(T* field) {
    if constexpr (Described<T>) {
      AllFields all{this};
      field->Fields(all);
      return all.ok;
    } else if constexpr (Vector<T>) {
      return ReadVector(field);
    } else if constexpr (Optional<T>) {
      bool present = false;
      if (!Read(&present)) return false;
      if (!present) return field->reset(), true;
      return Read(&field->emplace());
    } else if constexpr (std::same_as<T, std::string> || TextId<T>) {
      return ReadText(field);
    } else if constexpr (std::same_as<T, MemberId> || RawBytes<T>) {
      return ReadRaw(field);
    } else {
      return ReadNumber(field);
    }
  }

 private:
  struct AllFields {
    ValueReader* reader;
    bool ok = true;
    template <class... Ts>
    void operator()(Ts&... fields) {
      ok = ok && (reader->Read(&fields) && ...);
    }
  };

  template <class T>
  bool ReadVector(T* field) {
    std::uint64_t count = 0;
    // An element is at least one byte, so a count beyond the rest is damage: refused before memory
    // is asked for it.
    if (!Varint(&count) || count > rest_.size()) return false;
    field->clear();
    field->reserve(static_cast<std::size_t>(count));
    for (; count != 0; --count) {
      if (!Read(&field->emplace_back())) return false;
    }
    return true;
  }

  template <class T>
  bool ReadText(T* field) {
    std::uint64_t size = 0;
    if (!Varint(&size) || size > rest_.size()) return false;
    const absl::string_view text = Take(static_cast<std::size_t>(size));
    if constexpr (std::same_as<T, std::string>) {
      field->assign(text.data(), text.size());
    } else {
      *field = T();
      if (text.empty()) return true;
      absl::StatusOr<T> id = T::Parse(text, "stored id");
      if (!id.ok()) return false;
      *field = *std::move(id);
    }
    return true;
  }

  template <class T>
  bool ReadRaw(T* field) {
    if constexpr (std::same_as<T, MemberId>) {
      if (rest_.size() < 16) return false;
      *field = MemberId::FromBytes(Take(16));
    } else {
      if (rest_.size() < field->size()) return false;
      if (!field->empty()) std::memcpy(field->data(), Take(field->size()).data(), field->size());
    }
    return true;
  }

  template <class T>
  bool ReadNumber(T* field) {
    std::uint64_t number = 0;
    if (!Varint(&number)) return false;
    if constexpr (std::same_as<T, bool>) {
      return number <= 1 && (*field = number == 1, true);
    } else if constexpr (Enumeration<T>) {
      return number <= std::numeric_limits<EnumBits<T>>::max() &&
             (*field = static_cast<T>(number), true);
    } else if constexpr (std::same_as<T, Points>) {
      return number <= std::uint64_t{Points::kMax} &&
             (*field = Points::FromStored(static_cast<std::int64_t>(number)), true);
    } else if constexpr (std::same_as<T, BasisPoints>) {
      return number <= 10'000 &&
             (*field = BasisPoints::FromStored(static_cast<std::uint32_t>(number)), true);
    } else if constexpr (std::same_as<T, absl::Time>) {
      return *field = TimeFromMicros(FromZigzag(number)), true;
    } else if constexpr (std::same_as<T, absl::CivilDay>) {
      std::int32_t days = 0;
      return Narrow(FromZigzag(number), &days) && (*field = DayFromNumber(days), true);
    } else {
      static_assert(Integer<T>, "this type has no stored form");
      if constexpr (std::is_unsigned_v<T>)
        return Narrow(number, field);
      else
        return Narrow(FromZigzag(number), field);
    }
  }

  template <class Wide, class T>
  static bool Narrow(Wide wide, T* field) {
    *field = static_cast<T>(wide);
    return static_cast<Wide>(*field) == wide;
  }

  static std::int64_t FromZigzag(std::uint64_t number) {
    return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
  }

  bool Varint(std::uint64_t* number) {
    *number = 0;
    for (std::size_t i = 0; i < rest_.size() && i < 10; ++i) {
      const std::uint64_t byte = static_cast<std::uint8_t>(rest_[i]);
      if (i == 9 && byte > 1) return false;  // Beyond 64 bits.
      *number |= (byte & 0x7F) << (7 * i);
      if (byte >= 0x80) continue;
      rest_.remove_prefix(i + 1);
      return byte != 0 || i == 0;  // A final zero byte would be a second spelling of the number.
    }
    return false;
  }

  absl::string_view Take(std::size_t size) {
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  absl::string_view rest_;
};

// Reads the fields of the outermost struct: those that the bytes do not reach keep their defaults.
struct GrownFields {
  ValueReader* reader;
  bool ok = true;
  bool first = true;
  template <class... Ts>
  void operator()(Ts&... fields) {
    (ReadOne(&fields), ...);
  }
  template <class T>
  void ReadOne(T* field) {
    if (ok && (first || !reader->at_end())) ok = reader->Read(field);
    first = false;
  }
};

}  // namespace puhui::ledger::codec

#endif  // PUHUI_LEDGER_STORAGE_VALUE_READER_H_
