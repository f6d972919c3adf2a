// SPDX-License-Identifier: Apache-2.0
// What the sources of this room share about OpenSSL. Included by this room's .cc files only.
#ifndef PUHUI_LEDGER_CRYPTO_OPENSSL_H_
#define PUHUI_LEDGER_CRYPTO_OPENSSL_H_

#include "absl/strings/string_view.h"
#include <openssl/evp.h>

#include <memory>
#include <string>

namespace puhui::ledger {

// One deleter for every OpenSSL handle, so that none outlives its scope.
template <auto kFree>
struct OpenSslDelete {
  template <class T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};
template <class T, auto kFree>
using OpenSslPtr = std::unique_ptr<T, OpenSslDelete<kFree>>;

inline const unsigned char* ConstBytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* MutableBytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_OPENSSL_H_
