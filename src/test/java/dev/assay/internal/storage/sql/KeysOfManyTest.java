package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What trials' attributes and notes are called in a study whose halves are looked at beside each
/// other.
class KeysOfManyTest {
  private static final int TRIALS = 10_010;
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("study.db");
  }

  private StoredStudy.TrialKeys keys() {
    try (var storage = new SqliteStorage(file())) {
      return storage.read("s").orElseThrow().keys(SPACE);
    }
  }

  private void write() {
    var definition =
        new StudyDefinition(
            "s",
            Map.of(
                "space",
                SpaceDescription.of(SPACE),
                "objectives",
                StudyDefinition.objectives(List.of(Objective.minimize("loss")))));
    try (var storage = new SqliteStorage(file());
        var log = storage.create(definition)) {
      log.together(() -> {
        for (int number = 0; number < TRIALS; number++) {
          log.begin(
              new TrialRecord(
                  number,
                  TrialState.RUNNING,
                  SPACE.fromCodes(new double[] {0.5}),
                  number == TRIALS - 1 ? Map.of("late", 1L) : Map.of(),
                  List.of(),
                  List.of(),
                  null,
                  "",
                  attributes(number),
                  1,
                  0,
                  0));
        }
      });
    }
  }

  private static Map<String, @Nullable Object> attributes(int number) {
    return switch (number) {
      case 7 -> Map.of("first", 1L);
      case 4000 -> Map.of("second", 1L);
      case 6000 -> Map.of("third", 1L);
      case 9000 -> Map.of("first", 2L);
      case TRIALS - 1 -> Map.of("last", 1L);
      default -> Map.of();
    };
  }

  @Test
  void theyAreThereInTheOrderInWhichTrialsHaveThem() {
    write();
    var keys = keys();
    assertThat(keys.attributes()).containsExactly("first", "second", "third", "last");
    assertThat(keys.notes()).containsExactly("late");
  }

  @Test
  void aTrialThatCannotBeReadIsNamedWhereverItIs() throws Exception {
    write();
    for (int number : List.of(7, 9000)) {
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
          var statement = connection.createStatement()) {
        statement.executeUpdate("UPDATE trial SET attributes = '{' WHERE number = " + number);
      }
      assertThatThrownBy(this::keys)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("trial " + number);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
          var statement = connection.createStatement()) {
        statement.executeUpdate("UPDATE trial SET attributes = NULL WHERE number = " + number);
      }
    }
  }
}
