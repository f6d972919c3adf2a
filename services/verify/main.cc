// SPDX-License-Identifier: Apache-2.0
// puhui-verify: checks a bundle on a machine that has nothing else of ours.
#include "audit/bundle/verifier_key.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using puhui::audit::BundleReport;
using puhui::ledger::VerifyKey;

// A promise to scripts, as those of `puhui`.
constexpr int kFits = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kDoesNotFit = 8;

constexpr absl::string_view kHelp =
    "usage: puhui-verify --key KEY [--key KEY]... BUNDLE\n"
    "Checks every hash, signature, balance, cap and statement of a bundle.\n"
    "KEY is a key that signs checkpoints, as checkpoint.vkey has it, or the file's name.\n"
    "Take keys from where you kept them, and never from whoever gave you the bundle.\n"
    "Exit codes: 0 all fits; 1 the file cannot be read; 2 usage; 8 something does not fit.\n";

absl::StatusOr<VerifyKey> ReadKey(const std::string& text) {
  if (text.find('+') != std::string::npos) return puhui::audit::ParseVerifierKey(text);
  std::ifstream file(text, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", text));
  std::stringstream bytes;
  bytes << file.rdbuf();
  return puhui::audit::ParseVerifierKey(bytes.str());
}

void Print(absl::string_view what, std::uint64_t count) {
  std::cout << absl::StreamFormat("  %-24s %d\n", what, count);
}

std::string TimeText(std::int64_t micros) {
  return absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

void PrintReport(const BundleReport& report) {
  std::cout << "fits: records " << report.header.first << " to " << report.header.last << ", "
            << TimeText(report.first_time_micros) << " to " << TimeText(report.last_time_micros)
            << "\n";
  std::cout << "ledger " << report.checkpoint.origin << ", checkpoint of " << report.checkpoint.size
            << " records\n"
            << "root " << puhui::ledger::ToBase64(report.checkpoint.root) << "\n"
            << "opening " << puhui::ledger::ToHex(report.opening) << "\n"
            << "closing " << puhui::ledger::ToHex(report.closing) << "\n";
  Print("bytes", report.bytes);
  Print("checkpoints", report.checkpoints);
  Print("proofs", report.proofs);
  Print("segments", report.segments);
  Print("records", report.records);
  Print("earlier records", report.earlier_records);
  Print("entries", report.entries);
  Print("postings", report.postings);
  Print("accounts", report.accounts);
  Print("open lots", report.lots);
  Print("grants", report.sales.grants);
  Print("of them under rules", report.sales.under_rules);
  Print("purchases", report.sales.purchases);
  Print("given back", report.sales.given_back);
  Print("authorisations", report.sales.authorizations);
  Print("under a cap per day", report.sales.capped);
  Print("payouts", report.sales.payouts);
  Print("statement lines", report.statements.lines);
  Print("statements", report.statements.statements);
  Print("statements begun earlier", report.statements.begun_earlier);
}

int Verify(const std::string& path, const std::vector<VerifyKey>& keys) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "puhui-verify: cannot read " << path << "\n";
    return kFailed;
  }
  const auto source = [&file](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    file.read(into, static_cast<std::streamsize>(size));
    if (file.bad()) return absl::UnavailableError("the file cannot be read");
    return static_cast<std::size_t>(file.gcount());
  };
  const absl::StatusOr<BundleReport> report = puhui::audit::VerifyBundle(source, keys);
  if (report.ok()) {
    PrintReport(*report);
    return kFits;
  }
  if (!absl::IsDataLoss(report.status())) {
    std::cerr << "puhui-verify: " << report.status().message() << "\n";
    return kFailed;
  }
  std::cout << "DOES NOT FIT: " << report.status().message() << "\n";
  return kDoesNotFit;
}

int Main(const std::vector<std::string>& arguments) {
  std::vector<VerifyKey> keys;
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--help") {
      std::cout << kHelp;
      return kFits;
    }
    if (arguments[i] != "--key") {
      paths.push_back(arguments[i]);
      continue;
    }
    if (++i == arguments.size()) break;
    const absl::StatusOr<VerifyKey> key = ReadKey(arguments[i]);
    if (!key.ok()) {
      std::cerr << "puhui-verify: --key: " << key.status().message() << "\n";
      return kUsage;
    }
    keys.push_back(*key);
  }
  if (paths.size() == 1 && !keys.empty()) return Verify(paths.front(), keys);
  std::cerr << kHelp;
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) { return Main(std::vector<std::string>(argv + 1, argv + argc)); }
