// SPDX-License-Identifier: Apache-2.0
// Keys, rows and records as the hexadecimal text that golden tests compare.
// Threads: any.
#ifndef PUHUI_TESTS_SUPPORT_GOLDEN_BYTES_H_
#define PUHUI_TESTS_SUPPORT_GOLDEN_BYTES_H_

#include "ledger/storage/codec.h"
#include "ledger/storage/tables.h"

#include "absl/strings/escaping.h"

#include <string>
#include <type_traits>

namespace puhui::testing {

template <class K, class V>
std::string KeyHex(const ledger::TypedTable<K, V>& table, const std::type_identity_t<K>& key) {
  return absl::BytesToHexString(ledger::EncodeKey(table.id, key));
}

template <class V>
std::string ValueHex(const V& value) {
  return absl::BytesToHexString(ledger::EncodeValue(value));
}

template <class Record>
std::string RecordHex(const Record& record) {
  return absl::BytesToHexString(record.SerializeAsString());
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_GOLDEN_BYTES_H_
