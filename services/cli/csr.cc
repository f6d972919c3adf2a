// SPDX-License-Identifier: Apache-2.0
#include "services/cli/csr.h"

#include "services/auth/openssl.h"

#include "absl/status/status.h"
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace puhui::services {
namespace {

// What `write` writes into a memory file; empty when it fails.
template <class Write>
std::string ToPem(Write write) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || write(bio.get()) != 1) return "";
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

absl::StatusOr<SigningRequest> MakeSigningRequest(const std::string& common_name) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const RequestPtr request(X509_REQ_new());
  if (key == nullptr || request == nullptr) return absl::InternalError("OpenSSL made no key");
  X509_NAME* const subject = X509_REQ_get_subject_name(request.get());
  const auto* const name = reinterpret_cast<const unsigned char*>(common_name.data());
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name,
                                 static_cast<int>(common_name.size()), -1, 0) != 1) {
    return absl::InvalidArgumentError("the terminal's name does not fit a certificate");
  }
  if (X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0) {
    return absl::InternalError("OpenSSL did not sign the request");
  }
  SigningRequest made;
  made.key_pem = ToPem([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  made.csr_pem = ToPem([&](BIO* bio) { return PEM_write_bio_X509_REQ(bio, request.get()); });
  if (made.key_pem.empty() || made.csr_pem.empty()) {
    return absl::InternalError("OpenSSL wrote no PEM");
  }
  return made;
}

}  // namespace puhui::services
