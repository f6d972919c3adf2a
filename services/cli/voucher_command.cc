// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/voucher_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/enum_text.h"
#include "services/cli/input_file.h"
#include "services/cli/noun.h"
#include "services/cli/till_flags.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using VoucherStub = v1::VoucherService::Stub;

constexpr std::size_t kCodesPerMessage = 1'000;

// A flag may name the order alone.
CLI::Option* AddVoucherName(CLI::App& app, std::string* field) {
  return AddName(app, "voucher", field, "orders");
}
Prepare CompleteVoucherName(std::string* name) {
  return [name](const Invocation&) {
    constexpr char kSuffix[] = "/voucher";
    if (!absl::EndsWith(*name, kSuffix)) name->append(kSuffix);
    return absl::OkStatus();
  };
}

void PrintVoucher(Output& output, const v1::Voucher& voucher) {
  output.Fields(
      {{"name", voucher.name()},
       {"digits", voucher.digits()},
       {"state", EnumText(voucher.state())},
       {"offer", absl::StrCat(voucher.offer(), ", version ", voucher.offer_version())},
       {"quantity", absl::StrCat(voucher.quantity())},
       {"merchant", voucher.merchant()},
       {"store", voucher.store()},
       {"good until", output.End(voucher.expire_time())},
       {"may be given on", voucher.transferable() ? "yes" : "no"},
       {"redeemed", voucher.has_redeem_time() ? output.Time(voucher.redeem_time()) : ""}});
}

void AddRedeem(Noun& noun) {
  noun.Changes(
      {"redeem", "Hand out at a till what a voucher is for"}, &VoucherStub::RedeemVoucher,
      [](CLI::App& app, v1::RedeemVoucherRequest& request) {
        app.add_option("digits", *request.mutable_digits(), "16 digits")->required();
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::RedeemVoucherResponse& response) {
        output.Fields(
            {{"order", response.order()},
             {"offer", absl::StrCat(response.offer(), ", version ", response.offer_version())},
             {"hand out", absl::StrCat(response.quantity())},
             {"redeemed", output.Time(response.redeem_time())}});
      });
}

void AddVoucherReads(Noun& noun) {
  noun.Reads(
      {"get", "Show the voucher of an order, with its digits"}, &VoucherStub::GetVoucher,
      [](CLI::App& app, v1::GetVoucherRequest& request) {
        AddVoucherName(app, request.mutable_name())->required();
        return CompleteVoucherName(request.mutable_name());
      },
      [](Output& output, const v1::GetVoucherResponse& response) {
        PrintVoucher(output, response.voucher());
      });
  noun.Lists(
      {"list", "List the vouchers that a member holds, newest order first"},
      &VoucherStub::ListVouchers,
      [](CLI::App& app, v1::ListVouchersRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
      },
      {{"VOUCHER"},
       {"STATE"},
       {"OFFER"},
       {"QUANTITY", Table::Align::kRight},
       {"MERCHANT"},
       {"GOOD UNTIL"}},
      [](Output& output, Table& table, const v1::ListVouchersResponse& response) {
        for (const v1::Voucher& voucher : response.vouchers()) {
          table.AddRow({voucher.name(), EnumText(voucher.state()), voucher.offer(),
                        absl::StrCat(voucher.quantity()), voucher.merchant(),
                        output.End(voucher.expire_time())});
        }
      });
}

void AddTransfer(Noun& noun) {
  noun.Changes(
      {"transfer", "Give a voucher to another member, who has new digits for it"},
      &VoucherStub::TransferVoucher,
      [](CLI::App& app, v1::TransferVoucherRequest& request) {
        AddVoucherName(app, request.mutable_name())->required();
        AddName(app, "--to", request.mutable_recipient(), "members")->required();
        return CompleteVoucherName(request.mutable_name());
      },
      [](Output& output, const v1::TransferVoucherResponse&) { output.Line("given"); });
}

struct VoucherUpload {
  std::string path;
  v1::UploadVoucherCodesRequest::Start start;
};

// One code a line; blank lines are skipped.
absl::StatusOr<std::vector<std::string>> ReadCodes(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadInputFile(path, kImportFileBytesMax));
  std::vector<std::string> codes;
  for (const absl::string_view line : absl::StrSplit(bytes, '\n')) {
    const absl::string_view code = absl::StripAsciiWhitespace(line);
    if (!code.empty()) codes.emplace_back(code);
  }
  if (!codes.empty()) return codes;
  return absl::InvalidArgumentError("the file has no codes");
}

// Message 0 says what the upload is, message n carries the n-th slice of codes.
bool FillVoucherUpload(const VoucherUpload& upload, const std::vector<std::string>& codes,
                       std::size_t index, v1::UploadVoucherCodesRequest& message) {
  if (index == 0) {
    *message.mutable_start() = upload.start;
    return true;
  }
  const std::size_t from = (index - 1) * kCodesPerMessage;
  if (from >= codes.size()) return false;
  const std::size_t to = std::min(from + kCodesPerMessage, codes.size());
  for (std::size_t i = from; i < to; ++i) message.mutable_codes()->add_codes(codes[i]);
  return true;
}

ExitCode RunVoucherUpload(VoucherUpload& upload, Invocation& invocation) {
  const absl::StatusOr<std::vector<std::string>> codes = ReadCodes(upload.path);
  if (!codes.ok()) return invocation.Fail(codes.status(), ExitCode::kInvalidArgument);
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  invocation.SettleRequestId(upload.start.mutable_request_id());
  upload.start.set_codes(static_cast<std::uint32_t>(codes->size()));
  v1::UploadVoucherCodesResponse response;
  const auto fill = [&](std::size_t index, v1::UploadVoucherCodesRequest& message) {
    return FillVoucherUpload(upload, *codes, index, message);
  };
  const grpc::Status status =
      service->WriteStream(&VoucherStub::UploadVoucherCodes, fill, &response);
  const ExitCode code = invocation.Settle(status, RepeatAdvice(upload.start.request_id()));
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(response, [](Output& output, const v1::UploadVoucherCodesResponse& r) {
    output.Fields({{"added", absl::StrCat(r.added())}, {"known before", absl::StrCat(r.known())}});
  });
  return ExitCode::kOk;
}

void AddVoucherUpload(Noun& noun) {
  CLI::App& app =
      noun.AddVerb({"upload-codes", "Bring codes from elsewhere for an offer, one a line"});
  const auto upload = std::make_shared<VoucherUpload>();
  AddName(app, "offer", upload->start.mutable_offer(), "offers")->required();
  app.add_option("file", upload->path, "A text file with one code a line")->required();
  AddRequestId(app, upload->start.mutable_request_id());
  noun.OnVerb(app,
              [upload](Invocation& invocation) { return RunVoucherUpload(*upload, invocation); });
}

}  // namespace

void AddVoucherCommands(CommandLine& line) {
  Noun noun(line, "voucher", "What orders are had for at a till, and codes from elsewhere");
  noun.AlsoCalled("vouchers");
  AddRedeem(noun);
  AddVoucherReads(noun);
  AddTransfer(noun);
  AddVoucherUpload(noun);
}

}  // namespace puhui::services
