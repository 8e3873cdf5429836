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
import dev.assay.study.HistorySampler;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every storage keeps to.
public abstract class StorageContract {
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

  @Test
  void factsAreSetAndReplaced() {
    try (var log = storage.create(definition("demo"))) {
      assertThat(log.facts()).isEmpty();
      log.putFact("seconds", Map.of("wall", 1.5, "runs", 2L));
      log.putFact("device", "cpu");
      log.putFact("device", List.of("gpu", 0L));
    }
    storage = reopened(storage);
    assertThat(storage.read("demo").orElseThrow().facts())
        .isEqualTo(
            Map.of("seconds", Map.of("wall", 1.5, "runs", 2L), "device", List.of("gpu", 0L)));
  }

  @Test
  void whoRunsAStudyKeepsItsName() {
    try (var first = storage.create(definition("demo"))) {
      assertThatThrownBy(() -> storage.rename("demo", "old"))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("demo")
          .hasMessageContaining("this process");
      first.begin(running(0, Map.of()));
      assertThat(trials(storage.read("demo").orElseThrow())).hasSize(1);
    }
    storage.rename("demo", "old");
    assertThat(storage.names()).containsExactly("old");
  }

  @Test
  void whatRanWhenItsProcessEndedWaitsAgainOrIsGivenUp() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
    }
    storage = reopened(storage);
    try (var log = storage.open("demo").orElseThrow()) {
      assertThat(log.reclaim(1)).containsExactly(0);
      assertThat(log.reclaim(1)).isEmpty();
      var waiting = trials(log).getFirst();
      assertThat(waiting.state()).isEqualTo(TrialState.WAITING);
      assertThat(waiting.restarts()).isEqualTo(1);
      assertThat(waiting.reports()).isEmpty();
      assertThat(log.begin(waiting.running(5))).isTrue();
    }
    storage = reopened(storage);
    try (var log = storage.open("demo").orElseThrow()) {
      assertThat(log.reclaim(1)).containsExactly(0);
      var lost = trials(log).getFirst();
      assertThat(lost.state()).isEqualTo(TrialState.FAILED);
      assertThat(lost.cause()).isEqualTo(Cause.LOST);
      assertThat(lost.detail()).isEqualTo(TrialRecord.LOST);
    }
  }

  @Test
  void aClosedLogRefusesWrites() {
    var log = storage.create(definition("demo"));
    log.close();
    log.close();
    assertThatThrownBy(() -> log.begin(running(0, Map.of())))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("closed");
    try (var second = storage.open("demo").orElseThrow()) {
      log.close();
      second.begin(running(0, Map.of()));
    }
  }

  @Test
  void renamingFreesTheName() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
    }
    storage.create(definition("other")).close();
    assertThatThrownBy(() -> storage.rename("dema", "x"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"demo\"");
    assertThatThrownBy(() -> storage.rename("demo", "other")).isInstanceOf(Problem.class);
    storage.rename("demo", "archived");
    storage.create(definition("demo")).close();
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("archived", "demo", "other");
    assertThat(trials(storage.read("archived").orElseThrow())).hasSize(1);
    assertThat(storage.read("archived").orElseThrow().definition())
        .isEqualTo(definition("archived"));
    assertThat(trials(storage.read("demo").orElseThrow())).isEmpty();
  }

  @Test
  void aSuccessorTakesAStudysPlaceOrNothingChanges() {
    for (var name : List.of("demo", "next", "taken")) {
      storage.create(definition(name)).close();
    }
    assertThatThrownBy(() -> storage.replace("demo", "taken", "next")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> storage.replace("demo", "old", "nexd")).isInstanceOf(Problem.class);
    assertThat(storage.names()).containsExactly("demo", "next", "taken");
    try (var log = storage.open("next").orElseThrow()) {
      log.begin(running(0, Map.of()));
      assertThatThrownBy(() -> storage.replace("demo", "old", "next")).isInstanceOf(Problem.class);
    }
    assertThat(storage.names()).containsExactly("demo", "next", "taken");
    storage.replace("demo", "old", "next");
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("demo", "old", "taken");
    assertThat(trials(storage.read("demo").orElseThrow())).hasSize(1);
  }

  @Test
  void whatIsDeletedIsGone() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
      log.end(complete(running(0, Map.of()), 1));
      log.putFact("device", "cpu");
      assertThatThrownBy(() -> storage.delete("demo")).isInstanceOf(Problem.class);
    }
    try (var log = storage.create(definition("other"))) {
      log.begin(running(0, Map.of()));
    }
    assertThatThrownBy(() -> storage.delete("dema"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"demo\"");
    storage.delete("demo");
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("other");
    assertThat(trials(storage.read("other").orElseThrow())).hasSize(1);
    try (var log = storage.create(definition("demo"))) {
      assertThat(log.facts()).isEmpty();
      log.begin(running(0, Map.of()));
      assertThat(trials(log)).singleElement().extracting(TrialRecord::reports).asList().isEmpty();
    }
  }

  @Test
  void factsAreSetBesideWhoeverRunsTheStudy() {
    assertThatThrownBy(() -> storage.putFact("demo", "note", "x")).isInstanceOf(Problem.class);
    try (var log = storage.create(definition("demo"))) {
      storage.putFact("demo", "note", "one");
      log.putFact("device", "cpu");
      storage.putFact("demo", "note", "two");
      assertThat(log.facts()).isEqualTo(Map.of("note", "two", "device", "cpu"));
    }
    storage = reopened(storage);
    storage.putFact("demo", "device", "gpu");
    assertThat(storage.read("demo").orElseThrow().facts())
        .isEqualTo(Map.of("note", "two", "device", "gpu"));
  }

  @Test
  void endedTrialsAreDiscardedAndTakenBack() {
    var failed =
        ended(running(2, Map.of()), TrialState.FAILED, List.of(), Cause.ERROR, "why", Map.of());
    var pruned = ended(running(1, Map.of()), TrialState.PRUNED, List.of(), null, "", Map.of());
    try (var log = storage.create(definition("demo"))) {
      for (var trial : List.of(complete(running(0, Map.of()), 1), pruned, failed)) {
        log.begin(running(trial.number(), Map.of()));
        log.end(trial);
      }
      log.begin(running(3, Map.of()));
      for (int number : new int[] {-1, 3, 4}) {
        assertThatThrownBy(() -> storage.discard("demo", number, true)).isInstanceOf(Problem.class);
      }
      assertThatThrownBy(() -> storage.discard("dema", 0, true)).isInstanceOf(Problem.class);
      for (int number = 0; number < 3; number++) {
        storage.discard("demo", number, true);
      }
    }
    storage = reopened(storage);
    var before = trials(storage.read("demo").orElseThrow()).subList(0, 3);
    assertThat(before).extracting(TrialRecord::state).containsOnly(TrialState.DISCARDED);
    assertThat(before.getFirst().values()).containsExactly(1.0);
    for (int number = 0; number < 3; number++) {
      storage.discard("demo", number, false);
    }
    assertThat(trials(storage.read("demo").orElseThrow()).subList(0, 3))
        .extracting(TrialRecord::state)
        .containsExactly(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED);
  }

  @Test
  void studiesDoNotSeeEachOther() {
    try (var a = storage.create(definition("a"));
        var b = storage.create(definition("b"))) {
      a.begin(running(0, Map.of("rate", 2.0)));
      b.begin(running(0, Map.of("rate", 3.0)));
      a.report(0, new Report(1, List.of(0.5)));
      a.putFact("who", "a");
      b.putFact("who", "b");
      b.end(complete(running(0, Map.of("rate", 3.0)), 1));
      assertThat(trials(a)).extracting(TrialRecord::state).containsExactly(TrialState.RUNNING);
      assertThat(trials(b)).extracting(TrialRecord::state).containsExactly(TrialState.COMPLETE);
      assertThat(trials(b).getFirst().reports()).isEmpty();
      assertThat(b.facts()).isEqualTo(Map.of("who", "b"));
    }
  }

  @Test
  void writersAndReadersOfManyThreadsLoseNothing() throws Exception {
    int threads = 4;
    int each = 250;
    var names = List.of("a", "b");
    var logs = names.stream().map(name -> storage.create(definition(name))).toList();
    var done = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (int thread = 0; thread < threads; thread++) {
        int first = thread * each;
        done.add(
            pool.submit(() -> {
              for (int i = first; i < first + each; i++) {
                for (var log : logs) {
                  var trial = running(i, Map.of("rate", 1.0 + i));
                  log.begin(trial);
                  log.report(i, new Report(1, List.of(0.5 * i)));
                  log.end(complete(trial, i));
                }
                if (i % 100 == 0) {
                  for (var seen : trials(storage.read("a").orElseThrow())) {
                    assertThat(seen.configuration().number("rate")).isEqualTo(1.0 + seen.number());
                  }
                }
              }
            }));
      }
    }
    for (var future : done) {
      future.get();
    }
    logs.forEach(log -> log.close());
    for (var name : names) {
      var loaded = reread(name);
      assertThat(loaded).hasSize(threads * each).doesNotHaveDuplicates();
      for (var trial : loaded) {
        assertThat(trial.value()).isEqualTo(trial.number());
        assertThat(trial.reports()).containsExactly(new Report(1, List.of(0.5 * trial.number())));
      }
    }
  }

  @Test
  void trialsOfAnotherSpaceAreRefusedByName() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of("rate", 2.0)));
    }
    var narrower = SearchSpace.builder().add("rate", new FloatRange(0, 1)).build();
    var study = storage.read("demo").orElseThrow();
    assertThatThrownBy(() -> study.load(narrower, _ -> {})).isInstanceOf(Problem.class);
  }

  private StudyBuilder<?> builder() {
    return Study.over(SPACE).named("demo").minimize("loss").sampler(new HistorySampler()).batch(3);
  }

  private List<TrialRecord> run(StudyBuilder<?> builder, int trials) {
    try (var study = builder.openOrCreate()) {
      study.run(
          (_, trial) -> {
            trial.report(1, trial.number());
            trial.attribute("twice", 2L * trial.number());
            return Outcome.complete(Math.sin(trial.number()));
          },
          Budget.trials(trials),
          Workers.of(2));
      return study.trials();
    }
  }

  @Test
  void aResumedStudyGoesOnAsIfNeverInterrupted() {
    var whole = run(builder(), 20);
    run(builder().storage(storage), 7);
    storage = reopened(storage);
    run(builder().storage(storage), 11);
    storage = reopened(storage);
    var parts = run(builder().storage(storage), 20);
    assertThat(parts)
        .extracting(TrialRecord::configuration)
        .isEqualTo(whole.stream().map(TrialRecord::configuration).toList());
    assertThat(parts)
        .extracting(TrialRecord::reports)
        .isEqualTo(whole.stream().map(TrialRecord::reports).toList());
    assertThat(parts)
        .extracting(TrialRecord::attributes)
        .isEqualTo(whole.stream().map(TrialRecord::attributes).toList());
  }

  @Test
  void aStudyOfAnotherDefinitionIsRefused() {
    run(builder().storage(storage), 1);
    assertThatThrownBy(() -> builder().storage(storage).seed(5).openOrCreate())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("seed: 0 in the study, 5 now");
    // Refusing must have closed the study again.
    run(builder().storage(storage), 2);
  }

  @Test
  void whatIsWrittenTogetherIsThereAfterwards() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
      log.together(() -> {
        for (int number = 1; number < 4; number++) {
          log.begin(running(number, Map.of()));
        }
        for (int step = 1; step <= 150; step++) {
          log.report(1 + step % 2, new Report(step, List.of(1.0 / step)));
        }
        log.end(complete(running(1, Map.of()), 0.25));
        log.putFact("fact", "there");
      });
      log.together(() -> {
        log.begin(running(3, Map.of()).interrupted());
        log.begin(running(3, Map.of()));
        log.report(3, new Report(7, List.of(9.0)));
      });
      assertThat(log.facts()).containsEntry("fact", "there");
    }
    var trials = reread("demo");
    assertThat(trials).extracting(TrialRecord::number).containsExactly(1, 0, 2, 3);
    assertThat(trials.getFirst().values()).containsExactly(0.25);
    assertThat(trials).extracting(trial -> trial.reports().size()).containsExactly(75, 1, 75, 1);
    assertThat(trials.get(2).reports().getLast()).isEqualTo(new Report(149, List.of(1.0 / 149)));
  }

  @Test
  void workThatFailsLeavesWhatItWroteTogether() {
    try (var log = storage.create(definition("demo"))) {
      assertThatThrownBy(() ->
              log.together(() -> {
                log.begin(running(0, Map.of()));
                log.report(0, new Report(1, List.of(0.5)));
                throw new IllegalStateException("the work's own");
              }))
          .hasMessage("the work's own");
      log.end(complete(running(0, Map.of()), 0.25));
    }
    var trials = reread("demo");
    assertThat(trials).hasSize(1);
    assertThat(trials.getFirst().reports()).hasSize(1);
  }
}
