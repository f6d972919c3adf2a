// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Writes the records of a town, one after another, as whoever has written those before it would.
// Threads: none.
class RecordWriter {
 public:
  std::vector<journal::v1::Record> records;
  std::map<std::string, Sequence, std::less<>> named;

 protected:
  static constexpr std::int64_t kSecond = 1'000'000;
  static constexpr std::int64_t kDay = 86'400 * kSecond;

  explicit RecordWriter(std::int64_t start_micros) : time_(start_micros) {}
  explicit RecordWriter(std::vector<journal::v1::Record> before)
      : records(std::move(before)), time_(records.back().time_micros()) {}

  journal::v1::Record& Add(std::int64_t after = kSecond) {
    time_ += after;
    journal::v1::Record& record = records.emplace_back();
    record.set_sequence(records.size());
    record.set_time_micros(time_);
    record.mutable_request()->set_caller("/operator");
    record.mutable_request()->set_records(1);
    return record;
  }
  journal::v1::Record& Add(absl::string_view name, std::int64_t after = kSecond) {
    journal::v1::Record& record = Add(after);
    named[std::string(name)] = record.sequence();
    return record;
  }
  // Points of the first union's money; a wallet's owner is a member by number.
  static void Post(journal::v1::Entry& entry, journal::v1::AccountKind kind, std::uint64_t owner,
                   std::int64_t points) {
    journal::v1::Posting& posting = *entry.add_postings();
    posting.set_kind(kind);
    if (kind == journal::v1::ACCOUNT_KIND_WALLET || kind == journal::v1::ACCOUNT_KIND_HELD) {
      posting.set_member(MemberId(9, owner).ToBytes());
      entry.set_member(posting.member());
    } else {
      posting.set_owner(owner);
    }
    posting.set_origin(1);
    posting.set_points(points);
  }

  std::int64_t time_;  // Of the last record.
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_
