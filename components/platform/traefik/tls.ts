/** TLS options that hold for every host: one set, so that no host can be reached with the options of another. */
export function tlsOptions(clientCaFile?: string): object {
  return {
    minVersion: "VersionTLS12",
    // For 1.2 only those with forward secrecy and authenticated encryption; 1.3 has no others.
    cipherSuites: [
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ],
    ...(clientCaFile !== undefined && {
      clientAuth: { caFiles: [clientCaFile], clientAuthType: "RequireAndVerifyClientCert" },
    }),
  };
}
