package dev.assay.internal.storage.sql;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneLookTest {
  @TempDir private Path directory;

  private SqliteFile study(String name) {
    var path = directory.resolve(name);
    try (var storage = new SqliteStorage(path)) {
      storage.create(new StudyDefinition(name, Map.of())).close();
    }
    return new SqliteFile(path, Duration.ofSeconds(1));
  }

  private static long facts(SqliteFile file) {
    return file.read(connection -> SqlDatabase.number(connection, "SELECT count(*) FROM fact"));
  }

  private static Connection connection(SqliteFile file) {
    return file.read(connection -> connection);
  }

  @Test
  void readsOneFileOnOneConnectionAndLeavesNone() throws Exception {
    var file = study("a");
    var used =
        OneLook.during(() -> {
          var first = connection(file);
          assertThat(connection(file)).isSameAs(first);
          assertThat(first.isClosed()).isFalse();
          return first;
        });
    assertThat(used.isClosed()).isTrue();
    assertThat(connection(file)).isNotSameAs(connection(file));
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file.path()); // nor a log
    }
  }

  @Test
  void whatIsWrittenMeanwhileIsSeen() throws Exception {
    var file = study("a");
    var seen =
        OneLook.during(() -> {
          var counts = new ArrayList<Long>();
          counts.add(facts(file));
          try (var other = new SqliteStorage(file.path())) {
            other.putFact("a", "note", "x");
          }
          counts.add(facts(file));
          return counts;
        });
    assertThat(seen.get(1)).isEqualTo(seen.get(0) + 1);
  }

  /// A disk that is mounted read-only has no room for the files that SQLite makes to read.
  @Test
  void whereNoFileCanBeMadeBesideItAStudyIsReadAllTheSame() throws Exception {
    var file = study("a");
    try (var connection = file.connectForReading(false)) {
      assertThat(SqlDatabase.number(connection, "SELECT count(*) FROM study")).isEqualTo(1);
      try (var there = Files.list(directory)) {
        assertThat(there).containsExactly(file.path());
      }
    }
    try (var other = new SqliteStorage(file.path());
        var log = other.open("a").orElseThrow()) {
      other.putFact("a", "note", "x"); // it stands in the log only
      long facts = facts(file);
      try (var connection = file.connectForReading(false)) {
        assertThat(SqlDatabase.number(connection, "SELECT count(*) FROM fact")).isEqualTo(facts);
      }
      assertThat(log.facts()).containsKey("note");
    }
  }

  @Test
  void keepsTheLastFileOnly() throws Exception {
    var one = study("a");
    var other = study("b");
    OneLook.during(() -> {
      var first = connection(one);
      var second = connection(other);
      assertThat(first.isClosed()).isTrue();
      assertThat(connection(other)).isSameAs(second);
      return 0;
    });
  }

  @Test
  void whatFailsIsClosedAndNotUsedAgain() throws Exception {
    var file = study("a");
    OneLook.during(() -> {
      var first = connection(file);
      assertThatThrownBy(
              () -> file.read(connection -> SqlDatabase.number(connection, "SELECT nothing")))
          .isInstanceOf(Problem.class);
      assertThat(first.isClosed()).isTrue();
      assertThat(facts(file)).isGreaterThanOrEqualTo(0);
      return 0;
    });
  }

  @Test
  void readingWhileReadingHasAConnectionOfItsOwn() throws Exception {
    var file = study("a");
    OneLook.during(() ->
        file.read(outer -> {
          assertThat(connection(file)).isNotSameAs(requireNonNull(outer));
          return 0;
        }));
  }

  /// A database that remembers the connections that were read from.
  private record Watched(SqliteFile file, Set<Connection> used) implements SqlDatabase {
    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
      return file.read(connection -> {
        used.add(connection);
        return work.run(connection);
      });
    }

    @Override
    public SqlDialect dialect() {
      return file.dialect();
    }

    @Override
    public String place() {
      return file.place();
    }

    @Override
    public boolean readsInParallel() {
      return file.readsInParallel();
    }

    @Override
    public boolean mayPass(Problem problem) {
      return file.mayPass(problem);
    }

    @Override
    public Problem problem(SQLException error) {
      return file.problem(error);
    }

    @Override
    public Problem unreadable(String what, Exception error) {
      return file.unreadable(what, error);
    }
  }

  @Test
  void trialAfterTrialIsReadOverOneConnectionOfTwoReadersEach() throws Exception {
    var file = study("a");
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    int trials = 2000; // several ranges
    try (var storage = new SqliteStorage(file.path());
        var log = storage.open("a").orElseThrow()) {
      for (int i = 0; i < trials; i++) {
        log.begin(TrialRecord.waiting(i, new Proposal(space.defaults(), Map.of())).running(1));
      }
    }
    for (int most : new int[] {trials, 10}) {
      var watched = new Watched(file, ConcurrentHashMap.newKeySet());
      var read = new ArrayList<Integer>();
      TrialRows.each(
          watched,
          1,
          space,
          trial -> {
            read.add(trial.number());
            return read.size() < most;
          });
      assertThat(read).hasSize(most);
      assertThat(watched.used()).hasSizeLessThanOrEqualTo(3); // the first counted
      for (var connection : watched.used()) {
        assertThat(connection.isClosed()).isTrue();
      }
    }
  }
}
