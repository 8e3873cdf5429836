package dev.assay.cli;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds out which options a program takes: of a Python program by reading it, and where that tells
/// nothing, or of any other, by running it with `--help`.
final class ProgramOptions {
  private static final int MOST_BYTES = 1 << 20;

  private final List<String> command;
  private final Duration limit;

  /// @param command the words that start the program
  /// @param limit how long it may take to print its help
  ProgramOptions(List<String> command, Duration limit) {
    this.command = List.copyOf(command);
    this.limit = limit;
  }

  /// @throws Problem for a program that is not there, fails, hangs, or takes no options
  List<ProgramOption> read() {
    for (var word : command) {
      if (word.endsWith(".py")) {
        if (!Files.isRegularFile(Path.of(word))) {
          throw missing(word, null);
        }
        var declared = declared(word);
        if (!declared.isEmpty()) {
          return declared;
        }
      }
    }
    var options = ProgramHelp.read(help());
    if (options.isEmpty()) {
      throw new Problem(
          "The program names no options.",
          String.join(" ", command) + " --help",
          "Let it take its parameters as --name=value; or write the study file by hand: assay"
              + " init.");
    }
    return options;
  }

  private Problem missing(String word, @Nullable Exception cause) {
    return new Problem(
        "There is no such program.",
        word,
        "Check the path, which starts at this directory: --command 'python3 train.py'.",
        cause);
  }

  /// What a Python program declares; empty where it cannot be read so.
  private static List<ProgramOption> declared(String file) {
    try (InputStream script = ProgramOptions.class.getResourceAsStream("options.py")) {
      var text = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
      var ended = run(List.of("python3", "-c", text, file), Duration.ofSeconds(20));
      var options = new ArrayList<ProgramOption>();
      if (Integer.valueOf(0).equals(ended.code())) {
        JsonMapper.shared().readTree(ended.output()).forEach(one -> options.add(option(one)));
      }
      return options;
    } catch (IOException | JacksonException e) { // no Python here, or not one that reads it
      return List.of();
    }
  }

  private static ProgramOption option(JsonNode node) {
    var choices = new ArrayList<Object>();
    node.path("choices").forEach(one -> choices.add(ProgramHelp.value(one.asString())));
    var initial =
        node.path("default").isValueNode() && !node.path("default").isNull()
            ? plain(node.path("default"))
            : null;
    var type = node.path("type").asString("");
    boolean whole = type.matches("int|IntRange|INT") || type.isEmpty() && initial instanceof Long;
    boolean real =
        type.matches("float|FloatRange|FLOAT") || type.isEmpty() && initial instanceof Double;
    boolean single = !node.path("many").asBoolean(false);
    boolean isSwitch = node.path("switch").asBoolean(false) || node.path("default").isBoolean();
    return new ProgramOption(
        node.path("flag").asString().substring(2),
        isSwitch
            ? ProgramOption.Kind.SWITCH
            : whole && single
                ? ProgramOption.Kind.WHOLE
                : real && single ? ProgramOption.Kind.REAL : ProgramOption.Kind.TEXT,
        initial,
        choices,
        node.path("low").isNumber() ? (Number) plain(node.path("low")) : null,
        node.path("high").isNumber() ? (Number) plain(node.path("high")) : null,
        node.path("required").asBoolean(false),
        node.path("help").asString("").replaceAll("\\s+", " ").strip());
  }

  private static Object plain(JsonNode node) {
    return node.isIntegralNumber()
        ? (Object) node.asLong()
        : node.isNumber() ? (Object) node.asDouble() : node.asString();
  }

  private String help() {
    var words = new ArrayList<>(command);
    words.add("--help");
    Ended ended;
    try {
      ended = run(words, limit);
    } catch (IOException e) {
      throw missing(command.getFirst(), e);
    }
    if (ended.code() == null) {
      throw new Problem(
          "The program did not end when it was asked for help.",
          String.join(" ", words) + ", " + Spoken.of(limit),
          "Let it print its options for --help before it does anything else; or write the study"
              + " file by hand: assay init.");
    }
    if (ended.code() != 0) {
      throw new Problem(
          "The program failed when it was asked for help.",
          String.join(" ", words)
              + ": exit code "
              + ended.code()
              + ", "
              + Spoken.cut(ended.output().strip().lines().reduce("", (_, line) -> line), 200),
          "Run that command yourself and mend it; or write the study file by hand: assay init.");
    }
    return ended.output();
  }

  /// @param code null: the time was over
  private record Ended(@Nullable Integer code, String output) {}

  private static Ended run(List<String> words, Duration limit) throws IOException {
    var printed = Files.createTempFile("assay-help", ".txt");
    try {
      var builder =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(printed.toFile());
      builder.environment().put("COLUMNS", "200"); // no line of help is folded in its middle
      builder.environment().put("NO_COLOR", "1");
      var process = builder.start();
      boolean ended;
      try {
        ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        ended = false;
      }
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      try (var in = Files.newInputStream(printed)) {
        var output = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        return new Ended(ended ? (Integer) process.exitValue() : null, output);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(printed);
    }
  }
}
