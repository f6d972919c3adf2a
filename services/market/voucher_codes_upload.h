// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_VOUCHER_CODES_UPLOAD_H_
#define PUHUI_SERVICES_MARKET_VOUCHER_CODES_UPLOAD_H_

#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/tables.h"
#include "puhui/v1/voucher_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/client_stream.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {

// Uploads codes from elsewhere: they are kept as they arrive, and nothing is written before as many
// as the first message said have come. The last command is the upload's outcome and carries the
// caller's request id; those before it have ids that follow from that and from the codes, so that
// an upload that was cut goes on where it stopped and is answered as if it had not been.
// Threads: none; the stream calls it. Borrows: the parts, the call.
class VoucherCodesUpload final
    : public StreamReceiver<v1::UploadVoucherCodesRequest, v1::UploadVoucherCodesResponse> {
 public:
  static constexpr std::size_t kStreamBytesMax =
      std::size_t{kVoucherCodesMax} * (kVoucherCodeBytesMax + 16);
  struct Parts {
    LedgerAccess ledger;
    merchant::Tables* tables;
    const merchant::OrderVault* vault;
  };
  VoucherCodesUpload(const Parts& parts, const CallContext* call) : parts_(parts), call_(*call) {}

  absl::Status Receive(v1::UploadVoucherCodesRequest&& message) override;
  absl::StatusOr<v1::UploadVoucherCodesResponse> Finish() override;

 private:
  struct Target {
    merchant::OfferNumber offer{};
    MerchantNumber merchant{};
    std::uint32_t codes = 0;  // As the first message says.
  };

  absl::Status ReceiveStart(const v1::UploadVoucherCodesRequest::Start& start);
  absl::Status ReceiveCodes(const v1::UploadVoucherCodesRequest::Codes& codes);
  // Refuses: REQUEST_ID_REUSED, before anything is written.
  absl::Status CheckRequest(const ledger::Tag& digest) const;
  // Recognises the upload: its offer and its codes.
  ledger::Tag DigestOf() const;
  std::unique_ptr<ledger::Command> Chunk(std::size_t first, const ledger::Tag& digest) const;

  const Parts parts_;
  const CallContext& call_;
  absl::optional<Target> target_;
  std::string request_id_;  // 16 bytes.
  std::vector<std::string> codes_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_VOUCHER_CODES_UPLOAD_H_
