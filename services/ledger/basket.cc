// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/basket.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <set>
#include <string>

namespace puhui::services {
namespace {

std::string FieldOf(int line, absl::string_view field) {
  return absl::StrCat("lines[", line, "].", field);
}

// Each is a Points, and there are few, so that nothing overflows.
template <class Lines>
absl::Status CheckLines(const Lines& lines, Points points) {
  if (static_cast<std::size_t>(lines.size()) > kBasketLinesMax) {
    return InvalidField("lines",
                        absl::StrCat("want at most ", kBasketLinesMax, ", got ", lines.size()));
  }
  std::int64_t sum = 0;
  for (int i = 0; i < lines.size(); ++i) {
    PUHUI_RETURN_IF_ERROR(Points::FromRequest(lines[i].points(), FieldOf(i, "points")).status());
    sum += lines[i].points();
  }
  if (lines.empty() || sum == points.value()) return absl::OkStatus();
  return InvalidField(
      "lines", absl::StrCat("want lines that add up to ", points.value(), " points, got ", sum));
}

// Lines of an earlier call, each named once.
template <class Named, class Lines>
absl::StatusOr<std::vector<Named>> ReadNamed(const Lines& lines, Points points) {
  PUHUI_RETURN_IF_ERROR(CheckLines(lines, points));
  std::vector<Named> read;
  std::set<std::uint32_t> named;
  for (int i = 0; i < lines.size(); ++i) {
    if (!named.insert(lines[i].line()).second) {
      return InvalidField(FieldOf(i, "line"), "want each line once");
    }
    read.push_back({lines[i].line(), lines[i].points()});
  }
  return read;
}

}  // namespace

absl::StatusOr<std::vector<ledger::BasketLine>> ReadBasket(
    const google::protobuf::RepeatedPtrField<v1::BasketLine>& lines, Points points) {
  PUHUI_RETURN_IF_ERROR(CheckLines(lines, points));
  std::vector<ledger::BasketLine> basket;
  for (int i = 0; i < lines.size(); ++i) {
    ledger::BasketLine line{.points = lines[i].points()};
    if (!lines[i].merchant_category().empty()) {
      PUHUI_ASSIGN_OR_RETURN(line.category, ParseCategory(lines[i].merchant_category(),
                                                          FieldOf(i, "merchant_category")));
    }
    if (!lines[i].region().empty()) {
      PUHUI_ASSIGN_OR_RETURN(line.region, ParseRegion(lines[i].region(), FieldOf(i, "region")));
    }
    basket.push_back(line);
  }
  return basket;
}

absl::StatusOr<std::vector<merchant::LineRefund>> ReadRefundLines(
    const google::protobuf::RepeatedPtrField<v1::RefundLine>& lines, Points points) {
  return ReadNamed<merchant::LineRefund>(lines, points);
}

absl::StatusOr<std::vector<merchant::LineCapture>> ReadCaptureLines(
    const google::protobuf::RepeatedPtrField<v1::CaptureLine>& lines, Points points) {
  return ReadNamed<merchant::LineCapture>(lines, points);
}

v1::BasketLine BasketLineOf(const ledger::BasketLine& line) {
  v1::BasketLine message;
  if (line.category != 0) message.set_merchant_category(FormatCategory(line.category));
  if (line.region != 0) message.set_region(FormatRegion(line.region));
  message.set_points(line.points);
  return message;
}

v1::PaidLine PaidLineOf(const merchant::PaidLine& line) {
  v1::PaidLine message;
  message.set_merchant_category(FormatCategory(line.category));
  if (line.region != 0) message.set_region(FormatRegion(line.region));
  message.set_points(line.points);
  message.set_paid_points(line.Paid());
  message.set_refunded_points(line.refunded);
  return message;
}

v1::PaidLine PaidLineOf(const journal::v1::BasketLine& line) {
  merchant::PaidLine paid{
      .category = line.category(), .region = line.region(), .points = line.points()};
  for (const journal::v1::LinePart& part : line.parts()) {
    paid.parts.push_back({LotNumber{part.lot()}, part.points()});
  }
  return PaidLineOf(paid);
}

}  // namespace puhui::services
