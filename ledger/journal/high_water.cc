// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/high_water.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/crc32c.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kMarkMagic("PHW\x01", 4);
constexpr std::size_t kSequenceOffset = 8;
constexpr std::size_t kMarkRootOffset = 16;
constexpr std::size_t kMarkCrcOffset = 60;
constexpr std::size_t kSlots = 2;

absl::Status Failed(absl::string_view what) {
  const int error = errno;
  const std::string message =
      absl::StrCat("cannot ", what, " ", HighWaterFile::kFileName, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

}  // namespace

std::string EncodeHighWater(const HighWater& mark) {
  std::string slot(HighWaterFile::kSlotBytes, '\0');
  std::memcpy(slot.data(), kMarkMagic.data(), kMarkMagic.size());
  absl::little_endian::Store64(slot.data() + kSequenceOffset, mark.sequence);
  std::memcpy(slot.data() + kMarkRootOffset, mark.root.data(), mark.root.size());
  const std::uint32_t crc = Crc32c(absl::string_view(slot).substr(0, kMarkCrcOffset));
  absl::little_endian::Store32(slot.data() + kMarkCrcOffset, crc);
  return slot;
}

absl::optional<HighWater> DecodeHighWater(absl::string_view slot) {
  if (slot.size() != HighWaterFile::kSlotBytes) return absl::nullopt;
  HighWater mark;
  mark.sequence = absl::little_endian::Load64(slot.data() + kSequenceOffset);
  mark.root = HashFromBytes(slot.substr(kMarkRootOffset, sizeof(Hash)));
  // There is one spelling of a mark, so this checks magic, padding and checksum at once.
  if (EncodeHighWater(mark) != slot) return absl::nullopt;
  return mark;
}

absl::StatusOr<HighWaterFile> HighWaterFile::Open(const std::string& data_directory) {
  const std::string path = absl::StrCat(data_directory, "/", kFileName);
  HighWaterFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.fd_ < 0) return Failed("open");
  // Reserved now, so that a mark never waits for disk space.
  if (const int error = ::posix_fallocate(file.fd_, 0, kSlots * kSlotBytes); error != 0) {
    errno = error;
    return Failed("reserve");
  }
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    std::array<char, kSlotBytes> bytes{};
    const ssize_t got =
        ::pread(file.fd_, bytes.data(), bytes.size(), static_cast<off_t>(slot * kSlotBytes));
    if (got < 0) return Failed("read");
    const absl::optional<HighWater> mark =
        DecodeHighWater({bytes.data(), static_cast<std::size_t>(got)});
    if (!mark.has_value()) continue;
    if (file.last_.has_value() && file.last_->sequence >= mark->sequence) continue;
    file.last_ = mark;
    file.next_slot_ = (slot + 1) % kSlots;
  }
  return file;
}

HighWaterFile::HighWaterFile(HighWaterFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), next_slot_(other.next_slot_), last_(other.last_) {}

HighWaterFile::~HighWaterFile() {
  if (fd_ >= 0) ::close(fd_);
}

absl::Status HighWaterFile::Write(const HighWater& mark) {
  const std::string slot = EncodeHighWater(mark);
  const ssize_t written =
      ::pwrite(fd_, slot.data(), slot.size(), static_cast<off_t>(next_slot_ * kSlotBytes));
  if (written < 0) return Failed("write");
  if (static_cast<std::size_t>(written) != slot.size()) {
    return absl::UnavailableError(absl::StrCat("short write to ", kFileName));
  }
  next_slot_ = (next_slot_ + 1) % kSlots;
  last_ = mark;
  return absl::OkStatus();
}

}  // namespace puhui::ledger
