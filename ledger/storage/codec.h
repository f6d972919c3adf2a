// SPDX-License-Identifier: Apache-2.0
// The one way that keys and values become bytes; docs/data-format/storage.md is normative.
//
// A struct is described once, in one call that names its stored fields in order:
//   struct LotKey {
//     MemberId member;
//     LotNumber lot{};
//     template <class F>
//     void Fields(F& f) { f(member, lot); }
//   };
// A plain integer, enum, string or id is a key or a value by itself.
//
// Values                                  | Keys, whose bytes sort as their fields do
//   unsigned, enum         varint         |   fixed width, big-endian
//   Points                 varint         |   8 bytes, big-endian
//   BasisPoints            varint         |   -
//   signed                 zigzag varint  |   fixed width, big-endian, sign bit flipped
//   absl::Time             as int64 of microseconds since 1970
//   absl::CivilDay         as int32 of days since 1970-01-01
//   bool                   one byte, 0 or 1
//   MemberId               16 bytes, big-endian
//   std::array<uint8_t,N>  its bytes
//   std::string, Id<Tag>   length, bytes  |   bytes, then 0x00 unless it is the last field of the
//   key absl::optional<T>      0, or 1 and T  |   - std::vector<T>         count, Ts      |   -
//   struct                 its fields     |   its fields
#ifndef PUHUI_LEDGER_STORAGE_CODEC_H_
#define PUHUI_LEDGER_STORAGE_CODEC_H_

#include "ledger/storage/field_types.h"
#include "ledger/storage/key_fields.h"
#include "ledger/storage/tables.h"
#include "ledger/storage/value_reader.h"
#include "ledger/storage/value_writer.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <array>
#include <string>

namespace puhui::ledger {
namespace codec {

// Calls `write` with room for `bound` bytes; it returns the end of what it wrote. The answer has no
// slack.
template <class Write>
std::string Laid(std::size_t bound, Write write) {
  if (bound <= kStackBytes) {
    std::array<char, kStackBytes> room;
    return std::string(room.data(), write(room.data()));
  }
  std::string out(bound, '\0');
  out.resize(static_cast<std::size_t>(write(out.data()) - out.data()));
  return out;
}

template <class... Parts>
std::string LayKey(Table table, bool complete, const Parts&... parts) {
  KeyBound bound{1};
  bound(parts...);
  return Laid(bound.bytes, [&](char* at) {
    *at = static_cast<char>(table);
    KeyWriter writer{at + 1, complete};
    writer(parts...);
    return writer.at;
  });
}

}  // namespace codec

template <class T>
std::string EncodeValue(const T& value) {
  codec::ValueBound bound;
  bound(value);
  return codec::Laid(bound.bytes, [&](char* at) {
    codec::ValueWriter writer{at};
    writer(value);
    return writer.at;
  });
}

// A stored struct grows at its end only: when the bytes stop exactly after a field of the outermost
// struct (at least its first), the fields that follow keep their defaults. So a row written before
// a field was added still reads. Nested structs have no length of their own and can never grow.
// Fails: kDataLoss when the bytes are anything else than what EncodeValue writes; trailing bytes, a
// number in a longer form than needed or out of its type's range, and a count beyond what is there
// are all refused. *value is unspecified then.
template <class T>
absl::Status DecodeValue(absl::string_view bytes, T* value) {
  codec::ValueReader reader(bytes);
  bool ok = false;
  if constexpr (codec::Described<T>) {
    *value = T();
    codec::GrownFields fields{&reader};
    value->Fields(fields);
    ok = fields.ok;
  } else {
    ok = reader.Read(value);
  }
  if (ok && reader.at_end()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("a stored value of ", bytes.size(), " bytes is malformed"));
}

// The table byte, then the fields. Requires: no text but the last field holds a NUL (checked).
template <class K>
std::string EncodeKey(Table table, const K& key) {
  return codec::LayKey(table, true, key);
}

// The bytes that every key of `table` begins with whose first fields are `parts`. Text is taken
// whole: "ab" is no prefix of "abc". Requires: `parts` have exactly the types of the key's first
// fields, and none is the key's last field if that is text.
template <class... Parts>
std::string EncodeKeyPrefix(Table table, const Parts&... parts) {
  return codec::LayKey(table, false, parts...);
}

// Fails: kDataLoss when `bytes` are not a key of `table`, to the last byte. *key is unspecified
// then.
template <class K>
absl::Status DecodeKey(Table table, absl::string_view bytes, K* key) {
  if (!bytes.empty() && bytes[0] == static_cast<char>(table)) {
    codec::KeyReader reader{bytes.substr(1), true};
    if (reader.Read(key, true) && reader.rest.empty()) return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("a stored key of ", bytes.size(), " bytes is malformed"));
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_CODEC_H_
