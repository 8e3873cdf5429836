package dev.assay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program that times one workload in a process of its own, with one thread for arithmetic. Its
/// last line is a JSON object with `seconds` for each trial, and more as it likes.
final class PeerProcess {
  /// What a program ends with when its tool is not installed.
  private static final int MISSING = 3;

  /// What a program said; without a document, why it said nothing of use.
  record Answer(@Nullable JsonNode document, String failure) {
    private static Answer failed(String why) {
      return new Answer(null, why);
    }
  }

  private PeerProcess() {}

  /// Waits for the program. It is ended, with whatever it started, when it takes too long, and when
  /// this process ends before it.
  static Answer run(List<String> command, Duration longest) throws InterruptedException {
    try {
      var errors = Files.createTempFile("assay-peer", ".txt");
      var output = Files.createTempFile("assay-peer", ".json");
      try {
        var builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        var process =
            builder.redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
        if (!ends(process, longest)) {
          return Answer.failed("took more than " + longest.toSeconds() + " s, and was ended");
        }
        return answer(process.exitValue(), lastLine(output), lastLine(errors));
      } finally {
        Files.delete(errors);
        Files.delete(output);
      }
    } catch (IOException e) {
      return Answer.failed("not started: " + e.getMessage());
    }
  }

  private static boolean ends(Process process, Duration longest) throws InterruptedException {
    try (var _ = new OnExit(() -> kill(process))) {
      boolean ended = process.waitFor(longest.toNanos(), TimeUnit.NANOSECONDS);
      kill(process);
      process.waitFor();
      return ended;
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Answer answer(int exit, String output, String errors) {
    if (exit == MISSING) {
      return Answer.failed("not installed: " + errors);
    }
    if (exit != 0) {
      return Answer.failed("crashed with " + exit + ": " + errors);
    }
    JsonNode document;
    try {
      document = JsonMapper.shared().readTree(output);
    } catch (JacksonException e) {
      return Answer.failed("said no result: " + shortened(output));
    }
    double seconds = document.path("seconds").asDouble(Double.NaN);
    return seconds > 0 && seconds < Double.POSITIVE_INFINITY
        ? new Answer(document, "")
        : Answer.failed("said no result: " + shortened(output));
  }

  /// Whatever bytes a program wrote.
  private static String lastLine(Path file) throws IOException {
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.strip().lines().reduce("", (_, line) -> line);
  }

  private static String shortened(String line) {
    return line.isEmpty() ? "nothing" : line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }
}
