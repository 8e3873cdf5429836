package dev.assay.compare;

import dev.assay.files.Contents;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A few digits of JSON values, the same in every process: `Map.of` has another order in each.
final class Fingerprint {
  private static final int DIGITS = 12;

  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Fingerprint() {}

  /// The first digits of the SHA-256 of the values as JSON, the keys of maps in order.
  static String of(Object values) {
    var bytes = SORTED.writeValueAsString(values).getBytes(StandardCharsets.UTF_8);
    return Contents.sha256(bytes).substring(0, DIGITS);
  }
}
