package dev.assay.serve;

import dev.assay.random.Philox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Requests that no well-meaning client sends, by number: the same every time.
final class MalformedRequests {
  private static final List<String> RIGHT =
      List.of(
          "{\"ask\": 1}",
          "{\"best\": 1}",
          "{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": 0.5}}}",
          "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 0.5}}}",
          "{\"tell\": {\"id\": 0, \"failed\": \"why\"}}",
          "{\"tell\": {\"id\": 0, \"pruned\": true}}",
          "{\"hello\": {}}",
          "{\"ask\": {\"count\": 2, \"until\": 50, \"params\": {\"x\": 0.5}}}",
          "{\"tell\": {\"params\": {\"x\": 0.5}, \"values\": {\"loss\": 1},"
              + " \"steps\": [{\"step\": 1, \"values\": {\"loss\": 2}}]}}",
          "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"metrics\": {\"size\": 3},"
              + " \"attributes\": {\"note\": \"?\"}}}",
          "{\"enqueue\": {\"params\": {\"x\": 0.25}}}",
          "{\"cancel\": {\"id\": 0}}",
          "{\"trials\": {\"since\": 0, \"count\": 3}}");

  private static final List<String> ODD =
      List.of(
          "NaN",
          "-Infinity",
          "1e400",
          "-1e-400",
          "9".repeat(2000),
          "1e999999999",
          "0x10",
          "01",
          "1.5",
          "-1",
          "0",
          "true",
          "null",
          "\"1\"",
          "[]",
          "{}",
          "[[[]]]",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "99999999999",
          "2147483648",
          "-2147483649",
          "1E3",
          "\"" + "a".repeat(5000) + "\"");

  private static final List<String> WORDS =
      List.of(
          "ask",
          "tell",
          "report",
          "best",
          "id",
          "step",
          "values",
          "loss",
          "failed",
          "pruned",
          "params",
          "",
          "ASK",
          "__proto__",
          "../../etc/passwd",
          "\\u0000",
          "trials");

  private MalformedRequests() {}

  /// A request without line ends, most often wrong; some happen to be right.
  static byte[] request(long number) {
    var random = new Philox(20_241, number);
    return switch (random.nextInt(10)) {
      case 0 -> truncated(random);
      case 1 -> oddNumber(random);
      case 2 -> wrongType(random);
      case 3 -> nested(random);
      case 4 -> unknownId(random);
      case 5 -> noise(random);
      case 6 -> text(duplicated(random));
      case 7 -> text(value(random, 4));
      case 8 -> mangled(random);
      default ->
          text(
              pick(random, RIGHT)
                  + pick(random, List.of("", " ", "}", ",", " x", pick(random, RIGHT))));
    };
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String pick(RandomGenerator random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static byte[] truncated(RandomGenerator random) {
    var right = pick(random, RIGHT);
    return text(right.substring(0, random.nextInt(right.length())));
  }

  private static byte[] oddNumber(RandomGenerator random) {
    return text(pick(random, RIGHT).replaceAll("[0-9.]+", pick(random, ODD).replace("\\", "\\\\")));
  }

  private static byte[] wrongType(RandomGenerator random) {
    var odd = pick(random, ODD);
    return text(
        switch (random.nextInt(4)) {
          case 0 -> "{\"" + pick(random, WORDS) + "\": " + odd + "}";
          case 1 -> "{\"tell\": {\"id\": 0, \"" + pick(random, WORDS) + "\": " + odd + "}}";
          case 2 -> "{\"report\": {\"id\": 0, \"step\": 1, \"values\": " + odd + "}}";
          default -> odd;
        });
  }

  private static byte[] nested(RandomGenerator random) {
    int depth = 1 + random.nextInt(20_000);
    return text(
        switch (random.nextInt(3)) {
          case 0 -> "[".repeat(depth);
          case 1 -> "{\"ask\":".repeat(depth) + "1" + "}".repeat(depth);
          default -> "[".repeat(depth) + "]".repeat(depth);
        });
  }

  private static byte[] unknownId(RandomGenerator random) {
    return text(
        "{\"tell\": {\"id\": "
            + random.nextLong()
            + ", \"values\": {\"loss\": "
            + random.nextDouble()
            + "}}}");
  }

  private static byte[] noise(RandomGenerator random) {
    var bytes = new ByteArrayOutputStream();
    for (int i = random.nextInt(300); i > 0; i--) {
      int b = random.nextInt(256);
      bytes.write(b == '\n' ? ' ' : b);
    }
    return bytes.toByteArray();
  }

  private static String duplicated(RandomGenerator random) {
    var right = pick(random, RIGHT);
    return right.substring(0, right.length() - 1) + ", " + right.substring(1);
  }

  private static String value(RandomGenerator random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return pick(random, ODD);
    }
    var parts = new StringBuilder();
    boolean object = random.nextBoolean();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts
          .append(object ? "\"" + pick(random, WORDS) + "\":" : "")
          .append(value(random, depth - 1));
      parts.append(i > 0 ? "," : "");
    }
    return object ? "{" + parts + "}" : "[" + parts + "]";
  }

  private static byte[] mangled(RandomGenerator random) {
    var bytes = text(pick(random, RIGHT));
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int b = random.nextInt(256);
      bytes[random.nextInt(bytes.length)] = (byte) (b == '\n' ? '\r' : b);
    }
    return bytes;
  }
}
