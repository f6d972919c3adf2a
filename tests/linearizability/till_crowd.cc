// SPDX-License-Identifier: Apache-2.0
#include "tests/linearizability/till_crowd.h"

#include <thread>
#include <utility>

namespace puhui::testing {
namespace {

template <class T>
const T& AnyOf(const std::vector<T>& of, SeededRandom& random) {
  return of[random.Below(of.size())];
}
// What was said last is what the others are busy with.
template <class T>
const T& RecentOf(const std::vector<T>& of, SeededRandom& random) {
  constexpr std::size_t kRecent = 6;
  return of[of.size() - 1 - random.Below(std::min(of.size(), kRecent))];
}

}  // namespace

TillCrowd::TillCrowd(std::vector<TillDesk*> desks, std::uint64_t seed) : seed_(seed) {
  MutexLock lock(&mutex_);
  for (TillDesk* const desk : desks) wallets_.push_back({.desk = desk});
}

std::vector<TillHistory> TillCrowd::Play(std::size_t calls) {
  std::vector<std::thread> tills;
  for (std::size_t till = 0; till < kTills; ++till) {
    tills.emplace_back([this, till, calls] { PlayOne(seed_ * kTills + till, calls); });
  }
  for (std::thread& till : tills) till.join();
  MutexLock lock(&mutex_);
  std::vector<TillHistory> histories;
  for (Wallet& wallet : wallets_) histories.push_back(std::move(wallet.history));
  return histories;
}

void TillCrowd::PlayOne(std::uint64_t seed, std::size_t calls) {
  SeededRandom random(seed);
  for (std::size_t i = 0; i < calls; ++i) {
    TillOperation operation;
    TillDesk* desk = nullptr;
    std::size_t at = 0;
    {
      MutexLock lock(&mutex_);
      at = random.Below(wallets_.size());
      desk = wallets_[at].desk;
    }
    operation.input = Next(random, at);
    operation.invoked = moment_.fetch_add(1);
    operation.output = desk->Ask(operation.input);
    operation.responded = moment_.fetch_add(1);
    Learn(at, operation);
  }
}

TillInput TillCrowd::Next(SeededRandom& random, std::size_t at) {
  MutexLock lock(&mutex_);
  Wallet& wallet = wallets_[at];
  TillInput input{.terminal = 1 + static_cast<std::uint32_t>(random.Below(2))};
  const std::uint64_t dice = random.Below(100);
  if (dice < 12) {
    input.verb = Verb::kBalance;
    return input;
  }
  if (dice < 18 && !wallet.references.empty()) {
    input.verb = Verb::kLook;
    input.reference = RecentOf(wallet.references, random);
    return input;
  }
  if (dice < 26 && Repeat(random, wallet, &input)) return input;
  input.request = input.trace = ++wallet.numbers;
  const bool reverses = dice >= 26 && dice < 42 && Reverse(random, wallet, &input);
  if (!reverses) {
    if (dice < 66 || wallet.references.empty()) {
      Spend(random, wallet, &input);
    } else {
      Settle(random, wallet, &input);
    }
    if (random.Below(25) == 0 && !wallet.asked.empty()) {
      // A till that lost count.
      const TillInput& other = AnyOf(wallet.asked, random);
      input.trace = other.trace;
      input.terminal = other.terminal;
    }
  }
  wallet.asked.push_back(input);
  return input;
}

bool TillCrowd::Repeat(SeededRandom& random, Wallet& wallet, TillInput* input) {
  if (!wallet.late.empty() && random.Below(2) == 0) {
    *input = wallet.late.back();
    wallet.late.pop_back();
    wallet.asked.push_back(*input);
    return true;
  }
  if (wallet.asked.empty()) return false;
  *input = RecentOf(wallet.asked, random);
  return true;
}

bool TillCrowd::Reverse(SeededRandom& random, Wallet& wallet, TillInput* input) {
  const bool by_keys = random.Below(2) == 0;
  TillInput original{.terminal = input->terminal};
  if (random.Below(4) == 0) {
    Spend(random, wallet, &original);
    original.request = original.trace = ++wallet.numbers;
    wallet.late.push_back(original);
  } else {
    if (wallet.asked.empty()) return false;
    original = RecentOf(wallet.asked, random);
  }
  input->verb = by_keys ? Verb::kReverseByKeys : Verb::kReverseByRequest;
  input->terminal = original.terminal;
  input->original = by_keys ? original.trace : original.request;
  return true;
}

void TillCrowd::Spend(SeededRandom& random, Wallet& /*wallet*/, TillInput* input) {
  input->verb = random.Below(2) == 0 ? Verb::kPurchase : Verb::kAuthorize;
  input->points = 1 + static_cast<std::int64_t>(random.Below(kPoints / 3));
}

void TillCrowd::Settle(SeededRandom& random, Wallet& wallet, TillInput* input) {
  static constexpr Verb kVerbs[] = {Verb::kCapture, Verb::kCapture, Verb::kVoid, Verb::kRefund,
                                    Verb::kRefund};
  input->verb = kVerbs[random.Below(std::size(kVerbs))];
  input->reference = RecentOf(wallet.references, random);
  if (input->verb != Verb::kVoid) {
    input->points = 1 + static_cast<std::int64_t>(random.Below(kPoints / 6));
  }
}

void TillCrowd::Learn(std::size_t at, const TillOperation& operation) {
  MutexLock lock(&mutex_);
  Wallet& wallet = wallets_[at];
  wallet.history.push_back(operation);
  const Verb verb = operation.input.verb;
  if (!operation.output.declined.has_value() &&
      (verb == Verb::kPurchase || verb == Verb::kAuthorize)) {
    wallet.references.push_back(operation.output.reference);
  }
}

}  // namespace puhui::testing
