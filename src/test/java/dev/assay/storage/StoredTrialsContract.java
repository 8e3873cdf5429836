package dev.assay.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every storage keeps to with the trials of one study.
public abstract class StoredTrialsContract {
  public static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-300, 1e300))
          .add("width", new IntRange(-(1L << 53), 1L << 53))
          .add("option", new Choice(Arrays.asList("a", null, true, 16, 0.5, List.of(1, 2)), false))
          .add("only", Choice.of("ünïcödé \"quoted\"\n", "b"), Condition.when("option", "a"))
          .build();

  protected Storage storage;

  /// A new, empty storage.
  protected abstract Storage empty();

  /// The same storage after its process came back; `before` is closed.
  protected abstract Storage reopened(Storage before);

  @BeforeEach
  void makeStorage() {
    storage = empty();
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  public static StudyDefinition definition(String name) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("seed", Long.MAX_VALUE);
    content.put("fraction", 0.1);
    content.put("nothing", null);
    content.put("list", Arrays.asList(1L, "two", false, null, Map.of("deep", 3.5)));
    return new StudyDefinition(name, content);
  }

  public static TrialRecord running(int number, Map<String, ? extends @Nullable Object> values) {
    return new TrialRecord(
        number,
        TrialState.RUNNING,
        SPACE.configuration(values),
        Map.of(),
        List.of(),
        List.of(),
        null,
        "",
        Map.of(),
        1_700_000_000_123L + number,
        0,
        0);
  }

  protected static TrialRecord ended(
      TrialRecord trial,
      TrialState state,
      List<Double> values,
      @Nullable Cause cause,
      String detail,
      Map<String, @Nullable Object> attributes) {
    return new TrialRecord(
        trial.number(),
        state,
        trial.configuration(),
        trial.notes(),
        trial.reports(),
        values,
        cause,
        detail,
        attributes,
        trial.startedMillis(),
        0.1,
        trial.restarts());
  }

  protected static TrialRecord complete(TrialRecord trial, double value) {
    return ended(trial, TrialState.COMPLETE, List.of(value), null, "", Map.of());
  }

  protected static List<TrialRecord> trials(StoredStudy study) {
    var trials = new ArrayList<TrialRecord>();
    study.load(SPACE, trials::add);
    return trials;
  }

  protected List<TrialRecord> reread(String name) {
    storage = reopened(storage);
    return trials(storage.read(name).orElseThrow());
  }

  @Test
  void anEmptyStorageHasNoStudies() {
    assertThat(storage.names()).isEmpty();
    assertThat(storage.open("x")).isEmpty();
    assertThat(storage.read("x")).isEmpty();
  }

  @Test
  void definitionsComeBackAsTheyWere() {
    storage.create(definition("demo")).close();
    storage = reopened(storage);
    assertThat(storage.open("demo").orElseThrow().definition()).isEqualTo(definition("demo"));
    assertThat(storage.read("demo").orElseThrow().definition()).isEqualTo(definition("demo"));
  }

  @Test
  void anyTextIsAName() {
    var names =
        List.of(
            "", " ", "a#b", "a/b\\c", "it's \"so\"; DROP TABLE study", "名前🔥", "a\nb", "A", "%41");
    for (var name : names) {
      storage.create(definition(name)).close();
    }
    storage = reopened(storage);
    assertThat(storage.names()).isEqualTo(names.stream().sorted().toList());
    for (var name : names) {
      assertThat(storage.read(name).orElseThrow().definition().name()).isEqualTo(name);
    }
  }

  @Test
  void aTakenNameIsRefused() {
    storage.create(definition("demo")).close();
    assertThatThrownBy(() -> storage.create(definition("demo")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("already")
        .hasMessageContaining("demo");
  }

  @Test
  void trialsComeBackAsTheyWere() {
    var expected = new ArrayList<TrialRecord>();
    try (var log = storage.create(definition("demo"))) {
      var options = Arrays.asList("a", null, true, 16L, 0.5, List.of(1L, 2L));
      for (int i = 0; i < options.size(); i++) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        values.put("rate", 0.1 * (i + 1));
        values.put("width", (1L << 53) - i);
        values.put("option", options.get(i));
        var trial = running(i, values);
        log.begin(trial);
        expected.add(ended(trial, TrialState.COMPLETE, List.of(i / 3.0, -0.0), null, "", Map.of()));
        log.end(expected.getLast());
      }
      var attributes = new LinkedHashMap<String, @Nullable Object>();
      attributes.put("folds", List.of(0.5, 1L, "x"));
      attributes.put("nothing", null);
      attributes.put("nested", Map.of("a", Map.of("b", true)));
      for (var cause : Cause.values()) {
        var trial = running(expected.size(), Map.of());
        log.begin(trial);
        var detail = "line one\nline \"two\" \u0000 ünï 🔥 " + cause;
        expected.add(ended(trial, TrialState.FAILED, List.of(), cause, detail, attributes));
        log.end(expected.getLast());
      }
      var pruned = running(expected.size(), Map.of());
      log.begin(pruned);
      expected.add(ended(pruned, TrialState.PRUNED, List.of(), null, "", Map.of()));
      log.end(expected.getLast());
      expected.add(running(expected.size(), Map.of()));
      log.begin(expected.getLast());
    }
    assertThat(reread("demo")).isEqualTo(expected);
  }

  @Test
  void everyDoubleComesBackBitByBit() {
    var random = new Philox(7, 0);
    var values = new ArrayList<Double>(List.of(-0.0, 0.0, Double.MIN_VALUE, Double.MAX_VALUE));
    while (values.size() < 2000) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        values.add(value);
      }
    }
    try (var log = storage.create(definition("demo"))) {
      for (int i = 0; i < values.size(); i++) {
        double rate = Math.clamp(Math.abs(values.get(i)), 1e-300, 1e300);
        var trial = running(i, Map.of("rate", rate));
        log.begin(trial);
        log.end(complete(trial, values.get(i)));
      }
    }
    var loaded = reread("demo");
    for (int i = 0; i < values.size(); i++) {
      assertThat(loaded.get(i).value()).isEqualTo(values.get(i));
      double rate = Math.clamp(Math.abs(values.get(i)), 1e-300, 1e300);
      assertThat(loaded.get(i).configuration().get("rate")).isEqualTo(rate);
    }
  }

  @Test
  void notesComeBack() {
    Map<String, @Nullable Object> notes = Map.of("lengths", List.of(0.1, 2.0), "engine", "cpu");
    var trial =
        new TrialRecord(
            0,
            TrialState.WAITING,
            SPACE.defaults(),
            notes,
            List.of(),
            List.of(),
            null,
            "",
            Map.of("kept", 1L),
            0,
            0,
            3);
    try (var log = storage.create(definition("demo"))) {
      log.begin(trial);
    }
    assertThat(reread("demo")).containsExactly(trial);
  }

  @Test
  void reportsComeBackWithTheirTrial() {
    var nan = new Report(1, List.of(Double.NaN, 0.25));
    var infinite = new Report(5, List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    var large = new Report(Long.MAX_VALUE, List.of(0.1, 0.2));
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.begin(running(1, Map.of()));
      log.begin(running(2, Map.of()));
      log.report(2, nan);
      log.report(0, nan);
      log.report(0, infinite);
      log.report(0, large);
      log.end(complete(running(0, Map.of()).withReports(List.of(nan, infinite, large)), 1));
    }
    var loaded = reread("demo");
    assertThat(loaded).extracting(TrialRecord::number).containsExactly(0, 1, 2);
    assertThat(loaded.get(0).reports()).containsExactly(nan, infinite, large);
    assertThat(loaded.get(1).reports()).isEmpty();
    assertThat(loaded.get(2).reports()).containsExactly(nan);
  }

  @Test
  void finishedTrialsComeFirstAndAsTheyEnded() {
    try (var log = storage.create(definition("demo"))) {
      for (int i = 0; i < 6; i++) {
        log.begin(running(i, Map.of()));
      }
      log.end(complete(running(4, Map.of()), 1));
      log.end(complete(running(1, Map.of()), 1));
    }
    storage = reopened(storage);
    try (var log = storage.open("demo").orElseThrow()) {
      log.reclaim(Integer.MAX_VALUE);
      for (int i : new int[] {3, 0}) {
        log.begin(running(i, Map.of()));
        log.end(complete(running(i, Map.of()), 1));
      }
    }
    assertThat(reread("demo")).extracting(TrialRecord::number).containsExactly(4, 1, 3, 0, 2, 5);
  }

  @Test
  void beginningAgainForgetsWhatTheTrialHad() {
    try (var log = storage.create(definition("demo"))) {
      var first = running(0, Map.of());
      log.begin(first);
      log.report(0, new Report(1, List.of(0.5)));
      var second = running(1, Map.of());
      log.begin(second);
      log.report(1, new Report(1, List.of(0.75)));
      log.end(ended(first, TrialState.FAILED, List.of(), Cause.KILLED, "x", Map.of("a", 1L)));
      log.begin(running(0, Map.of("rate", 2.0)));
      log.report(0, new Report(1, List.of(0.25)));
      var loaded = trials(log);
      assertThat(loaded.get(0))
          .isEqualTo(
              running(0, Map.of("rate", 2.0)).withReports(List.of(new Report(1, List.of(0.25)))));
      assertThat(loaded.get(1).reports()).containsExactly(new Report(1, List.of(0.75)));
    }
  }

  @Test
  void onlyTrialsUnderWayEnd() {
    try (var log = storage.create(definition("demo"))) {
      assertThatThrownBy(() -> log.end(complete(running(0, Map.of()), 1)))
          .isInstanceOf(IllegalStateException.class);
      log.begin(running(0, Map.of()));
      log.end(complete(running(0, Map.of()), 1));
      assertThatThrownBy(() -> log.end(complete(running(0, Map.of()), 2)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(trials(log)).singleElement().extracting(TrialRecord::value).isEqualTo(1.0);
    }
  }
}
