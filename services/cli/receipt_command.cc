// SPDX-License-Identifier: Apache-2.0
// Receipts: fetched once, and checked for as long as somebody keeps them, without the service.
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/receipt.h"
#include "puhui/v1/receipt_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/error_text.h"
#include "services/cli/money.h"
#include "services/cli/receipt_key.h"
#include "services/cli/record_text.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ReceiptStub = v1::ReceiptService::Stub;

struct ReceiptWish {
  v1::GetReceiptRequest request;
  std::string path;
};

ExitCode FetchReceipt(const ReceiptWish& wish, Invocation& invocation) {
  v1::GetReceiptResponse response;
  const ExitCode code = invocation.Call(&ReceiptStub::GetReceipt, wish.request, &response);
  if (code != ExitCode::kOk) return code;
  if (wish.path.empty()) {
    invocation.output().Show(response, [](Output& output, const v1::GetReceiptResponse& receipt) {
      output.Verbatim(receipt.receipt());
    });
    return ExitCode::kOk;
  }
  const absl::Status written = ledger::WriteFileDurably(wish.path, response.receipt());
  return written.ok() ? ExitCode::kOk : invocation.Fail(written, ExitCode::kFailed);
}

struct VerifiedReceipt {
  ledger::Receipt receipt;
  ledger::Checkpoint checkpoint;
};

absl::StatusOr<VerifiedReceipt> VerifyReceiptFile(const std::string& path,
                                                  const std::string& key_text,
                                                  const std::string& chain_path) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::KeyChain keys, ReadLogKeys(key_text, chain_path));
  PUHUI_ASSIGN_OR_RETURN(const auto text, ledger::ReadWholeFile(path, ledger::kReceiptBytesMax));
  if (!text.has_value()) return absl::NotFoundError(absl::StrCat("there is no file ", path));
  PUHUI_ASSIGN_OR_RETURN(ledger::Receipt receipt, ledger::ParseReceipt(*text));
  PUHUI_ASSIGN_OR_RETURN(ledger::Checkpoint checkpoint, ledger::VerifyReceipt(receipt, keys));
  // What the path proves is that these bytes are record index + 1; they have to say so themselves.
  PUHUI_RETURN_IF_ERROR(ledger::ParseRecord(receipt.index + 1, receipt.record).status());
  return VerifiedReceipt{std::move(receipt), std::move(checkpoint)};
}

ExitCode PrintVerifiedReceipt(const absl::StatusOr<VerifiedReceipt>& verified,
                              Invocation& invocation) {
  if (!verified.ok()) {
    return invocation.Fail(verified.status(), absl::IsDataLoss(verified.status())
                                                  ? ExitCode::kFindings
                                                  : ExitCode::kUsage);
  }
  const auto record = ledger::ParseRecord(verified->receipt.index + 1, verified->receipt.record);
  if (invocation.output().json()) {
    invocation.output().Json(*record, true);
    return ExitCode::kOk;
  }
  const ledger::Checkpoint& checkpoint = verified->checkpoint;
  invocation.output().Fields(
      {{"result", "the ledger holds this record"},
       {"ledger", checkpoint.origin},
       {"record", absl::StrCat(verified->receipt.index + 1)},
       {"of records", FormatCount(checkpoint.size)},
       {"signed at", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", checkpoint.time, absl::UTCTimeZone())},
       {"hashes", absl::StrCat(verified->receipt.path.size())},
       {"content", RecordText(*record)}});
  return ExitCode::kOk;
}

}  // namespace

void AddReceiptCommands(CommandLine& line) {
  CLI::App& fetch = line.AddCommand("receipt", "Fetch what proves that the ledger holds an entry");
  const auto wish = std::make_shared<ReceiptWish>();
  fetch.add_option_function<std::uint64_t>(
      "--record", [wish](const std::uint64_t& sequence) { wish->request.set_sequence(sequence); },
      "Its record, as a wallet's activity tells it");
  fetch.add_option("--reference", *wish->request.mutable_retrieval_reference(),
                   "Or the reference that the till printed");
  fetch.add_option("--out", wish->path, "Keep it in this file. Default: print it");
  line.OnCommand(fetch, [wish](Invocation& invocation) { return FetchReceipt(*wish, invocation); });

  CLI::App& verify =
      line.AddCommand("verify-receipt", "Check a receipt, without the service and for ever");
  const auto path = std::make_shared<std::string>();
  const auto key = std::make_shared<std::string>();
  const auto chain = std::make_shared<std::string>();
  verify.add_option("file", *path, "The receipt")->required();
  verify.add_option("--key", *key, "The ledger's verifier key, or a file that holds it")
      ->required();
  verify.add_option("--chain", *chain, "The file checkpoint.chain, when keys were replaced since");
  line.OnCommand(verify, [path, key, chain](Invocation& invocation) {
    return PrintVerifiedReceipt(VerifyReceiptFile(*path, *key, *chain), invocation);
  });
}

}  // namespace puhui::services
