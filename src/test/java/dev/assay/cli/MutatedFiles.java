package dev.assay.cli;

import dev.assay.random.Philox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Study files that something went wrong with, by number: the same every time.
record MutatedFiles(List<String> originals) {
  private static final List<String> ODD =
      List.of(
          "NaN",
          ".nan",
          "-.inf",
          "1e400",
          "-1e-400",
          "9".repeat(400),
          "0x10",
          "1e999999999",
          "-1",
          "0",
          "1.5",
          "true",
          "null",
          "~",
          "''",
          "[]",
          "{}",
          "[[[]]]",
          "\"\\ud800\"",
          "\"\\0\"",
          "99999999999",
          "2147483648",
          "9223372036854775808",
          "1_000",
          "0,5",
          "1e3",
          "5s",
          "1h",
          "0s",
          "[0, 1]",
          "[1, 0]",
          "[1]",
          "[0, 0]",
          "{float: [0, 1]}",
          "{int: [1, 1e9]}",
          "{x: 1}",
          "a b",
          "../..",
          "/dev/null",
          "/",
          "a".repeat(300),
          "*a",
          "&a 1",
          "!!int x",
          "%41",
          "x # y",
          "gp",
          "random",
          "median",
          "asha",
          "auto",
          "maximize",
          "nan",
          "é名",
          "(?:a|b|ab)*",
          "(",
          "x < 1",
          "min(1",
          "log2(x)",
          "50%",
          "4GB",
          "{regex: '('}",
          "[sh, -c, x]");

  private static final List<String> WORDS =
      List.of(
          "name",
          "space",
          "budget",
          "trials",
          "time",
          "sampler",
          "pruner",
          "objective",
          "train",
          "command",
          "table",
          "function",
          "value",
          "minimize",
          "maximize",
          "float",
          "int",
          "choice",
          "log",
          "step",
          "default",
          "when",
          "constraints",
          "subject_to",
          "seed",
          "parallel",
          "schedule",
          "batch",
          "fixed",
          "data",
          "label",
          "groups",
          "folds",
          "validation",
          "env",
          "cwd",
          "timeout",
          "grace",
          "gpus",
          "resources",
          "storage",
          "warm_start",
          "enqueue",
          "stop",
          "refit",
          "keep");

  private static final String SIGNS = ":-[]{},#&*!|>'\"%@`?\t \n\0\uFEFF\u2028/\\0123456789.eE+_~é";

  /// One to four mutations of one of the originals.
  byte[] file(long number) {
    var random = new Philox(17_500, number);
    var text = pick(random, originals);
    for (int i = random.nextInt(4); i >= 0; i--) {
      text = mutated(text, random);
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(50) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String pick(RandomGenerator random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static String mutated(String text, RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> text.substring(0, random.nextInt(text.length() + 1));
      case 1, 2, 3 -> oddValue(text, random);
      case 4 -> replaced(text, random, "[A-Za-z_]+(?=:)", pick(random, WORDS));
      case 5 -> replaced(text, random, "[0-9.]+", pick(random, ODD));
      case 6 -> sign(text, random);
      case 7 -> lines(text, random);
      case 8 -> nested(text, random);
      default -> replaced(text, random, "\\S+", pick(random, ODD));
    };
  }

  /// Replaces one of the places that a pattern finds.
  private static String replaced(String text, RandomGenerator random, String pattern, String by) {
    var found = java.util.regex.Pattern.compile(pattern).matcher(text).results().toList();
    if (found.isEmpty()) {
      return text + by;
    }
    var place = found.get(random.nextInt(found.size()));
    return text.substring(0, place.start()) + by + text.substring(place.end());
  }

  private static String oddValue(String text, RandomGenerator random) {
    return replaced(text, random, "(?<=: )[^\\n]+", pick(random, ODD));
  }

  private static String sign(String text, RandomGenerator random) {
    int at = random.nextInt(text.length() + 1);
    int skipped = Math.min(random.nextInt(3), text.length() - at);
    var sign = SIGNS.charAt(random.nextInt(SIGNS.length()));
    return text.substring(0, at)
        + String.valueOf(sign).repeat(1 + random.nextInt(3))
        + text.substring(at + skipped);
  }

  private static String lines(String text, RandomGenerator random) {
    var lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int from = random.nextInt(lines.size());
    int to = random.nextInt(lines.size());
    switch (random.nextInt(4)) {
      case 0 -> lines.remove(from);
      case 1 -> lines.add(to, lines.get(from));
      case 2 -> lines.set(to, " ".repeat(random.nextInt(4)) + lines.get(from).strip());
      default -> lines.set(from, " " + lines.get(from));
    }
    return String.join("\n", lines);
  }

  private static String nested(String text, RandomGenerator random) {
    int depth = 1 << random.nextInt(14);
    var sign = pick(random, List.of("[", "{a: ", "(", "- ", "not ", "-", "abs(", "x+"));
    return replaced(text, random, "(?<=: )[^\\n]+", sign.repeat(depth) + "1");
  }
}
