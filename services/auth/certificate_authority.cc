// SPDX-License-Identifier: Apache-2.0
#include "services/auth/certificate_authority.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/auth/certificates.h"
#include "services/auth/openssl.h"

#include "absl/strings/match.h"
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using NamePtr = OpenSslPtr<GENERAL_NAME, GENERAL_NAME_free>;
using NamesPtr = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using TextPtr = OpenSslPtr<ASN1_IA5STRING, ASN1_IA5STRING_free>;
using ExtensionPtr = OpenSslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using NumberPtr = OpenSslPtr<BIGNUM, BN_free>;

constexpr std::size_t kCsrBytesMax = 16'384;
constexpr int kRsaBitsMin = 2'048;
constexpr int kRsaBitsMax = 8'192;
constexpr long kVersion3 = 2;
constexpr absl::Duration kClockSkew = absl::Minutes(5);

absl::Status BadRequest(absl::string_view message) {
  ERR_clear_error();
  return ledger::ToStatus({.reason = ledger::Reason::kInvalidField,
                           .field = "csr_pem",
                           .message = std::string(message)});
}

bool AcceptableKey(const EVP_PKEY& key) {
  switch (EVP_PKEY_get_base_id(&key)) {
    case EVP_PKEY_ED25519:
      return true;
    case EVP_PKEY_RSA: {
      const int bits = EVP_PKEY_get_bits(&key);
      return bits >= kRsaBitsMin && bits <= kRsaBitsMax;
    }
    case EVP_PKEY_EC: {
      std::array<char, 64> group{};
      std::size_t length = 0;
      if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), &length) != 1) return false;
      const absl::string_view name(group.data(), length);
      return name == "prime256v1" || name == "secp384r1";
    }
    default:
      return false;
  }
}

absl::StatusOr<RequestPtr> ReadRequest(absl::string_view csr_pem) {
  if (csr_pem.size() > kCsrBytesMax) return BadRequest("want at most 16,384 bytes");
  RequestPtr request(PEM_read_bio_X509_REQ(ReadFrom(csr_pem).get(), nullptr, nullptr, nullptr));
  if (request == nullptr) return BadRequest("want a PKCS #10 request in PEM");
  EVP_PKEY* const key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || !AcceptableKey(*key)) {
    return BadRequest("want a key of P-256, P-384, Ed25519, or RSA with 2,048 to 8,192 bits");
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    return BadRequest("the request is not signed with its own key");
  }
  return request;
}

// 126 random bits behind a one, so that the number is positive and never short.
bool SetSerial(RandomSource& random, X509* certificate) {
  std::array<std::uint8_t, 16> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3F) | 0x40);
  const NumberPtr number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return number != nullptr &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

// The one name. Built from parts, because OpenSSL's text form would read a comma in it as a second
// name.
bool AddUri(absl::string_view uri, X509* certificate) {
  TextPtr text(ASN1_IA5STRING_new());
  NamePtr name(GENERAL_NAME_new());
  const NamesPtr names(GENERAL_NAMES_new());
  if (text == nullptr || name == nullptr || names == nullptr) return false;
  if (ASN1_STRING_set(text.get(), uri.data(), static_cast<int>(uri.size())) != 1) return false;
  GENERAL_NAME_set0_value(name.get(), GEN_URI, text.release());
  if (sk_GENERAL_NAME_push(names.get(), name.get()) <= 0) return false;
  static_cast<void>(name.release());
  // Critical, because there is no subject (RFC 5280, 4.2.1.6).
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 1, X509V3_ADD_DEFAULT) ==
         1;
}

bool AddExtension(X509* issuer, int nid, const char* value, X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

class SigningAuthority final : public CertificateAuthority {
 public:
  SigningAuthority(CertificatePtr certificate, KeyPtr key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}

  absl::StatusOr<std::string> SignTerminal(absl::string_view csr_pem, absl::string_view spiffe_uri,
                                           absl::Time now, absl::Duration validity,
                                           RandomSource& random) const override {
    PUHUI_CHECK(absl::StartsWith(spiffe_uri, "spiffe://"));
    PUHUI_ASSIGN_OR_RETURN(const RequestPtr request, ReadRequest(csr_pem));
    // Nothing that the caller could mend.
    if (const absl::Status dates = CheckDates(*certificate_, now, "the CA's certificate");
        !dates.ok()) {
      return absl::InternalError(dates.message());
    }
    const CertificatePtr signed_one(X509_new());
    X509* const out = signed_one.get();
    const bool made = out != nullptr && X509_set_version(out, kVersion3) == 1 &&
                      SetSerial(random, out) &&
                      X509_set_issuer_name(out, X509_get_subject_name(certificate_.get())) == 1 &&
                      X509_set_pubkey(out, X509_REQ_get0_pubkey(request.get())) == 1 &&
                      SetDates(now, validity, out) && AddExtensions(spiffe_uri, out) && Sign(out);
    if (!made) {
      ERR_clear_error();
      return absl::InternalError("OpenSSL could not make the certificate");
    }
    return ToPem(out);
  }

 private:
  bool SetDates(absl::Time now, absl::Duration validity, X509* out) const {
    const std::time_t begin = absl::ToTimeT(now - kClockSkew);
    std::time_t end = absl::ToTimeT(now + validity);
    const ASN1_TIME* const ca_end = X509_get0_notAfter(certificate_.get());
    if (ASN1_TIME_set(X509_getm_notBefore(out), begin) == nullptr) return false;
    if (X509_cmp_time(ca_end, &end) < 0) return X509_set1_notAfter(out, ca_end) == 1;
    return ASN1_TIME_set(X509_getm_notAfter(out), end) != nullptr;
  }

  bool AddExtensions(absl::string_view spiffe_uri, X509* out) const {
    X509* const issuer = certificate_.get();
    return AddExtension(issuer, NID_basic_constraints, "critical,CA:FALSE", out) &&
           AddExtension(issuer, NID_key_usage, "critical,digitalSignature", out) &&
           AddExtension(issuer, NID_ext_key_usage, "clientAuth", out) &&
           AddExtension(issuer, NID_subject_key_identifier, "hash", out) &&
           AddExtension(issuer, NID_authority_key_identifier, "keyid", out) &&
           AddUri(spiffe_uri, out);
  }

  bool Sign(X509* out) const {
    // Ed25519 hashes by itself.
    const bool plain = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519;
    return X509_sign(out, key_.get(), plain ? nullptr : EVP_sha256()) > 0;
  }

  static absl::StatusOr<std::string> ToPem(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (bio == nullptr || PEM_write_bio_X509(bio.get(), certificate) != 1) {
      return absl::InternalError("OpenSSL could not write the certificate");
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  }

  const CertificatePtr certificate_;
  const KeyPtr key_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CertificateAuthority>> CertificateAuthority::Load(
    absl::string_view certificate_pem, absl::string_view key_pem, absl::Time now) {
  PUHUI_RETURN_IF_ERROR(CheckAuthorities(certificate_pem, now));
  PUHUI_RETURN_IF_ERROR(CheckKeyPair(certificate_pem, key_pem, now));
  std::vector<CertificatePtr> chain = ReadCertificates(certificate_pem);
  return std::make_unique<SigningAuthority>(std::move(chain[0]), ReadPrivateKey(key_pem));
}

}  // namespace puhui::services
