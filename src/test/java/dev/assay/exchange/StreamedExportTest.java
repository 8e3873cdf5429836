package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.report.StudyView;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.study.Study;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written as trials are read is what is written of all of them at once.
class StreamedExportTest {
  private static final List<String> TEXTS = List.of("csv", "json");

  @TempDir private Path directory;

  private SqliteStorage storage(int trials) {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("kind", Choice.of("a", "b, c"))
            .build();
    var storage = new SqliteStorage(directory.resolve("study.db"));
    try (var study =
        Study.over(space)
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(storage)
            .openOrCreate()) {
      for (int i = 0; i < trials; i++) {
        var trial = study.ask();
        trial.report(1, i + 0.5);
        if (i == 1) {
          trial.attribute("found", List.of(1.5, "ä"));
        }
        study.tell(
            trial, i == 2 ? Outcome.failed(Cause.ERROR, "a \"bad\"\nend") : Outcome.complete(i));
      }
      study.ask();
    }
    return storage;
  }

  /// A study whose trials cannot be had all at once.
  private static StoredStudy oneByOne(StoredStudy study) {
    return (StoredStudy)
        Proxy.newProxyInstance(
            StreamedExportTest.class.getClassLoader(),
            new Class<?>[] {StoredStudy.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isNotEqualTo("load");
              return method.invoke(study, arguments);
            });
  }

  private static String streamed(StoredStudy study, String format) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      StudyExport.write(study, format, out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void textsAreTheSame() throws IOException {
    try (var storage = storage(5)) {
      var stored = storage.read("s").orElseThrow();
      var view = StudyView.of(stored);
      for (var format : TEXTS) {
        var whole = StudyExport.text(view, format);
        assertThat(streamed(oneByOne(stored), format)).isEqualTo(whole);
        var file = directory.resolve("trials." + format);
        assertThat(StudyExport.write(oneByOne(stored), format, file.toString())).isEqualTo(6);
        assertThat(file).hasContent(whole);
      }
    }
  }

  @Test
  void aStudyWithoutTrialsIsTheSame() {
    try (var storage = new SqliteStorage(directory.resolve("empty.db"))) {
      Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
          .named("s")
          .minimize("loss")
          .sampler(Samplers.random())
          .storage(storage)
          .openOrCreate()
          .close();
      var stored = storage.read("s").orElseThrow();
      for (var format : TEXTS) {
        assertThat(streamed(stored, format))
            .isEqualTo(StudyExport.text(StudyView.of(stored), format));
      }
    }
  }

  @Test
  void optunasFilesAreTheSame() throws IOException {
    try (var storage = storage(5)) {
      var stored = storage.read("s").orElseThrow();
      var whole = directory.resolve("whole.db");
      var streamed = directory.resolve("streamed.db");
      assertThat(StudyExport.write(StudyView.of(stored), "optuna", whole.toString())).isEqualTo(6);
      assertThat(StudyExport.write(oneByOne(stored), "optuna", streamed.toString())).isEqualTo(6);
      assertThat(Files.readAllBytes(streamed)).isEqualTo(Files.readAllBytes(whole));
    }
  }

  /// Takes so many bytes, then nothing any more.
  private static OutputStream closedAfter(int most) {
    return new OutputStream() {
      private int taken;

      @Override
      public void write(int one) throws IOException {
        if (++taken > most) {
          throw new IOException("Broken pipe");
        }
      }
    };
  }

  @Test
  void nothingIsReadForNobody() {
    try (var storage = storage(3000)) {
      var stored = storage.read("s").orElseThrow();
      for (var format : TEXTS) {
        var out = new PrintStream(closedAfter(10), false, StandardCharsets.UTF_8);
        assertThat(StudyExport.write(stored, format, out)).isLessThan(3000);
      }
    }
  }
}
