// SPDX-License-Identifier: Apache-2.0
#include "services/cli/pos_check_signature.h"

#include "ledger/base/check.h"
#include "services/auth/openssl.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using DigestPtr = OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using NamesPtr = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using StorePtr = OpenSslPtr<X509_STORE, X509_STORE_free>;
using VerificationPtr = OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

void FreeStack(STACK_OF(X509) * stack) { sk_X509_free(stack); }
using StackPtr = OpenSslPtr<STACK_OF(X509), FreeStack>;

std::string SignerPem(const std::vector<CertificatePtr>& chain) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PUHUI_CHECK(bio != nullptr);
  for (const CertificatePtr& certificate : chain) {
    PUHUI_CHECK(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
  }
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// Ed25519 hashes by itself.
const EVP_MD* DigestFor(const EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

const unsigned char* SignerBytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string FirstUriOf(const X509& certificate) {
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return "";
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
            static_cast<std::size_t>(ASN1_STRING_length(uri))};
  }
  return "";
}

}  // namespace

absl::StatusOr<SignerNames> NamesOfSigner(absl::string_view chain_pem) {
  const std::vector<CertificatePtr> chain = ReadCertificates(chain_pem);
  if (chain.empty()) return absl::InvalidArgumentError("there is no certificate of the signer");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(chain[0].get(), EVP_sha256(), digest.data(), &size) != 1) {
    return absl::InvalidArgumentError("the certificate of the signer cannot be hashed");
  }
  const absl::string_view bytes(reinterpret_cast<const char*>(digest.data()), size);
  return SignerNames{.fingerprint = absl::BytesToHexString(bytes),
                     .identity = FirstUriOf(*chain[0]),
                     .certificates = SignerPem(chain)};
}

absl::StatusOr<std::string> SignAs(const PosCheckSigner& signer, absl::string_view text) {
  const std::vector<CertificatePtr> chain = ReadCertificates(signer.chain_pem);
  const KeyPtr key = ReadPrivateKey(signer.key_pem);
  const bool fit =
      key != nullptr && !chain.empty() && X509_check_private_key(chain[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!fit) return absl::InvalidArgumentError("the key is not that of the client certificate");
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  std::string signature;
  const bool sized =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), nullptr, DigestFor(key.get()), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, SignerBytes(text), text.size()) == 1;
  if (sized) signature.resize(size);
  const bool made =
      sized && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                              &size, SignerBytes(text), text.size()) == 1;
  ERR_clear_error();
  if (!made) return absl::InvalidArgumentError("the key of the client certificate cannot sign");
  signature.resize(size);
  return absl::Base64Escape(signature);
}

bool IsSignedBy(absl::string_view chain_pem, absl::string_view text, absl::string_view base64) {
  const std::vector<CertificatePtr> chain = ReadCertificates(chain_pem);
  std::string signature;
  if (chain.empty() || !absl::Base64Unescape(base64, &signature)) return false;
  EVP_PKEY* const key = X509_get0_pubkey(chain[0].get());
  const DigestPtr context(EVP_MD_CTX_new());
  const bool right =
      key != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, DigestFor(key), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), SignerBytes(signature), signature.size(), SignerBytes(text),
                       text.size()) == 1;
  ERR_clear_error();
  return right;
}

absl::Status CheckIssuedBy(absl::string_view authorities_pem, absl::string_view chain_pem,
                           absl::Time at) {
  const std::vector<CertificatePtr> authorities = ReadCertificates(authorities_pem);
  const std::vector<CertificatePtr> chain = ReadCertificates(chain_pem);
  const StorePtr store(X509_STORE_new());
  const StackPtr between(sk_X509_new_null());
  const VerificationPtr context(X509_STORE_CTX_new());
  bool ready = !authorities.empty() && !chain.empty() && store != nullptr && between != nullptr &&
               context != nullptr;
  // One that is no root may be trusted as well.
  ready = ready && X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN) == 1;
  for (std::size_t i = 0; ready && i < authorities.size(); ++i) {
    ready = X509_STORE_add_cert(store.get(), authorities[i].get()) == 1;
  }
  for (std::size_t i = 1; ready && i < chain.size(); ++i) {
    ready = sk_X509_push(between.get(), chain[i].get()) > 0;
  }
  ready =
      ready && X509_STORE_CTX_init(context.get(), store.get(), chain[0].get(), between.get()) == 1;
  if (ready) X509_STORE_CTX_set_time(context.get(), 0, absl::ToTimeT(at));
  const bool issued = ready && X509_verify_cert(context.get()) == 1;
  const std::string why =
      ready ? X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))
            : "there is no certificate of an authority, or of the signer";
  ERR_clear_error();
  if (issued) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the authority did not issue the signer's certificate: ", why));
}

}  // namespace puhui::services
