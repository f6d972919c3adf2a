// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_lines.h"

#include "services/cli/flags.h"

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Without a category that of the merchant.
absl::StatusOr<v1::BasketLine> ParseBasketLine(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  v1::BasketLine line;
  std::int64_t points = 0;
  if (parts.size() < 2 || parts.size() > 3 || !absl::SimpleAtoi(parts[1], &points)) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted CATEGORY:POINTS or CATEGORY:POINTS:REGION, got ", text));
  }
  line.set_merchant_category(parts[0]);
  line.set_points(points);
  if (parts.size() == 3) line.set_region(parts[2]);
  return line;
}

template <class Line>
absl::StatusOr<Line> ParseNamedLine(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '=');
  std::uint32_t number = 0;
  std::int64_t points = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &number) ||
      !absl::SimpleAtoi(parts[1], &points)) {
    return absl::InvalidArgumentError(absl::StrCat("wanted N=POINTS, such as 0=250, got ", text));
  }
  Line line;
  line.set_line(number);
  line.set_points(points);
  return line;
}

template <class Line, class Parse>
void AddLines(CLI::App& app, google::protobuf::RepeatedPtrField<Line>* lines, Parse parse,
              const std::string& about) {
  app.add_option_function<std::vector<std::string>>(
         "--line",
         [lines, parse](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) *lines->Add() = *parse(text);
         },
         about)
      ->check(
          [parse](const std::string& text) { return std::string(parse(text).status().message()); });
}

}  // namespace

void AddBasketLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::BasketLine>* lines) {
  AddLines(app, lines, ParseBasketLine,
           "What is bought: CATEGORY:POINTS or CATEGORY:POINTS:REGION, for each line");
}

void AddAcceptPartial(CLI::App& app, std::function<void(bool)> set) {
  AddSwitch(app, "--accept-partial", std::move(set),
            "Fewer points will do, if there are not as many");
}

void AddCaptureLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::CaptureLine>* lines) {
  AddLines(
      app, lines, ParseNamedLine<v1::CaptureLine>,
      "Of a basket, N=POINTS for each line, from 0, of which points are taken. Default: the last "
      "lines go back");
}

void AddRefundLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::RefundLine>* lines) {
  AddLines(
      app, lines, ParseNamedLine<v1::RefundLine>,
      "Of a basket, N=POINTS for each line, from 0, to which points go back. Default: the last "
      "line first");
}

void PrintLines(Output& output, const google::protobuf::RepeatedPtrField<v1::PaidLine>& lines) {
  for (int i = 0; i < lines.size(); ++i) {
    const v1::PaidLine& line = lines[i];
    std::string text = absl::StrCat("line ", i, ": ", line.merchant_category());
    if (!line.region().empty()) absl::StrAppend(&text, " in ", line.region());
    absl::StrAppend(&text, ", ", output.Points(line.paid_points()));
    if (line.paid_points() != line.points()) absl::StrAppend(&text, " of ", line.points());
    if (line.refunded_points() != 0) {
      absl::StrAppend(&text, ", ", line.refunded_points(), " refunded");
    }
    output.Line(text);
  }
}

}  // namespace puhui::services
