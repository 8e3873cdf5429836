package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.storage.sql.ForeignDatabase;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Optuna's databases, read and written: nothing is lost on the way.
class OptunaTest {
  /// The first 26 trials are those of the study `mlp`.
  private static final String OF_MLP = " WHERE trial_id <= 26 ORDER BY 1, 2";

  @TempDir Path directory;
  private Path database = Path.of("");

  @BeforeEach
  void make() throws IOException {
    database = Fixtures.optuna(directory.resolve("optuna.db"));
  }

  private StudyView mlp() {
    return Fixtures.stored(
        Fixtures.read(database, "mlp", List.of()), directory.resolve("study.db"), "mlp");
  }

  @Test
  void theSpaceIsThatOfTheDistributionsAndOfWhereTheyWereUsed() {
    var space = mlp().space();
    assertThat(space.isOpen()).isFalse();
    var parameters = space.parameters();
    assertThat(parameters.get(space.requireIndex("lr/α β")).distribution())
        .isEqualTo(FloatRange.log(1e-5, 1));
    assertThat(parameters.get(space.requireIndex("grow")).distribution())
        .as("as wide as the widest that a trial had")
        .isEqualTo(new FloatRange(0, 3));
    assertThat(parameters.get(space.requireIndex("optimizer")).distribution())
        .isEqualTo(new Choice(Arrays.asList("sgd", "adam", null, 1, 2.5, "NaN"), false));
    var momentum = parameters.get(space.requireIndex("momentum"));
    assertThat(momentum.distribution()).isEqualTo(new FloatRange(0, 0.9, false, 0.1));
    assertThat(momentum.condition()).isEqualTo(Condition.when("optimizer", "sgd"));
    var units = parameters.get(space.requireIndex("units_2"));
    assertThat(units.distribution()).isEqualTo(new IntRange(8, 64, false, 8));
    assertThat(units.condition()).isEqualTo(Condition.when("layers", 3L));
    assertThat(parameters.get(space.requireIndex("units_1")).condition())
        .isEqualTo(Condition.when("layers", 2L, 3L));
  }

  @Test
  void statesValuesReportsAttributesAndTimesAreKept() {
    var view = mlp();
    assertThat(view.trials()).hasSize(26);
    assertThat(view.count(TrialState.COMPLETE)).isEqualTo(17);
    assertThat(view.count(TrialState.PRUNED)).isEqualTo(3);
    assertThat(view.count(TrialState.WAITING)).isEqualTo(1);
    var first = view.trials().getFirst();
    assertThat(first.configuration().values())
        .containsEntry("lr/α β", 0.5)
        .containsEntry("layers", 2L)
        .containsEntry("grow", 2.5);
    assertThat(first.value()).isEqualTo(4.886499075633532, within(0.0));
    assertThat(first.reports()).first().isEqualTo(new Report(0, List.of(3.8864990756335316)));
    assertThat(first.attributes())
        .containsEntry("note", "n0")
        .containsEntry("list", Arrays.asList(1L, 2.5, null, java.util.Map.of("a", true)));
    assertThat(first.startedMillis()).isPositive();
    assertThat(first.seconds()).isBetween(1e-4, 10.0);
    var infinite = view.trials().get(9);
    assertThat(infinite.cause()).isEqualTo(Cause.NOT_FINITE);
    assertThat(view.trials().get(4).reports().get(1).values()).containsExactly(Double.NaN);
    assertThat(view.trials().get(24).cause()).as("it was running").isEqualTo(Cause.LOST);
    assertThat(view.trials().get(25).configuration().values())
        .as("waits with what it was enqueued with")
        .containsEntry("lr/α β", 0.25)
        .containsEntry("layers", 1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials",
        "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params",
        "SELECT trial_id, objective, value, value_type FROM trial_values",
        "SELECT trial_id, step, intermediate_value, intermediate_value_type"
            + " FROM trial_intermediate_values",
        "SELECT trial_id, \"key\", value_json FROM trial_user_attributes",
        "SELECT trial_id, \"key\", value_json FROM trial_system_attributes"
      })
  void whatIsTakenBackIsWhatWasBrought(String query) {
    var back = directory.resolve("back.db");
    StudyExport.write(mlp(), "optuna", back.toString());
    var before = Fixtures.rows(database, query + OF_MLP);
    assertThat(before).isNotEmpty();
    assertThat(Fixtures.rows(back, query + OF_MLP)).isEqualTo(before);
  }

