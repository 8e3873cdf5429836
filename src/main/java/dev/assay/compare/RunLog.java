package dev.assay.compare;

import dev.assay.files.OwnerOnly;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Finished runs on disk, one JSON line each, so that a comparison goes on after any interruption.
///
/// A line that a crash cut short is dropped when the file is opened. One process at a time.
/// Thread-safe.
public final class RunLog implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private record Key(String problem, String sampler, long seed) {}

  private final Path file;

  /// Not written through its channel, which an interrupted thread would close.
  private final RandomAccessFile opened;

  private final Map<Key, FinishedRun> runs = new HashMap<>();

  private RunLog(Path file, RandomAccessFile opened) {
    this.file = file;
    this.opened = opened;
  }

  /// Opens the file, or begins it.
  ///
  /// @throws Problem when it cannot be read or written, or another process has it open
  public static RunLog open(Path file) {
    try {
      var directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        OwnerOnly.directories(directory);
      }
      var log = new RunLog(file, new RandomAccessFile(OwnerOnly.file(file).toFile(), "rw"));
      log.lock();
      log.load();
      return log;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Problem unusable(Path file, IOException e) {
    return new Problem(
        "The finished runs cannot be kept.", file + ": " + e, "Choose another --out.", e);
  }

  private void lock() throws IOException {
    boolean held;
    try {
      held = opened.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException e) {
      held = false;
    }
    if (!held) {
      opened.close();
      throw new Problem(
          "Another comparison is writing there.",
          file.toString(),
          "Wait for it, or give this one another --out.");
    }
  }

  private void load() throws IOException {
    var bytes = Files.readAllBytes(file);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        remember(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    opened.setLength(start);
    opened.seek(start);
  }

  private void remember(String line) {
    try {
      remember(JSON.readValue(line, FinishedRun.class));
    } catch (JacksonException e) {
      throw new Problem(
          "The file of finished runs has a line that is none.",
          file + ": " + Spoken.cut(line, 61),
          "Remove the line, or give another --out.",
          e);
    }
  }

  private void remember(FinishedRun run) {
    runs.put(new Key(run.problem(), run.sampler(), run.seed()), run);
  }

  /// The run, if it is there and was run like this.
  public synchronized @Nullable FinishedRun find(
      String problem, String sampler, long seed, String fingerprint) {
    var run = runs.get(new Key(problem, sampler, seed));
    return run != null && run.fingerprint().equals(fingerprint) ? run : null;
  }

  /// Keeps a run; when the call returns the operating system has it.
  public synchronized void add(FinishedRun run) {
    try {
      opened.write((JSON.writeValueAsString(run) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unusable(file, e);
    }
    remember(run);
  }

  @Override
  public synchronized void close() {
    try {
      opened.close();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }
}
