// SPDX-License-Identifier: Apache-2.0
// Whatever is changed of a bundle of ten thousand records is noticed, and nothing crashes. It is
// verified once: at each place that is to be changed, a child goes on from there with the change.
#include "audit/bundle/bundle_export.h"
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/check.h"
#include "ledger/crypto/crc32c.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/base/internal/endian.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::large_bundle_test {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kRecords = 10'000;
constexpr int kChanges = 10'000;
constexpr std::size_t kCrcAt = 64;  // In a segment, which begins with a header of 68 bytes.
constexpr std::size_t kHeaderEnd = 68;

std::string LargeBundle() {
  std::vector<jv1::Record> records = TownRecords();
  const jv1::Record funding = records[TownRecord("funding") - 1];
  while (records.size() < kRecords) {
    const std::int64_t time = records.back().time_micros();
    jv1::Record& record = records.emplace_back(funding);
    record.set_sequence(records.size());
    record.set_time_micros(time + 1);
    if (record.sequence() % 3 != 0) continue;
    record.mutable_declined()->mutable_till()->set_merchant(3);
    record.mutable_declined()->set_points(5);
  }
  const TownJournal journal(records, /*per_segment=*/20);
  BundleExport bundle(&journal, {1, records.size(), {journal.NoteOf(records.size())}});
  return Drain(bundle);
}

// One byte, and the segment that it is in, if it is to have a checksum that is right again.
struct Change {
  std::size_t at = 0;
  char bits = 0;
  std::size_t segment = 0;  // Where it begins; 0: none.
  std::size_t segment_bytes = 0;
};

// Says of each change that is in the records of a segment, of every second one, which it is.
void FindSegments(absl::string_view bytes, std::vector<Change>* changes) {
  std::size_t next = 0;
  for (std::size_t at = kBundleMagic.size(); at < bytes.size();) {
    const auto kind = static_cast<FrameKind>(bytes[at]);
    const std::size_t size = absl::little_endian::Load32(bytes.data() + at + 1);
    const std::size_t begin = at + kFrameHeaderBytes;
    at = begin + size;
    for (; next < changes->size() && (*changes)[next].at < at; ++next) {
      Change& change = (*changes)[next];
      if (kind != FrameKind::kSegment || change.at < begin + kHeaderEnd || next % 2 == 0) continue;
      change.segment = begin;
      change.segment_bytes = size;
    }
  }
}

// In the order of their places.
std::vector<Change> ChangesTo(absl::string_view bytes) {
  SeededRandom random(20'261'128);
  std::vector<Change> changes;
  for (int i = 0; i < testing::Rounds(kChanges); ++i) {
    changes.push_back(
        {.at = random.Below(bytes.size()), .bits = static_cast<char>(random.Below(255) + 1)});
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& one, const Change& other) { return one.at < other.at; });
  FindSegments(bytes, &changes);
  return changes;
}

// How a child ends. A crash, or what a sanitizer finds, ends it otherwise.
enum ChildEnd { kRefused = 40, kFits, kOtherwise };

// Gives a verifier the bundle, and a child with each change to whoever is to look at it.
class ForkingSource {
 public:
  ForkingSource(std::string bytes, std::vector<Change> changes)
      : bytes_(std::move(bytes)), changes_(std::move(changes)) {}

  absl::StatusOr<std::size_t> Read(char* into, std::size_t size) {
    const std::size_t got = std::min(size, bytes_.size() - at_);
    for (; !child_ && next_ < changes_.size() && changes_[next_].at < at_ + got; ++next_) {
      Begin(changes_[next_]);
      if (child_) break;
    }
    std::copy_n(bytes_.data() + at_, got, into);
    at_ += got;
    return got;
  }
  bool child() const { return child_; }
  std::size_t tried() const { return next_; }

 private:
  void Begin(const Change& change) {
    const pid_t pid = fork();
    PUHUI_CHECK(pid >= 0);
    if (pid == 0) {
      child_ = true;
      Apply(change);
      return;
    }
    int status = 0;
    PUHUI_CHECK(waitpid(pid, &status, 0) == pid);
    EXPECT_TRUE(WIFEXITED(status)) << "byte " << change.at << ": signal " << WTERMSIG(status);
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), kRefused)
          << "byte " << change.at << " of segment " << change.segment;
    }
  }
  void Apply(const Change& change) {
    bytes_[change.at] = static_cast<char>(bytes_[change.at] ^ change.bits);
    if (change.segment == 0) return;
    char* const segment = bytes_.data() + change.segment;
    const absl::string_view whole(segment, change.segment_bytes);
    absl::little_endian::Store32(
        segment + kCrcAt,
        ledger::ExtendCrc32c(ledger::Crc32c(whole.substr(0, kCrcAt)), whole.substr(kHeaderEnd)));
  }

  std::string bytes_;
  const std::vector<Change> changes_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
  bool child_ = false;
};

TEST(LargeBundleTest, TenThousandChangesAreNoticed) {
  const std::string fits = LargeBundle();
  const std::vector<Change> changes = ChangesTo(fits);
  ForkingSource source(fits, changes);
  const absl::StatusOr<BundleReport> report =
      VerifyBundle([&source](char* into, std::size_t size) { return source.Read(into, size); },
                   {TownKey().verify_key()});
  if (source.child()) {
    if (report.ok()) _exit(kFits);
    _exit(absl::IsDataLoss(report.status()) ? kRefused : kOtherwise);
  }
  ASSERT_OK(report);
  EXPECT_EQ(report->records, kRecords);
  EXPECT_EQ(source.tried(), changes.size());
  // Those are found by what the records are, not by the checksum.
  const auto under = std::count_if(changes.begin(), changes.end(),
                                   [](const Change& change) { return change.segment != 0; });
  EXPECT_GT(under, testing::Rounds(kChanges) / 3);
}

}  // namespace
}  // namespace puhui::audit::large_bundle_test
