// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_bill_command.h"

#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/till_flags.h"
#include "services/cli/till_lines.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

void PrintBill(Output& output, const v1::Bill& bill) {
  output.Fields({{"bill", bill.retrieval_reference()},
                 {"state", EnumText(bill.state())},
                 {"points", output.Points(bill.points())},
                 {"fewer will do", bill.accept_partial() ? "yes" : ""},
                 {"presented", output.Time(bill.create_time())},
                 {"expires", output.Time(bill.expire_time())},
                 {"terminal", bill.terminal()},
                 {"batch", absl::StrCat(bill.batch_number())},
                 {"trace", absl::StrCat(bill.trace_number())}});
}

void AddTillBillCommand(Noun& till) {
  till.Changes(
      {"bill", "Present a bill that a member scans and pays; `status` says how it stands"},
      &v1::PosService::Stub::CreateBill,
      [](CLI::App& app, v1::CreateBillRequest& request) {
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddAcceptPartial(app, [&request](bool accepts) { request.set_accept_partial(accepts); });
        AddBasketLines(app, request.mutable_lines());
        AddLifetime(
            app, [&request] { return request.mutable_lifetime(); },
            "How long it can be paid, such as 90s or 30m. Default: five minutes");
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::CreateBillResponse& response) {
        PrintBill(output, response.bill());
        output.Fields({{"show", response.qr_text()}});
      });
}

}  // namespace puhui::services
