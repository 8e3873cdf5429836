package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.assay.problem.Problem;
import dev.assay.process.ProcessIdentity;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Another process holds the file's lock while a study runs.
@Timeout(60)
class BusyStorageTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("study.db");
  }

  private static StudyBuilder<Configuration> study(Path file) {
    return Study.over(SPACE)
        .minimize("loss")
        .sampler(Samplers.random())
        .seed(3)
        .storage(
            new SqliteStorage(new SqliteFile(file, Duration.ofSeconds(1)), SqliteSchema.CURRENT));
  }

  private Connection locked() throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
    SqlDatabase.execute(connection, "BEGIN IMMEDIATE");
    return connection;
  }

  private static void execute(Path file, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      SqlDatabase.execute(connection, sql);
    }
  }

  private List<Path> unsaved() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().contains("-unsaved-")).toList();
    }
  }

  private static Trial<Configuration> next(Study<Configuration> study) throws InterruptedException {
    while (true) {
      if (study.tryAsk(Budget.UNLIMITED) instanceof Asked.Ready<Configuration>(var trial)) {
        return trial;
      }
      study.awaitChange(Duration.ofSeconds(5));
    }
  }

  /// Another process makes the same file, and has a lock at the moment at which this one turns to
  /// the write-ahead log: SQLite refuses that at once.
  @Test
  void theFileThatAnotherProcessMakesIsWaitedFor() throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      var lock = locked();
      var opener = new AtomicReference<Thread>();
      var opened =
          threads.submit(() -> {
            opener.set(Thread.currentThread());
            try (var study = study(file()).open()) {
              return study.ask().number();
            }
          });
      while (!opened.isDone() && !waits(opener.get())) {
        Thread.onSpinWait();
      }
      lock.close();
      assertThat(opened.get()).isZero();
    }
  }

  private static boolean waits(@Nullable Thread thread) {
    return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void whatEndsMeanwhileIsKeptAndSavedAfterwards() throws Exception {
    try (var study = study(file()).open()) {
      var trial = study.ask();
      var other = study.ask();
      try (var _ = locked()) {
        assertThat(trial.report(1, 0.75).prune()).isFalse();
        study.tell(trial, Outcome.complete(0.5));
        study.putFact("note", "kept");
        study.release(other);
        assertThat(study.facts()).containsEntry("note", "kept");
        assertThat(unsaved()).hasSize(1);
      }
      var again = next(study); // once everything is saved
      assertThat(again.number()).isEqualTo(other.number());
      assertThat(unsaved()).isEmpty();
    }
    try (var study = study(file()).openOrCreate()) {
      var stored = study.trials().getFirst();
      assertThat(stored.state()).isEqualTo(TrialState.COMPLETE);
      assertThat(stored.value()).isEqualTo(0.5);
      assertThat(stored.reports()).containsExactly(new Report(1, List.of(0.75)));
      assertThat(study.facts()).containsEntry("note", "kept");
    }
  }

  @Test
  void noTrialBeginsMeanwhileAndTheNextIsTheSame() throws Exception {
    double expected;
    try (var study = study(directory.resolve("other.db")).open()) {
      expected = study.ask().configuration().number("x");
    }
    try (var study = study(file()).open()) {
      try (var _ = locked()) {
        assertThat(study.tryAsk(Budget.UNLIMITED)).isInstanceOf(Asked.Wait.class);
        assertThat(study.tryAsk(Budget.UNLIMITED)).isInstanceOf(Asked.Wait.class);
        var problem = study.storageProblem();
        assertThat(Objects.requireNonNull(problem).what()).contains("locked");
      }
      assertThat(next(study).configuration().number("x")).isEqualTo(expected);
      assertThat(study.storageProblem()).isNull();
    }
  }

  @Test
  void anOutageIsSaidOnceHoweverManyAttemptsFail() throws Exception {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(Outage.class);
    logger.addAppender(said);
    try (var study = study(file()).open();
        var _ = locked()) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThat(study.tryAsk(Budget.UNLIMITED)).isInstanceOf(Asked.Wait.class);
        study.awaitChange(Duration.ofSeconds(5)); // until the next attempt may be made
      }
      assertThat(study.tryAsk(Budget.UNLIMITED)).isInstanceOf(Asked.Wait.class);
      assertThat(said.list).hasSize(1);
    } finally {
      logger.detachAppender(said);
    }
  }

  /// As on a disk that is full: small rows still fit.
  @Test
  void anOutageThatComesAndGoesIsSaidOnce() {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(Outage.class);
    logger.addAppender(said);
    var full = new Problem("The disk is full.", "study.db", "Make room.");
    var broken = new Problem("The disk is broken.", "study.db", "Buy another.");
    try {
      var outage = new Outage();
      for (var problem : List.of(full, full, full, broken)) {
        outage.failed(problem);
        outage.passed();
      }
      assertThat(said.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .satisfiesExactly(
              first -> assertThat(first).contains("is full"),
              second -> assertThat(second).contains("written again"),
              third -> assertThat(third).contains("is broken"),
              fourth -> assertThat(fourth).contains("written again"));
    } finally {
      logger.detachAppender(said);
    }
  }

  @Test
  void aHeartThatFailsForOneReasonIsSaidOnce() {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(SqlLog.class);
    logger.addAppender(said);
    var closed = new Problem("The storage is closed.", "study.db", "Open it again.");
    var other = new Problem("The disk is broken.", "study.db", "Buy another.");
    try (var storage = new SqliteStorage(file());
        var log = storage.create(new StudyDefinition("s", Map.of()))) {
      var pulse = (SqlWorkers.Pulse) log;
      for (var problem : Arrays.asList(closed, closed, other, other, null, other)) {
        pulse.written(problem);
      }
      assertThat(said.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .satisfiesExactly(
              first -> assertThat(first).contains("is closed"),
              second -> assertThat(second).contains("is broken"),
              third -> assertThat(third).contains("is broken"));
    } finally {
      logger.detachAppender(said);
    }
  }

  /// A process that is killed while it waits: what it leaves is copied, before it can go on.
  @Test
  void whoResumesTakesOverWhatAKilledProcessKept() throws Exception {
    var copy = Files.createDirectory(directory.resolve("copy"));
    try (var study = study(file()).open()) {
      var trial = study.ask();
      var lost = study.ask();
      try (var _ = locked()) {
        trial.report(1, 0.75);
        trial.attribute("epochs", 7L);
        study.tell(trial, Outcome.complete(0.5));
        for (var name : List.of("study.db", "study.db-wal", unsaved().getFirst().getFileName())) {
          Files.copy(directory.resolve(name.toString()), copy.resolve(name.toString()));
        }
      }
      assertThat(lost.number()).isEqualTo(1);
    }
    var unsaved = copy.resolve("study.db-unsaved-1-1");
    Files.writeString(
        unsaved, Files.readString(unsaved) + "{\"trial\": 42, \"wor"); // killed as it wrote
    var gone = new ProcessIdentity(1, 1, ProcessIdentity.current().boot());
    execute(copy.resolve("study.db"), "UPDATE worker SET process = '" + gone + "'");
    try (var study = study(copy.resolve("study.db")).openOrCreate()) {
      var stored = study.trials().getFirst();
      assertThat(stored.state()).isEqualTo(TrialState.COMPLETE);
      assertThat(stored.value()).isEqualTo(0.5);
      assertThat(stored.restarts()).isZero();
      assertThat(stored.attributes()).containsEntry("epochs", 7L);
      assertThat(stored.reports()).containsExactly(new Report(1, List.of(0.75)));
      assertThat(study.trials().get(1).state()).isEqualTo(TrialState.WAITING);
      assertThat(unsaved).doesNotExist();
    }
  }

  @Test
  void whatAnotherRunOfATrialLeftIsNotTaken() throws Exception {
    try (var study = study(file()).open()) {
      study.tell(study.ask(), Outcome.complete(0.5));
    }
    var line =
        """
        {"trial":4294967296,"worker":1,"began":17,"columns":{"state":"complete","params":"{}",\
        "values":"[9.0]","seconds":1.0,"ended":5},"reports":[]}
        """;
    Files.writeString(directory.resolve("study.db-unsaved-1-1"), line);
    try (var study = study(file()).openOrCreate()) {
      assertThat(study.trials().getFirst().value()).isEqualTo(0.5);
    }
  }
}
