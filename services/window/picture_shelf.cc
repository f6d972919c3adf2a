// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_shelf.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/durable_file.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <sys/stat.h>

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr absl::Duration kSweptEvery = absl::Hours(1);

// A file of ours: merchant.hash, neither of which holds a dot.
struct FileName {
  std::string merchant;
  ledger::Hash hash{};
};
absl::optional<FileName> ParseFileName(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return absl::nullopt;
  const absl::StatusOr<std::string> hash = ledger::FromHex(name.substr(dot + 1));
  if (!hash.ok() || hash->size() != ledger::Hash{}.size()) return absl::nullopt;
  return FileName{.merchant = name.substr(0, dot), .hash = ledger::HashFromBytes(*hash)};
}

absl::Time WrittenAt(const std::filesystem::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return absl::InfiniteFuture();  // It has gone.
  return absl::TimeFromTimespec(found.st_mtim);
}

absl::Status CannotRead(const std::string& directory, const std::error_code& error) {
  return absl::UnavailableError(absl::StrCat(directory, ": ", error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PictureShelf>> PictureShelf::Open(Options options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) return CannotRead(options.directory, error);
  std::unique_ptr<PictureShelf> shelf(new PictureShelf(std::move(options)));
  MutexLock lock(&shelf->mutex_);
  PUHUI_RETURN_IF_ERROR(shelf->CountFiles());
  return shelf;
}

// What a crash left half written is no name of ours; it goes.
absl::Status PictureShelf::CountFiles() {
  std::error_code error;
  std::vector<std::filesystem::path> half_written;
  for (std::filesystem::directory_iterator file(options_.directory, error), end;
       !error && file != end; file.increment(error)) {
    const absl::optional<FileName> name = ParseFileName(file->path().filename().string());
    if (name.has_value()) {
      ++counts_[name->merchant].pictures;
    } else if (file->path().extension() == ".tmp") {
      half_written.push_back(file->path());
    }
  }
  if (error) return CannotRead(options_.directory, error);
  for (const auto& path : half_written) std::filesystem::remove(path, error);
  return absl::OkStatus();
}

std::string PictureShelf::PathOf(const MerchantId& merchant, const ledger::Hash& hash) const {
  return absl::StrCat(options_.directory, "/", merchant.text(), ".", ledger::ToHex(hash));
}

absl::Status PictureShelf::Keep(const MerchantId& merchant, const ledger::Hash& hash,
                                absl::string_view bytes, absl::Time now,
                                absl::FunctionRef<absl::StatusOr<PictureHashes>()> in_use) {
  const std::string path = PathOf(merchant, hash);
  MutexLock lock(&mutex_);
  Count& count = counts_[merchant.text()];
  const auto there = ledger::ReadWholeFile(path, kPictureBytesMax);
  if (there.ok() && there->has_value()) {
    if (**there == bytes) return absl::OkStatus();
    return ledger::WriteFileDurably(path, bytes);  // It was damaged.
  }
  if (count.pictures >= options_.per_merchant_max && now - count.swept >= kSweptEvery) {
    PUHUI_ASSIGN_OR_RETURN(const PictureHashes used, in_use());
    PUHUI_RETURN_IF_ERROR(Sweep(merchant, used, now, &count));
  }
  if (count.pictures >= options_.per_merchant_max) {
    return ledger::ToStatus({.reason = ledger::Reason::kPicturesLimit,
                             .message = absl::StrCat("a merchant has at most ",
                                                     options_.per_merchant_max, " pictures")});
  }
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(path, bytes));
  ++count.pictures;
  return absl::OkStatus();
}

absl::Status PictureShelf::Sweep(const MerchantId& merchant, const PictureHashes& in_use,
                                 absl::Time now, Count* count) {
  count->swept = now;
  count->pictures = 0;
  std::error_code error;
  std::vector<std::filesystem::path> unused;
  for (std::filesystem::directory_iterator file(options_.directory, error), end;
       !error && file != end; file.increment(error)) {
    const absl::optional<FileName> name = ParseFileName(file->path().filename().string());
    if (!name.has_value() || name->merchant != merchant.text()) continue;
    ++count->pictures;
    if (in_use.contains(name->hash) || WrittenAt(file->path()) > now - kUnusedPicturesKept)
      continue;
    unused.push_back(file->path());
  }
  if (error) return CannotRead(options_.directory, error);
  for (const auto& path : unused) {
    if (std::filesystem::remove(path, error)) --count->pictures;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PictureShelf::Read(const MerchantId& merchant,
                                               const ledger::Hash& hash) const {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> bytes,
                         ledger::ReadWholeFile(PathOf(merchant, hash), kPictureBytesMax));
  if (!bytes.has_value()) return NotFound("picture");
  if (ledger::Sha256().Digest(*bytes) != hash) {
    return absl::DataLossError("a picture's bytes are not what its name says");
  }
  return *std::move(bytes);
}

}  // namespace puhui::services
