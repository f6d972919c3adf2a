// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/receipt.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/merkle.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kHeading = "c2sp.org/tlog-proof@v1\n";
constexpr absl::string_view kExtra = "extra ";
constexpr absl::string_view kIndex = "index ";
constexpr std::size_t kPathMax = 64;  // Hashes: a tree has at most 2^64 leaves.

absl::Status MalformedReceipt(absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("receipt: ", reason));
}

// Takes the first line of `text`, without its end. False when no line ends.
bool TakeLine(absl::string_view* text, absl::string_view* line) {
  const std::size_t end = text->find('\n');
  if (end == absl::string_view::npos) return false;
  *line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return true;
}

absl::StatusOr<std::vector<Hash>> ParsePath(absl::string_view* rest) {
  std::vector<Hash> path;
  absl::string_view line;
  while (TakeLine(rest, &line)) {
    if (line.empty()) return path;
    const absl::StatusOr<std::string> hash = FromBase64(line);
    if (!hash.ok() || hash->size() != sizeof(Hash)) {
      return MalformedReceipt("a line of its path is no hash");
    }
    if (path.size() == kPathMax) return MalformedReceipt("its path is too long");
    path.push_back(HashFromBytes(*hash));
  }
  return MalformedReceipt("want an empty line before the checkpoint");
}

}  // namespace

std::string ReceiptText(const Receipt& receipt) {
  std::string text =
      absl::StrCat(kHeading, kExtra, ToBase64(receipt.record), "\n", kIndex, receipt.index, "\n");
  for (const Hash& hash : receipt.path) absl::StrAppend(&text, ToBase64(hash), "\n");
  absl::StrAppend(&text, "\n", receipt.note);
  return text;
}

absl::StatusOr<Receipt> ParseReceipt(absl::string_view text) {
  if (text.size() > kReceiptBytesMax) return MalformedReceipt("it is too long");
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, kHeading)) return MalformedReceipt("it does not begin as one");
  Receipt receipt;
  absl::string_view line;
  if (!TakeLine(&rest, &line) || !absl::ConsumePrefix(&line, kExtra)) {
    return MalformedReceipt("it has no record");
  }
  absl::StatusOr<std::string> record = FromBase64(line);
  if (!record.ok()) return MalformedReceipt("its record is not base 64");
  receipt.record = *std::move(record);
  if (!TakeLine(&rest, &line) || !absl::ConsumePrefix(&line, kIndex) ||
      !absl::SimpleAtoi(line, &receipt.index)) {
    return MalformedReceipt("it has no index");
  }
  PUHUI_ASSIGN_OR_RETURN(receipt.path, ParsePath(&rest));
  receipt.note = std::string(rest);
  if (ReceiptText(receipt) != text) return MalformedReceipt("it is not in its canonical form");
  return receipt;
}

absl::StatusOr<Checkpoint> VerifyReceipt(const Receipt& receipt, const KeyChain& keys) {
  PUHUI_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(receipt.note, keys));
  if (!VerifyInclusion(LeafHash(receipt.record), receipt.index, checkpoint.size, receipt.path,
                       checkpoint.root)) {
    return MalformedReceipt("its path does not lead from the record to the checkpoint");
  }
  return checkpoint;
}

}  // namespace puhui::ledger
