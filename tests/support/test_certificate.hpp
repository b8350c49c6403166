// SPDX-License-Identifier: MIT
#pragma once

namespace parlor::test {

/// A certificate for localhost until 2126, and its key, which guards nothing.
inline constexpr auto certificate_pem = R"(-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUcO8e+Kvg4cUFEOuzIrbb/pwH4yswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTExNDg0MVoYDzIxMjYxMDI4
MTE0ODQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARTp6Rvc3K8mvLrGsmzpDWQqComem1HG+BQH/seOOEN37u5wWIFiK2P
+UjOC0u6rOZ6aOUGay/uRJgT0/KAdwyho1MwUTAdBgNVHQ4EFgQUKLR2o58KaR2J
itM3DBydkO79WL0wHwYDVR0jBBgwFoAUKLR2o58KaR2JitM3DBydkO79WL0wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA2vorcigZmDR7/buF2VGx7
+p7yIjyEJbaGjqzqe6tIfAIhAJloGqq63TCW/EF75VmqTB5uZIfCi2Bqj1lvOmDd
YJAM
-----END CERTIFICATE-----
)";

inline constexpr auto certificate_key_pem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkI4SY9wdGVfevyZA
qJOCf/x77BC8sTDpz9pvhpXdlsWhRANCAARTp6Rvc3K8mvLrGsmzpDWQqComem1H
G+BQH/seOOEN37u5wWIFiK2P+UjOC0u6rOZ6aOUGay/uRJgT0/KAdwyh
-----END PRIVATE KEY-----
)";

} // namespace parlor::test
