// SPDX-License-Identifier: Apache-2.0
// load_client: keeps a server of this machine busy and says how quickly it answered, as one line of
// JSON.
#include "tests/bench/accounts.h"
#include "tests/bench/connections.h"
#include "tests/bench/echo_calls.h"
#include "tests/bench/load.h"
#include "tests/bench/order_calls.h"
#include "tests/bench/purchase_calls.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

struct Wish {
  std::string mode;
  int port = 0;
  std::string certificates;
  std::string accounts;
  std::uint32_t code_every = 0;
  LoadOptions load;
};

constexpr double kCodesMissedMax = 0.05;  // Of those that were wanted.

int Fail(const absl::Status& status) {
  std::cerr << "load_client: " << status << std::endl;
  return EXIT_FAILURE;
}

int Run(const Wish& wish) {
  const bool orders = wish.mode == "order" || wish.mode == "hot_order";
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (std::size_t i = 0; i < wish.load.connections; ++i) {
    auto channel = Connect(wish.port, wish.certificates, orders ? BuyerOf(i) : MerchantOf(i));
    if (!channel.ok()) return Fail(channel.status());
    channels.push_back(*std::move(channel));
  }
  Accounts accounts;
  std::unique_ptr<CallSource> source;
  const PurchaseCalls* purchases = nullptr;
  if (wish.mode == "echo") {
    source = std::make_unique<EchoCalls>(channels);
  } else {
    auto read = ReadAccounts(wish.accounts);
    if (!read.ok()) return Fail(read.status());
    accounts = *std::move(read);
    const auto batch = static_cast<std::uint32_t>(absl::ToUnixSeconds(absl::Now()));
    if (orders) {
      source = std::make_unique<OrderCalls>(channels, &accounts, wish.mode == "hot_order");
    } else {
      if (wish.code_every > 0 && accounts.devices.empty()) {
        return Fail(absl::InvalidArgumentError("purchases by code need devices"));
      }
      auto made = std::make_unique<PurchaseCalls>(
          channels, &accounts, PurchaseWish{.batch = batch, .code_every = wish.code_every});
      purchases = made.get();
      source = std::move(made);
    }
  }
  std::unique_ptr<CallSource> streamed;
  if (wish.mode == "stream") {
    streamed = std::make_unique<StreamedPurchases>(static_cast<PurchaseCalls*>(source.get()));
    source.swap(streamed);
  }
  const LoadReport report = RunLoad(wish.load, source.get());
  // Fewer codes would be another load than was asked for, and no figure of it.
  const auto codes = purchases != nullptr ? purchases->codes() : PurchaseCalls::Codes();
  if (static_cast<double>(codes.wanted - codes.used) >
      kCodesMissedMax * static_cast<double>(codes.wanted)) {
    return Fail(absl::ResourceExhaustedError(
        absl::StrCat("of ", codes.wanted, " purchases that were to be by code, ", codes.used,
                     " were: each device pays once in 30 seconds")));
  }
  std::cout << report.ToJson() << std::endl;
  if (report.failed == 0) return EXIT_SUCCESS;
  std::cerr << "load_client: " << report.failed << " calls failed, the first with "
            << report.first_failure << std::endl;
  return EXIT_FAILURE;
}

int Main(int argc, char** argv) {
  CLI::App app{"Keeps a server of this machine busy, bounded in calls and in time", "load_client"};
  Wish wish;
  double warmup_seconds = 2;
  double seconds = 10;
  app.add_option("--mode", wish.mode, "echo, purchase, stream, order or hot_order")
      ->required()
      ->check(CLI::IsMember({"echo", "purchase", "stream", "order", "hot_order"}));
  app.add_option("--port", wish.port, "The server's port on 127.0.0.1")->required();
  app.add_option("--certificates", wish.certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--accounts", wish.accounts, "Made by fill; for purchases");
  app.add_option("--code-every", wish.code_every,
                 "Of so many purchases one is by the code of a device; 0: none")
      ->capture_default_str();
  app.add_option("--connections", wish.load.connections)->capture_default_str();
  app.add_option("--in-flight", wish.load.in_flight, "Over all connections")->capture_default_str();
  app.add_option("--threads", wish.load.threads)->capture_default_str();
  app.add_option("--rate", wish.load.calls_per_second, "Calls a second; 0: as many as answered")
      ->capture_default_str();
  app.add_option("--calls", wish.load.calls_max, "At most so many")->capture_default_str();
  app.add_option("--warmup", warmup_seconds, "Seconds that do not count")->capture_default_str();
  app.add_option("--seconds", seconds, "At most so long after that")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  wish.load.warmup = absl::Seconds(warmup_seconds);
  wish.load.duration = absl::Seconds(seconds);
  return Run(wish);
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
