// SPDX-License-Identifier: Apache-2.0
#include "services/cli/csv_file.h"

#include "services/cli/sha256_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kPendingBytesMax = std::size_t{64} << 10;

}  // namespace

CsvFile::CsvFile(std::string path)
    : path_(std::move(path)), out_(PartPath(), std::ios::binary | std::ios::trunc) {
  writer_ = std::make_unique<issuing::CsvWriter>(&pending_);
}

CsvFile::~CsvFile() {
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(PartPath(), ignored);
}

void CsvFile::EndRow() {
  writer_->EndRow();
  if (pending_.size() >= kPendingBytesMax) Flush();
}

void CsvFile::Flush() {
  sha256_.Update(pending_);
  out_.write(pending_.data(), static_cast<std::streamsize>(pending_.size()));
  pending_.clear();
}

absl::Status CsvFile::Close() {
  Flush();
  out_.close();
  std::error_code error;
  if (out_) std::filesystem::rename(PartPath(), path_, error);
  if (!out_ || error) return absl::UnavailableError(absl::StrCat("cannot write ", path_));
  return WriteSha256Beside(path_, ledger::ToHex(sha256_.Finish()));
}

std::string SummaryPath(absl::string_view path) {
  absl::ConsumeSuffix(&path, ".csv");
  return absl::StrCat(path, ".summary.csv");
}

}  // namespace puhui::services
