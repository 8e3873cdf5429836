package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.run.command.TrialWatcher;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.sql.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever becomes of a study file, it is opened or refused with a [Problem], soon. A few hundred
/// here; many with `-Dassay.fuzz=50000`.
class StudyFileFuzzTest {
  private static final int FILES = Integer.getInteger("assay.fuzz", 300);

  /// A file takes milliseconds: one that takes so long hangs.
  private static final int DEADLINE_SECONDS = 60;

  @TempDir Path directory;

  private List<String> originals() throws IOException {
    var texts = new ArrayList<String>();
    try (var sample = StudyFile.class.getResourceAsStream("sample.yaml")) {
      texts.add(new String(sample.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
    try (var files = Files.list(examples())) {
      for (var file : files.sorted().toList()) {
        if (file.toString().endsWith(".yaml")) {
          texts.add(Files.readString(file));
        } else {
          Files.createSymbolicLink(directory.resolve(file.getFileName()), file);
        }
      }
    }
    return texts;
  }

  @AfterEach
  void removeLinks() throws IOException {
    try (var files = Files.list(directory)) {
      for (var link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  /// From the module's directory, or from the checkout's.
  private static Path examples() {
    var beside = Path.of("..", "examples").toAbsolutePath().normalize();
    return Files.isDirectory(beside) ? beside : Path.of("examples").toAbsolutePath();
  }

  /// As far as `tune` goes before the first trial.
  private static void open(Path file) {
    var spec = StudyFile.read(file, List.of());
    var selector = new BackendSelector();
    var backend = selector.trainer("cpu");
    var trials = file.resolveSibling("trials");
    var runner = spec.locate(() -> new Assembly(spec).runner(backend, trials, TrialWatcher.NONE));
    StudyPlace.requireFitting(spec.name());
    try (var storage = Storages.memory()) {
      Beginning.of(spec, storage, runner.describe(), selector.gpEngine("cpu"))
          .openOrCreate()
          .close();
    }
  }

  /// @return `opened`, what the problem is, or what went wrong
  private static String outcome(Path file) throws InterruptedException {
    var done = new CompletableFuture<String>();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                open(file);
                done.complete("opened");
              } catch (Problem problem) {
                done.complete(checked(problem));
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    try {
      return done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      var at = List.of(thread.getStackTrace());
      thread.interrupt();
      return "WRONG: hangs in " + at.stream().limit(5).toList();
    } catch (ExecutionException e) {
      var cause = Objects.requireNonNull(e.getCause());
      var trace = cause.getStackTrace();
      return "WRONG: " + cause + (trace.length == 0 ? "" : " at " + trace[0]);
    }
  }

  private static String checked(Problem problem) {
    boolean whole =
        !problem.what().isBlank() && !problem.value().isBlank() && !problem.mend().isBlank();
    return whole ? problem.what() : "WRONG: a part is missing: " + problem;
  }

  @Test
  void everyFileIsOpenedOrRefused() throws Exception {
    var mutated = new MutatedFiles(originals());
    var file = directory.resolve("study.yaml");
    var wrong = new ArrayList<String>();
    Map<String, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      Files.write(file, mutated.file(i));
      var outcome = outcome(file);
      kinds.merge(outcome, 1, Integer::sum);
      if (outcome.startsWith("WRONG")) {
        wrong.add("file " + i + ": " + outcome);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(kinds).containsKey("opened").hasSizeGreaterThan(20);
  }
}
