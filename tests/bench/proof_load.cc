// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/proof_load.h"

#include "ledger/base/status_macros.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/bench/connections.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

namespace puhui::bench {
namespace {

using std::chrono::steady_clock;

// How many subtrees lie beside the way from a leaf to the root (RFC 9162, 2.1.3).
std::size_t PathLength(std::uint64_t index, std::uint64_t size) {
  std::size_t length = 0;
  for (std::uint64_t last = size - 1; last > 0; index /= 2, last /= 2) {
    if (index % 2 == 1 || index < last) ++length;
  }
  return length;
}

absl::StatusOr<v1::ProveInclusionResponse> Prove(v1::AuditService::Stub& audit,
                                                 std::uint64_t sequence) {
  v1::ProveInclusionRequest request;
  request.set_sequence(sequence);
  v1::ProveInclusionResponse response;
  grpc::ClientContext context;
  PUHUI_RETURN_IF_ERROR(ToStatus(audit.ProveInclusion(&context, request, &response)));
  const auto hashes = static_cast<std::size_t>(response.path_size());
  const std::size_t wanted = PathLength(response.leaf_index(), response.tree_size());
  if (hashes != wanted || response.leaf_index() + 1 != sequence) {
    return absl::DataLossError(
        absl::StrCat("a proof of record ", sequence, " has ", hashes, " hashes, not ", wanted));
  }
  return response;
}

}  // namespace

std::string ProofReport::ToJson() const {
  return absl::StrFormat(
      R"({"records":%d,"proofs":%d,"p50_us":%.0f,"p99_us":%.0f,"hashes_max":%d})", records, proofs,
      p50_us, p99_us, hashes_max);
}

absl::StatusOr<ProofReport> AskForProofs(const std::shared_ptr<grpc::Channel>& channel,
                                         std::size_t proofs) {
  const auto audit = v1::AuditService::NewStub(channel);
  PUHUI_ASSIGN_OR_RETURN(const v1::ProveInclusionResponse first, Prove(*audit, 1));
  ProofReport report;
  report.records = first.tree_size();
  report.proofs = proofs;
  std::mt19937_64 random(1);
  std::vector<double> times;
  times.reserve(proofs);
  for (std::size_t i = 0; i < proofs; ++i) {
    const std::uint64_t sequence = 1 + random() % report.records;
    const steady_clock::time_point begun = steady_clock::now();
    PUHUI_ASSIGN_OR_RETURN(const v1::ProveInclusionResponse proof, Prove(*audit, sequence));
    times.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - begun).count());
    report.records = proof.tree_size();
    report.hashes_max = std::max(report.hashes_max, static_cast<std::size_t>(proof.path_size()));
  }
  std::sort(times.begin(), times.end());
  if (!times.empty()) {
    report.p50_us = times[times.size() / 2];
    report.p99_us = times[times.size() * 99 / 100];
  }
  return report;
}

}  // namespace puhui::bench
