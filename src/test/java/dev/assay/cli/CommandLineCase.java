package dev.assay.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A command line, what it printed, and a study file.
abstract class CommandLineCase {
  static final String STUDY =
      """
      name: flowers
      objective: {train: softmax, data: iris, cv: 3, fixed: {epochs: 3}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-3, 0.1], log: true}
        optimizer: {choice: {sgd: {momentum: {float: [0, 0.9]}}, adam: {}}}
      budget: {trials: 6}
      batch: 3
      seed: 5
      """;

  @TempDir Path directory;

  final ByteArrayOutputStream out = new ByteArrayOutputStream();

  final ByteArrayOutputStream err = new ByteArrayOutputStream();

  int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("study.yaml"), text);
  }

  String storage() {
    return "sqlite:" + directory.resolve("study.db");
  }

  int tune(Path file, String... more) {
    var args = new ArrayList<>(List.of("tune", file.toString(), "--storage", storage()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
  }

  String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
