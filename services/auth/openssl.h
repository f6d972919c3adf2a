// SPDX-License-Identifier: Apache-2.0
// What those who handle certificates share about OpenSSL. Included by .cc files of this room and of
// services/cli only.
#ifndef PUHUI_SERVICES_AUTH_OPENSSL_H_
#define PUHUI_SERVICES_AUTH_OPENSSL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

namespace puhui::services {

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

using BioPtr = OpenSslPtr<BIO, BIO_free>;
using CertificatePtr = OpenSslPtr<X509, X509_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using RequestPtr = OpenSslPtr<X509_REQ, X509_REQ_free>;

// Reads from `text`, which has to outlive the result.
BioPtr ReadFrom(absl::string_view text);
// Empty when there is no key that can be read without a passphrase.
KeyPtr ReadPrivateKey(absl::string_view pem);
// Every certificate in `pem`, in order; none when one of them is malformed.
std::vector<CertificatePtr> ReadCertificates(absl::string_view pem);
// Refuses: kFailedPrecondition, with `what` in front, when `now` is outside of the certificate's
// dates.
absl::Status CheckDates(const X509& certificate, absl::Time now, absl::string_view what);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_OPENSSL_H_
