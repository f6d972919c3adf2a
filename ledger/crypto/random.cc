// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/random.h"

#include "ledger/base/check.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <climits>
#include <cstddef>
#include <cstring>

namespace puhui::ledger {
namespace {

void Draw(std::uint8_t* to, std::size_t size) {
  PUHUI_CHECK(size <= INT_MAX);
  PUHUI_CHECK(RAND_bytes(to, static_cast<int>(size)) == 1);
}

// A thread's stock of random bytes. A draw costs OpenSSL a microsecond whatever its size, which is
// a sixth of sealing a person's data; what was given out is wiped from the stock.
class Stock {
 public:
  Stock() = default;
  Stock(const Stock&) = delete;
  Stock& operator=(const Stock&) = delete;
  ~Stock() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void Take(absl::Span<std::uint8_t> to) {
    if (to.size() > left_) {
      Draw(bytes_.data(), bytes_.size());
      left_ = bytes_.size();
    }
    std::uint8_t* const from = bytes_.data() + (bytes_.size() - left_);
    std::memcpy(to.data(), from, to.size());
    OPENSSL_cleanse(from, to.size());
    left_ -= to.size();
  }

  static constexpr std::size_t kTakenMax = 64;

 private:
  std::array<std::uint8_t, 1024> bytes_{};
  std::size_t left_ = 0;
};

}  // namespace

void OpenSslRandom::Fill(absl::Span<std::uint8_t> bytes) {
  thread_local Stock stock;
  if (bytes.size() <= Stock::kTakenMax) return stock.Take(bytes);
  Draw(bytes.data(), bytes.size());
}

}  // namespace puhui::ledger
