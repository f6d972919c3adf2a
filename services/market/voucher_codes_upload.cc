// SPDX-License-Identifier: Apache-2.0
#include "services/market/voucher_codes_upload.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "merchant/app/voucher_commands.h"
#include "services/ledger/bulk_run.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

bool IsCode(absl::string_view text) {
  return !text.empty() && text.size() <= kVoucherCodeBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

}  // namespace

absl::Status VoucherCodesUpload::Receive(v1::UploadVoucherCodesRequest&& message) {
  switch (message.part_case()) {
    case v1::UploadVoucherCodesRequest::kStart:
      return ReceiveStart(message.start());
    case v1::UploadVoucherCodesRequest::kCodes:
      break;
    case v1::UploadVoucherCodesRequest::PART_NOT_SET:
      return InvalidField("part", "want start, then codes");
  }
  return ReceiveCodes(message.codes());
}

absl::Status VoucherCodesUpload::ReceiveStart(const v1::UploadVoucherCodesRequest::Start& start) {
  if (target_.has_value()) return InvalidField("start", "want it once, in the first message");
  PUHUI_ASSIGN_OR_RETURN(const RequestId id,
                         ParseRequestId(start.request_id(), "start.request_id"));
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t offer, ParseOfferName(start.offer(), "start.offer"));
  if (start.codes() == 0 || start.codes() > kVoucherCodesMax) {
    return InvalidField("start.codes", absl::StrCat("want how many codes follow, from 1 to ",
                                                    kVoucherCodesMax, ", got ", start.codes()));
  }
  PUHUI_ASSIGN_OR_RETURN(
      const auto own,
      merchant::FindMerchant(parts_.ledger.engine->Latest(), call_.principal().merchant_id.text()));
  if (!own.has_value()) return NotFound("merchant");
  request_id_.assign(id.begin(), id.end());
  target_ = Target{
      .offer = merchant::OfferNumber{offer}, .merchant = own->number, .codes = start.codes()};
  return absl::OkStatus();
}

absl::Status VoucherCodesUpload::ReceiveCodes(const v1::UploadVoucherCodesRequest::Codes& codes) {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  const auto count = static_cast<std::size_t>(codes.codes_size());
  if (count > kVoucherCodesPerMessageMax) {
    return InvalidField("codes", absl::StrCat("want at most ", kVoucherCodesPerMessageMax,
                                              " in a message, got ", count));
  }
  if (codes_.size() + count > target_->codes) {
    return InvalidField("start.codes",
                        absl::StrCat("want ", target_->codes, " codes as it says, got ",
                                     codes_.size() + count, " and perhaps more"));
  }
  for (const std::string& code : codes.codes()) {
    // Named by its place: what it is, is worth something.
    if (!IsCode(code)) {
      return InvalidField(absl::StrCat("codes[", codes_.size(), "]"),
                          absl::StrCat("want 1 to ", kVoucherCodeBytesMax,
                                       " printable ASCII characters without spaces"));
    }
    codes_.push_back(code);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadVoucherCodesResponse> VoucherCodesUpload::Finish() {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  if (codes_.size() != target_->codes) {
    return InvalidField("start.codes", absl::StrCat("want ", target_->codes,
                                                    " codes as it says, got ", codes_.size()));
  }
  const ledger::Tag digest = DigestOf();
  PUHUI_RETURN_IF_ERROR(CheckRequest(digest));
  BulkRun run(parts_.ledger.engine);
  v1::UploadVoucherCodesResponse response;
  const auto take = [&]() -> absl::Status {
    PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome, run.Take());
    const journal::v1::VoucherCodesAdded& added = outcome.first().voucher_codes_added();
    response.set_added(response.added() + static_cast<std::uint32_t>(added.code_hashes().size() /
                                                                     sizeof(ledger::Tag)));
    response.set_known(response.known() + added.known());
    return absl::OkStatus();
  };
  for (std::size_t first = 0; first < codes_.size(); first += kVoucherCodesChunk) {
    if (call_.Cancelled()) return absl::CancelledError();
    PUHUI_RETURN_IF_ERROR(run.Give(Chunk(first, digest)));
    if (run.full()) PUHUI_RETURN_IF_ERROR(take());
  }
  while (!run.empty()) PUHUI_RETURN_IF_ERROR(take());
  return response;
}

// Keyed, because codes are worth something.
ledger::Tag VoucherCodesUpload::DigestOf() const {
  std::string body = absl::StrCat(static_cast<std::uint32_t>(target_->offer));
  for (const std::string& code : codes_) absl::StrAppend(&body, "\n", code);
  const ledger::Hash digest = parts_.ledger.request_key->Digest(
      absl::StrCat("body/", RuleOf(Rpc::kUploadVoucherCodes).name), body);
  return ledger::TagFromBytes(ledger::AsBytes(digest).substr(0, 16));
}

absl::Status VoucherCodesUpload::CheckRequest(const ledger::Tag& digest) const {
  ledger::Sha256 sha256;
  const ledger::Tag key = ledger::RequestKeyOf(call_.principal().caller, request_id_, sha256);
  PUHUI_ASSIGN_OR_RETURN(const auto known,
                         ledger::Find(parts_.ledger.engine->Latest(), ledger::kRequestTable, key));
  if (!known.has_value() || known->digest == digest) return absl::OkStatus();
  return ledger::ToStatus({.reason = ledger::Reason::kRequestIdReused,
                           .field = "start.request_id",
                           .message = "the request id was used with another body"});
}

std::unique_ptr<ledger::Command> VoucherCodesUpload::Chunk(std::size_t first,
                                                           const ledger::Tag& digest) const {
  merchant::AddVoucherCodesCommand::Wish wish{.merchant_id = call_.principal().merchant_id.text(),
                                              .offer = target_->offer,
                                              .person = call_.principal().person};
  const std::size_t end = std::min(first + kVoucherCodesChunk, codes_.size());
  for (std::size_t i = first; i < end; ++i) {
    wish.codes.push_back(parts_.vault->SealCode(target_->merchant, target_->offer, codes_[i]));
  }
  auto command = std::make_unique<merchant::AddVoucherCodesCommand>(parts_.tables, std::move(wish));
  const std::string& caller = call_.principal().caller;
  command->request =
      end == codes_.size()
          ? ledger::RequestIdentity{.caller = caller, .request_id = request_id_, .digest = digest}
          : StepIdentity(caller, request_id_, first, digest);
  command->deadline = call_.deadline();
  return command;
}

}  // namespace puhui::services
