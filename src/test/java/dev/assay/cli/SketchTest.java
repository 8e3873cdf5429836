package dev.assay.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.random.Philox;
import dev.assay.report.StudyView;
import dev.assay.report.TrialSelection;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a summary says of a large study is what it says of the study read as a whole.
class SketchTest {
  private static final int TRIALS = 2300;

  /// So many that equal values alone recommend none, and a model would still say what noise hides.
  private static final int SOME = 600;

  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(-5, 5)).add("y", new FloatRange(0, 1)).build();

  @TempDir private Path directory;

  private SqliteStorage study(Direction direction, IntToDoubleFunction values) {
    return study(direction, TRIALS, values, Map.of("auto", "tpe: many trials"), -1);
  }

  /// @param notes of the eighth trial
  /// @param again the trial that tries what the first did; -1: none
  private SqliteStorage study(
      Direction direction,
      int trials,
      IntToDoubleFunction values,
      Map<String, @Nullable Object> notes,
      int again) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(SPACE));
    content.put("objectives", StudyDefinition.objectives(List.of(new Objective("v", direction))));
    var storage = new SqliteStorage(directory.resolve("study.db"));
    try (var log = storage.create(new StudyDefinition("large", content))) {
      log.together(() -> {
        for (int i = 0; i < trials; i++) {
          var random = new Philox(3, i == again ? 0 : i);
          boolean failed = i % 97 == 5;
          var state = failed ? TrialState.FAILED : TrialState.COMPLETE;
          var configuration = SPACE.draw(random);
          var attributes = Map.<String, @Nullable Object>of("directory", "trials/" + i);
          var ended =
              new TrialRecord(
                  i,
                  state,
                  configuration,
                  i == 7 ? notes : Map.of(),
                  List.of(),
                  failed ? List.of() : List.of(values.applyAsDouble(i)),
                  failed ? Cause.NO_VALUE : null,
                  failed ? "nothing was printed" : "",
                  attributes,
                  1_700_000_000_000L + 1000L * i,
                  0.5,
                  0);
          log.begin(ended.running(ended.startedMillis()));
          log.end(ended);
        }
        log.begin(
            new TrialRecord(
                    trials,
                    TrialState.WAITING,
                    SPACE.defaults(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    null,
                    "",
                    Map.of(),
                    0,
                    0,
                    0)
                .running(1_700_000_000_000L));
      });
    }
    return storage;
  }

  private static void saysTheSame(StoredStudy stored, boolean sketched) {
    var sketch = StudyView.sketch(stored);
    var whole = StudyView.of(stored);
    assertThat(sketch.sketch() != null).isEqualTo(sketched);
    assertThat(Summary.lines(sketch)).isEqualTo(Summary.lines(whole));
    assertThat(sketch.best()).isEqualTo(whole.best());
    assertThat(sketch.size()).isEqualTo(whole.size());
    assertThat(sketch.lastMillis()).isEqualTo(whole.lastMillis());
    for (var state : TrialState.values()) {
      assertThat(sketch.count(state)).isEqualTo(whole.count(state));
    }
    if (sketched) {
      assertThat(sketch.trials()).hasSizeLessThan(100);
      assertThat(StudyView.top(stored, 10).trials()).hasSizeLessThan(20);
    }
    hasTheSameTop(stored, whole);
  }

  private static void hasTheSameTop(StoredStudy stored, StudyView whole) {
    for (int most : new int[] {1, 3, 10, 100, TRIALS + 1}) {
      var selection = new TrialSelection(most, null, List.of());
      assertThat(selection.read(stored).trials()).isEqualTo(selection.of(whole).trials());
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void aLargeStudyIsSummedUpAsIfAllOfItWereRead(Direction direction) {
    try (var storage = study(direction, i -> new Philox(9, i).nextGaussian() * 1e-3);
        var stored = storage.read("large").orElseThrow()) {
      saysTheSame(stored, true);
    }
  }

  /// What repetitions that differ, or a model with noise, recommend follows from all trials.
  @ParameterizedTest
  @CsvSource({"-1, matern52, true", "-1, 'matern52-noisy', false", "300, matern52, false"})
  void aStudyWithNothingThatSpeaksOfNoiseIsSummedUp(int again, String theta, boolean sketched) {
    Map<String, @Nullable Object> notes = Map.of("theta", Map.of(theta, List.of(0.1)));
    try (var storage =
            study(Direction.MINIMIZE, SOME, i -> new Philox(9, i).nextGaussian(), notes, again);
        var stored = storage.read("large").orElseThrow()) {
      saysTheSame(stored, sketched);
    }
  }

  /// A list has no recommendation, which needs the trials of a small study.
  @Test
  void aLineOfAListIsThatOfTheWhole() {
    try (var storage = study(Direction.MAXIMIZE, i -> new Philox(9, i).nextGaussian());
        var stored = storage.read("large").orElseThrow()) {
      var line = StudyView.line(stored);
      assertThat(requireNonNull(line.sketch()).trials()).hasSizeLessThan(100);
      assertThat(line.best()).isEqualTo(StudyView.of(stored).best());
    }
  }

  /// What differs in the last digit only, and what is equal.
  @ParameterizedTest
  @EnumSource(Direction.class)
  void theBestIsToldToTheLastDigit(Direction direction) {
    double end = direction == Direction.MINIMIZE ? -0.1 : 0.3;
    try (var storage =
            study(
                direction,
                i ->
                    switch (i) {
                      case 40 -> Math.nextDown(end);
                      case 41, 45 -> end;
                      case 42, 44 -> Math.nextUp(end);
                      case 43 -> Math.nextDown(Math.nextDown(end));
                      default -> 0.1 + i * 1e-6;
                    });
        var stored = storage.read("large").orElseThrow()) {
      saysTheSame(stored, true);
    }
  }

  /// A value that JSON has no number for is none that the engine compares.
  @Test
  void whatDoesNotCompareHasAllRead() {
    try (var storage =
            study(Direction.MINIMIZE, i -> i == 9 ? Double.NEGATIVE_INFINITY : i * 1e-300);
        var stored = storage.read("large").orElseThrow()) {
      saysTheSame(stored, false);
    }
  }

  @Test
  void aPlateauOfAllTrialsIsSummedUpToo() {
    try (var storage = study(Direction.MAXIMIZE, i -> 1e9);
        var stored = storage.read("large").orElseThrow()) {
      var sketch = StudyView.sketch(stored);
      assertThat(Summary.lines(sketch)).isEqualTo(Summary.lines(StudyView.of(stored)));
      hasTheSameTop(stored, StudyView.of(stored));
    }
  }
}
