package org.slipway.repository;

import java.nio.charset.StandardCharsets;

/** The text of {@code meta.conf} and {@code meta}, which tell a client how the catalogue is kept. */
final class Meta {
  private static final String HEAD =
      "{\"version\":2,\"packing_format\":\"tzst\",\"manifests\":\"packagesite.yaml\","
          + "\"data\":\"data\",\"manifests_archive\":\"packagesite\",\"data_archive\":\"data\"";

  private Meta() {}

  static byte[] text(boolean files) {
    String filesite = files ? ",\"filesite\":\"files\",\"filesite_archive\":\"files\"" : "";
    return (HEAD + filesite + "}\n").getBytes(StandardCharsets.US_ASCII);
  }
}