  @Test
  void theStudysOwnAttributesAndDirectionsAreKept() {
    var back = directory.resolve("back.db");
    StudyExport.write(mlp(), "optuna", back.toString());
    var user =
        "SELECT \"key\", value_json FROM study_user_attributes WHERE study_id = 1 ORDER BY 1";
    assertThat(Fixtures.rows(back, user)).isEqualTo(Fixtures.rows(database, user)).hasSize(2);
    assertThat(Fixtures.rows(back, "SELECT direction FROM study_directions"))
        .containsExactly("[MINIMIZE]");
    assertThat(Fixtures.rows(back, "SELECT study_name FROM studies")).containsExactly("[mlp]");
  }

  @Test
  void severalObjectivesHaveTheirNames() {
    var two = Fixtures.read(database, "two", List.of());
    assertThat(two.objectives())
        .containsExactly(
            new Objective("loss", Direction.MINIMIZE),
            new Objective("accuracy", Direction.MAXIMIZE));
    var renamed =
        Fixtures.read(
            database,
            "two",
            List.of(
                new Objective("top", Direction.MAXIMIZE),
                new Objective("cost", Direction.MINIMIZE)));
    assertThat(renamed.objectives())
        .extracting(Objective::metric)
        .as("each in the place of its direction")
        .containsExactly("cost", "top");
    var up = List.of(new Objective("value", Direction.MAXIMIZE));
    assertThatThrownBy(() -> Fixtures.read(database, "mlp", up))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("The study has other objectives.");
  }

  @Test
  void aFileWithSeveralStudiesIsAskedAbout() {
    assertThatThrownBy(() -> Fixtures.read(database, null, List.of()))
        .hasMessageContaining("several studies")
        .hasMessageContaining("mlp, two");
    assertThatThrownBy(() -> Fixtures.read(database, "mpl", List.of()))
        .hasMessageContaining("no such study")
        .hasMessageContaining("mlp");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    var bytes = Files.readAllBytes(database);
    var cut = Files.write(directory.resolve("cut.db"), Arrays.copyOf(bytes, bytes.length - 4096));
    assertThatThrownBy(() -> Fixtures.read(cut, "mlp", List.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("The database is damaged");
    var garbled = bytes.clone();
    Arrays.fill(garbled, 8192, 12288, (byte) 0x5a);
    var broken = Files.write(directory.resolve("broken.db"), garbled);
    assertThatThrownBy(() -> Fixtures.read(broken, "mlp", List.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("damaged");
    var head = Files.write(directory.resolve("head.db"), Arrays.copyOf(bytes, 60));
    assertThatThrownBy(() -> Fixtures.read(head, "mlp", List.of())).isInstanceOf(Problem.class);
  }

  @Test
  void databasesOfOthersAndOfOtherVersionsAreRefused() {
    var other = directory.resolve("other.db");
    ForeignDatabase.make(
        other, connection -> connection.createStatement().execute("CREATE TABLE t(a)"));
    assertThatThrownBy(() -> Fixtures.read(other, null, List.of()))
        .hasMessageContaining("none of Optuna's");
    var old = directory.resolve("old.db");
    ForeignDatabase.make(
        old,
        connection -> {
          OptunaTables.make(connection);
          connection.createStatement().execute("INSERT INTO version_info VALUES(1, 9, '0.8.0')");
        });
    assertThatThrownBy(() -> Fixtures.read(old, null, List.of()))
        .hasMessageContaining("another version")
        .hasMessageContaining("optuna storage upgrade");
  }

  @Test
  void aTargetThatExistsIsKept() throws IOException {
    var there = Files.writeString(directory.resolve("there.db"), "mine");
    var view = mlp();
    assertThatThrownBy(() -> StudyExport.write(view, "optuna", there.toString()))
        .hasMessageContaining("exists already");
    assertThat(there).hasContent("mine");
    assertThat(directory.toFile().list()).noneMatch(name -> name.contains("unfinished"));
  }

  @Test
  void aStudyOfThatNameIsKept() {
    var study = Fixtures.read(database, "mlp", List.of());
    var file = directory.resolve("study.db");
    Fixtures.stored(study, file, "mlp");
    assertThatThrownBy(() -> Fixtures.stored(study, file, "mlp"))
        .hasMessageContaining("There is a study of that name already.");
  }
}
