package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvExportTest {
  @TempDir private Path directory;

  private static void run(Storage storage, int trials) {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(-5, 5))
            .add("n", new IntRange(1, 1000))
            .add("act", Choice.of("re,lu", "ta\"nh", 3, true))
            .build();
    try (var study =
        Study.over(space)
            .named("csv")
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(storage)
            .open()) {
      for (int i = 0; i < trials; i++) {
        var trial = study.ask();
        if (i % 7 == 3) {
          study.tell(trial, new Outcome.Failed(Cause.NO_VALUE, "line one\nline, two"));
        } else {
          study.tell(trial, Outcome.complete(i == 1 ? 1e300 : trial.parameters().code(0) / 3));
        }
      }
    }
  }

  private static void streamedAsWhole(Storage storage) throws IOException {
    var whole = new StringBuilder();
    var streamed = new ByteArrayOutputStream();
    try (var stored = storage.read("csv").orElseThrow()) {
      CsvExport.write(StudyView.of(stored), whole);
      CsvExport.write(stored, new PrintStream(streamed, false, StandardCharsets.UTF_8));
    }
    assertThat(streamed.toString(StandardCharsets.UTF_8)).isEqualTo(whole.toString());
    assertThat(whole.toString()).startsWith("id,state,value_loss,param_x,param_n,param_act,cause");
    assertThat(whole.toString()).contains("\"re,lu\"").contains("\"ta\"\"nh\"");
    assertThat(whole.toString()).contains("\"line one\nline, two\"");
  }

  @Test
  void aStoredStudyIsWrittenAsItIsReadAndTheSame() throws IOException {
    try (var storage = new SqliteStorage(directory.resolve("study.db"))) {
      run(storage, 60);
      streamedAsWhole(storage);
    }
  }

  @Test
  void soIsOneInMemory() throws IOException {
    try (var storage = new InMemoryStorage()) {
      run(storage, 60);
      streamedAsWhole(storage);
    }
  }

  /// As `trials STUDY --format csv | head` closes it.
  @Test
  void whereNobodyReadsOnItEnds() {
    var written = new int[1];
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            written[0]++;
            throw new IOException("Broken pipe");
          }
        };
    try (var storage = new InMemoryStorage()) {
      run(storage, 4000);
      try (var stored = storage.read("csv").orElseThrow()) {
        CsvExport.write(stored, new PrintStream(closed, false, StandardCharsets.UTF_8));
      }
    }
    assertThat(written[0]).isEqualTo(2); // the first piece, and what is left
  }
}
