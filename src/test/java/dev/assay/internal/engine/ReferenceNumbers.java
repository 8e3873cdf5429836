package dev.assay.internal.engine;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gaussian-process numbers computed independently in high precision.
final class ReferenceNumbers {
  private static final Path SHARED = Path.of("../../shared/reference/gp.json");

  private ReferenceNumbers() {}

  /// All of them; the test is skipped where the file is absent.
  static JsonNode full() {
    Assumptions.assumeTrue(Files.exists(SHARED), SHARED + " is not there");
    return JsonMapper.shared().readTree(SHARED);
  }

  /// A few, always there.
  static JsonNode small() {
    try (InputStream in =
        Objects.requireNonNull(ReferenceNumbers.class.getResourceAsStream("gp-reference.json"))) {
      return JsonMapper.shared().readTree(in.readAllBytes());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  static double[][] rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(ReferenceNumbers::doubles)
        .toArray(double[][]::new);
  }
}
