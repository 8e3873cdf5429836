package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import dev.assay.storage.StudyDefinition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are not what the storage expects: each is named, and none is changed.
class SqliteFileTest {
  @TempDir Path directory;

  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = directory.resolve("study.db");
  }

  private Problem problem() {
    return catchThrowableOfType(
        Problem.class,
        () -> {
          try (var storage = new SqliteStorage(file)) {
            storage.open("study");
          }
        });
  }

  private void assertRefused(String what, String mend) throws IOException {
    var before = Files.readAllBytes(file);
    var problem = problem();
    assertThat(problem).isNotNull();
    assertThat(problem.what()).contains(what);
    assertThat(problem.value()).contains("study.db");
    assertThat(problem.mend()).contains(mend);
    assertThat(file).hasBinaryContent(before);
  }

  private void makeStudy() {
    try (var storage = new SqliteStorage(file)) {
      storage.create(new StudyDefinition("study", Map.of("seed", 1L))).close();
    }
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private int version() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA user_version")) {
      return rows.getInt(1);
    }
  }

  @Test
  void aFileThatIsNoDatabase() throws IOException {
    Files.writeString(
        file, "Notes on last night's run, which are no database at all.\n".repeat(99));
    assertRefused("no SQLite database", "another path");
  }

  @Test
  void aFileThatWasCutShort() throws IOException {
    makeStudy();
    try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(5000);
    }
    assertRefused("damaged", "recover");
  }

  @Test
  void aFileWhoseLastPageWasCutShort() throws IOException {
    makeStudy();
    long whole = Files.size(file);
    try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(whole - 1000); // which SQLite does not notice
    }
    assertRefused("end is missing", "recover");
    try (var storage = new SqliteStorage(file)) {
      var problem = catchThrowableOfType(Problem.class, storage::names);
      assertThat(problem.value()).contains((whole - 1000) + " of " + whole + " bytes");
    }
  }

  @Test
  void anEmptyFileHoldsNoStudyAndStaysEmptyForReaders() throws IOException {
    Files.createFile(file);
    try (var storage = new SqliteStorage(file)) {
      assertThat(storage.names()).isEmpty();
      assertThat(storage.read("study")).isEmpty();
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void aDefinitionThatIsNoJson() throws Exception {
    for (var text : List.of("{\"seed\": ", "[1]", "", "null")) {
      makeStudy();
      execute("UPDATE study SET definition = '" + text + "'");
      for (boolean open : List.of(true, false)) {
        var problem =
            catchThrowableOfType(
                Problem.class,
                () -> {
                  try (var storage = new SqliteStorage(file)) {
                    var _ = open ? storage.open("study") : storage.read("study");
                  }
                });
        assertThat(problem).as(text).isNotNull();
        assertThat(problem.value()).contains("study.db").contains("definition of study");
      }
      Files.delete(file);
    }
  }

  @Test
  void aFactThatIsNoJson() throws Exception {
    makeStudy();
    execute("INSERT INTO fact(study, key, value) VALUES(1, 'overhead', '{')");
    try (var storage = new SqliteStorage(file)) {
      var study = storage.read("study").orElseThrow();
      var problem = catchThrowableOfType(Problem.class, study::facts);
      assertThat(problem.value()).contains("fact \"overhead\"");
    }
  }

  @Test
  void whoReadsMakesNoFileWhereOneWas() throws IOException {
    makeStudy();
    try (var storage = new SqliteStorage(file)) {
      var study = storage.read("study").orElseThrow();
      Files.delete(file);
      var problem = catchThrowableOfType(Problem.class, study::facts);
      assertThat(problem.what()).contains("not there any more");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void theLogOfASmallDatabaseStaysSmall() throws IOException {
    try (var storage = new SqliteStorage(file);
        var log = storage.create(new StudyDefinition("study", Map.of()))) {
      var largest = 0L;
      for (int i = 0; i < 3000; i++) {
        log.putFact("key" + i % 10, i);
        largest = Math.max(largest, Files.size(directory.resolve("study.db-wal")));
      }
      assertThat(largest).isLessThan(3 << 20);
    }
  }

  @Test
  void aDatabaseOfAnotherProgram() throws Exception {
    execute("CREATE TABLE songs(title TEXT)", "PRAGMA application_id = 7");
    assertRefused("another program", "another path");
  }

  @Test
  void aDatabaseOfANewerVersion() throws Exception {
    makeStudy();
    execute("PRAGMA user_version = 99");
    assertRefused("newer version", "that version");
  }

  @Test
  void aDatabaseOfAnOlderVersionIsBroughtUpToDate() throws Exception {
    makeStudy();
    var steps = new ArrayList<>(SqliteSchema.CURRENT.steps());
    steps.add(List.of("ALTER TABLE study ADD COLUMN remark TEXT"));
    try (var storage =
        new SqliteStorage(new SqliteFile(file, Duration.ZERO), new SqliteSchema(steps))) {
      assertThat(storage.names()).containsExactly("study");
      assertThat(storage.read("study").orElseThrow().definition().content())
          .containsEntry("seed", 1L);
    }
    assertThat(version()).isEqualTo(steps.size());
    execute("UPDATE study SET remark = 'kept'");
  }

  @Test
  void anUpdateThatFailsChangesNothing() throws Exception {
    makeStudy();
    int before = version();
    var steps = new ArrayList<>(SqliteSchema.CURRENT.steps());
    steps.add(List.of("ALTER TABLE study ADD COLUMN remark TEXT", "this is not SQL"));
    var failed =
        catchThrowableOfType(
            Problem.class,
            () -> {
              try (var storage =
                  new SqliteStorage(new SqliteFile(file, Duration.ZERO), new SqliteSchema(steps))) {
                storage.names();
              }
            });
    assertThat(failed).isNotNull();
    assertThat(version()).isEqualTo(before);
    try (var storage = new SqliteStorage(file)) {
      assertThat(storage.names()).containsExactly("study");
    }
  }
}
