// SPDX-License-Identifier: Apache-2.0
#include "services/auth/certificates.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "services/auth/openssl.h"

#include "absl/strings/str_cat.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <ctime>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

// Answers "no passphrase" instead of asking on the terminal, which is what OpenSSL does without a
// callback.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

// True when reading stopped because the text was at its end, rather than at something malformed.
bool AtEnd() {
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

BioPtr ReadFrom(absl::string_view text) {
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  PUHUI_CHECK(bio != nullptr);
  return bio;
}

KeyPtr ReadPrivateKey(absl::string_view pem) {
  KeyPtr key(PEM_read_bio_PrivateKey(ReadFrom(pem).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  return key;
}

std::vector<CertificatePtr> ReadCertificates(absl::string_view pem) {
  std::vector<CertificatePtr> certificates;
  const BioPtr bio = ReadFrom(pem);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    certificates.emplace_back(next);
  }
  if (!AtEnd()) certificates.clear();
  return certificates;
}

absl::Status CheckDates(const X509& certificate, absl::Time now, absl::string_view what) {
  std::time_t at = absl::ToTimeT(now);
  if (X509_cmp_time(X509_get0_notBefore(&certificate), &at) >= 0) {
    return absl::FailedPreconditionError(absl::StrCat(what, " is not valid yet"));
  }
  if (X509_cmp_time(X509_get0_notAfter(&certificate), &at) <= 0) {
    return absl::FailedPreconditionError(absl::StrCat(what, " has expired"));
  }
  return absl::OkStatus();
}

absl::Status CheckKeyPair(absl::string_view chain_pem, absl::string_view key_pem, absl::Time now) {
  const std::vector<CertificatePtr> chain = ReadCertificates(chain_pem);
  if (chain.empty()) return absl::FailedPreconditionError("the chain holds no certificate");
  const KeyPtr key = ReadPrivateKey(key_pem);
  if (key == nullptr) return absl::FailedPreconditionError("the key cannot be read");
  if (X509_check_private_key(chain[0].get(), key.get()) != 1) {
    ERR_clear_error();
    return absl::FailedPreconditionError("the key is not that of the first certificate");
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string what = absl::StrCat("certificate ", i + 1, " of the chain");
    PUHUI_RETURN_IF_ERROR(CheckDates(*chain[i], now, what));
    if (i + 1 == chain.size()) break;
    const bool issued = X509_check_issued(chain[i + 1].get(), chain[i].get()) == X509_V_OK &&
                        X509_verify(chain[i].get(), X509_get0_pubkey(chain[i + 1].get())) == 1;
    ERR_clear_error();
    if (!issued) {
      return absl::FailedPreconditionError(absl::StrCat(what, " is not signed by the next"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAuthorities(absl::string_view pem, absl::Time now) {
  const std::vector<CertificatePtr> authorities = ReadCertificates(pem);
  if (authorities.empty()) return absl::FailedPreconditionError("no certificate of an authority");
  for (std::size_t i = 0; i < authorities.size(); ++i) {
    const std::string what = absl::StrCat("authority ", i + 1);
    PUHUI_RETURN_IF_ERROR(CheckDates(*authorities[i], now, what));
    if (X509_check_ca(authorities[i].get()) == 0) {
      return absl::FailedPreconditionError(absl::StrCat(what, " may not sign certificates"));
    }
  }
  return absl::OkStatus();
}

}  // namespace puhui::services
