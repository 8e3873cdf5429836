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
import java.sql.DriverManager;
import java.util.List;
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

  private static String streamed(Storage storage) {
    var out = new ByteArrayOutputStream();
    try (var stored = storage.read("csv").orElseThrow()) {
      CsvExport.write(stored, new PrintStream(out, false, StandardCharsets.UTF_8));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void streamedAsWhole(Storage storage, String start) throws IOException {
    var whole = new StringBuilder();
    try (var stored = storage.read("csv").orElseThrow()) {
      CsvExport.write(StudyView.of(stored), whole);
    }
    assertThat(streamed(storage)).isEqualTo(whole.toString()).startsWith(start);
  }

  private void isWrittenAsItIsRead(Storage storage) throws IOException {
    run(storage, 60);
    streamedAsWhole(storage, "id,state,value_loss,param_x,param_n,param_act,cause");
    assertThat(streamed(storage))
        .contains("\"re,lu\"")
        .contains("\"ta\"\"nh\"")
        .contains("\"line one\nline, two\"");
  }

  @Test
  void aStoredStudyIsWrittenAsItIsReadAndTheSame() throws IOException {
    try (var storage = new SqliteStorage(directory.resolve("study.db"))) {
      isWrittenAsItIsRead(storage);
    }
  }

  /// What stands in a row is taken only where it is what would be printed.
  @Test
  void numbersThatStandOtherwiseInTheStorageAreWrittenAsEver() throws Exception {
    var file = directory.resolve("study.db");
    try (var storage = new SqliteStorage(file)) {
      var space =
          SearchSpace.builder()
              .add("x", new FloatRange(-1e300, 1e300))
              .add("s", new FloatRange(-1, 1, false, 0.1))
              .add("n", new IntRange(-(1L << 53), 1L << 53))
              .add("act", Choice.of("a", 3, 0.5, true, List.of(1, "b"), "c\"d,e"))
              .build();
      try (var study =
          Study.over(space)
              .named("csv")
              .minimize("loss")
              .sampler(Samplers.random())
              .storage(storage)
              .open()) {
        for (int i = 0; i < ODD.length; i++) {
          study.tell(study.ask(), Outcome.complete(0));
        }
      }
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          var update =
              connection.prepareStatement("UPDATE trial SET params = ? WHERE number = ?")) {
        for (int i = 0; i < ODD.length; i++) {
          update.setString(1, ODD[i][0]);
          update.setInt(2, i);
          assertThat(update.executeUpdate()).isEqualTo(1);
        }
      }
      streamedAsWhole(storage, "id,state,value_loss,param_x,param_s,param_n,param_act,");
      var lines = streamed(storage).lines().skip(1).toList();
      for (int i = 0; i < ODD.length; i++) {
        assertThat(lines.get(i)).startsWith(i + ",complete,0.0," + ODD[i][1] + ",,");
      }
    }
  }

  /// Rows, and their cells.
  private static final String[][] ODD = {
    {"{\"x\":0.1,\"s\":0.3,\"n\":7,\"act\":\"a\"}", "0.1,0.3,7,a"},
    {"{\"x\":0.10,\"s\":0.30000000000000004,\"n\":-0,\"act\":3}", "0.1,0.3,0,3"},
    {"{\"x\":1e-5,\"s\":-0.0,\"n\":7.0,\"act\":3.0}", "1.0E-5,0.0,7,3"},
    {"{\"x\":0.00001,\"s\":0,\"n\":12e1,\"act\":0.50}", "1.0E-5,0.0,120,0.5"},
    {
      "{\"x\":1.0E-5,\"s\":1,\"n\":9007199254740991,\"act\":true}",
      "1.0E-5,1.0,9007199254740991,true"
    },
    {"{\"x\":-0.0,\"s\":0.1,\"n\":-3,\"act\":[1,\"b\"]}", "-0.0,0.1,-3,\"[1,\"\"b\"\"]\""},
    {
      "{\"x\":12345678.5,\"s\":0.1,\"n\":0,\"act\":\"c\\\"d,e\"}", "1.23456785E7,0.1,0,\"c\"\"d,e\""
    },
    {"{\"x\":0.30000000000000001,\"s\":0.1,\"n\":1,\"act\":\"a\"}", "0.3,0.1,1,a"},
    {"{\"x\":3,\"s\":0.1,\"n\":1,\"act\":\"a\"}", "3.0,0.1,1,a"},
    {"{\"n\":2,\"x\":0.25, \"act\":\"a\",\"s\":0.1}", "0.25,0.1,2,a"},
  };

  @Test
  void soIsOneInMemory() throws IOException {
    try (var storage = new InMemoryStorage()) {
      isWrittenAsItIsRead(storage);
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
