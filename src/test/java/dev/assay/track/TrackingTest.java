package dev.assay.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A study that is logged: all of it, once, and never at its own cost.
class TrackingTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private final Storage storage = Storages.memory();

  private static Outcome objective(Configuration x, dev.assay.study.Trial<Configuration> trial) {
    trial.report(1, x.number("x"));
    return trial.number() % 4 == 3
        ? Outcome.failed(Cause.ERROR, "no luck")
        : Outcome.complete(x.number("x"));
  }

  /// Runs the study up to so many trials, logged.
  private void run(Supplier<Tracker> tracker, int trials, int capacity, Duration patience) {
    run(tracker, trials, capacity, patience, () -> {});
  }

  private void run(
      Supplier<Tracker> tracker, int trials, int capacity, Duration patience, Runnable atEnd) {
    var tracking = new Tracking(tracker, notes::add, capacity, patience);
    try (var study =
            Study.over(SPACE)
                .named("logged")
                .storage(storage)
                .minimize("loss")
                .sampler(Samplers.random())
                .listener(tracking)
                .openOrCreate();
        tracking) {
      tracking.begin(new TrackedStudy("logged", "id-1", SPACE, study.objectives()), study::trials);
      study.run(TrackingTest::objective, Budget.trials(trials));
      atEnd.run();
    }
  }

  private List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }

  private static List<Integer> ends(List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> line.path("event").asString("").equals("end"))
        .map(line -> line.path("trial").asInt())
        .toList();
  }

  @Test
  void everyEventIsALine() throws IOException {
    var file = directory.resolve("log/trials.jsonl");
    run(() -> new JsonLines(file), 4, 100, LONG);
    var lines = lines(file);
    assertThat(ends(lines)).containsExactly(0, 1, 2, 3);
    var last = lines.getLast();
    assertThat(last.path("study").asString("")).isEqualTo("logged");
    assertThat(last.path("state").asString("")).isEqualTo("failed");
    assertThat(last.path("cause").asString("")).isEqualTo("error");
    assertThat(last.path("detail").asString("")).isEqualTo("no luck");
    assertThat(last.at("/steps/0/step").asInt()).isEqualTo(1);
    assertThat(last.at("/steps/0/values/loss").asDouble())
        .isEqualTo(last.at("/params/x").asDouble());
    assertThat(notes).isEmpty();
  }

  @Test
  void aResumedStudyLogsNoTrialTwice() throws IOException {
    var file = directory.resolve("trials.jsonl");
    run(() -> new JsonLines(file), 3, 100, LONG);
    Files.writeString(file, Files.readString(file) + "{\"event\": \"end\", \"tri");
    run(() -> new JsonLines(file), 6, 100, LONG);
    assertThat(ends(lines(file))).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void whatWasNotLoggedBeforeIsLoggedWhenItIsResumed() throws IOException {
    var blocked = Files.writeString(directory.resolve("file"), "");
    var impossible = blocked.resolve("trials.jsonl");
    run(() -> new JsonLines(impossible), 3, 100, Duration.ofSeconds(30));
    assertThat(notes).hasSize(2);
    assertThat(notes.getFirst()).contains("does not work").contains("The study goes on");
    assertThat(notes.getLast()).contains("3 trials are not logged");
    var file = directory.resolve("trials.jsonl");
    run(() -> new JsonLines(file), 4, 100, LONG);
    assertThat(ends(lines(file))).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  /// A tracker that remembers, and hangs or fails when it is told to.
  private static final class Remembering implements Tracker {
    final Set<Integer> ended = Collections.synchronizedSet(new HashSet<>());
    final CountDownLatch released;
    int failures;

    Remembering(CountDownLatch released, int failures) {
      this.released = released;
      this.failures = failures;
    }

    @Override
    public String place() {
      return "memory";
    }

    @Override
    public Set<Integer> open(TrackedStudy study) {
      return Set.copyOf(ended);
    }

    private void work() throws IOException {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (failures-- > 0) {
        throw new IOException("out of order");
      }
    }

    @Override
    public void started(TrialRecord trial) throws IOException {
      work();
    }

    @Override
    public void reported(int trial, Report report) throws IOException {
      work();
    }

    @Override
    public void ended(TrialRecord trial) throws IOException {
      work();
      assertThat(ended.add(trial.number())).as("logged twice: " + trial.number()).isTrue();
    }

    @Override
    public void close() {}
  }

  @Test
  void whatDoesNotFitIntoTheQueueIsLoggedInTheEnd() {
    var released = new CountDownLatch(1);
    var tracker = new Remembering(released, 0);
    run(() -> tracker, 50, 3, LONG, released::countDown);
    assertThat(tracker.ended).hasSize(50);
    assertThat(notes).isEmpty();
  }

  @Test
  void aTrackerThatHangsNeitherStopsTheStudyNorItsEnd() {
    var never = new CountDownLatch(1);
    var tracker = new Remembering(never, 0);
    run(() -> tracker, 20, 3, Duration.ZERO);
    assertThat(tracker.ended).isEmpty();
    // Nobody waits, so the tracker's thread may not even have opened it.
    assertThat(notes)
        .singleElement(STRING)
        .matches(
            "20 trials are not logged to (memory|a tracker that was not reached yet):"
                + " the same command does it once that works\\.");
  }

  @Test
  void aTrackerThatFailsIsTriedAgainAtTheEndAndMentionedOnce() {
    var released = new CountDownLatch(0);
    var tracker = new Remembering(released, 1);
    run(() -> tracker, 5, 100, LONG);
    assertThat(tracker.ended).hasSize(5);
    assertThat(notes).hasSize(1).first().asString().contains("out of order");
  }

  @Test
  void aTrackerThatFailsForGoodCostsTheStudyNothing() {
    var tracker = new Remembering(new CountDownLatch(0), Integer.MAX_VALUE);
    run(() -> tracker, 5, 100, LONG);
    try (var study = storage.read("logged").orElseThrow()) {
      var trials = new ArrayList<TrialRecord>();
      study.load(SPACE, trials::add);
      assertThat(trials).hasSize(5);
    }
    assertThat(notes).hasSize(2);
  }

  @Test
  void tensorBoardGetsARunForEachTrialOnce() throws IOException {
    run(() -> new TensorBoard(directory), 3, 100, LONG);
    var first = directory.resolve("logged/trial-00000/events.out.tfevents.0.assay");
    var bytes = Files.readAllBytes(first);
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("brain.Event:2", "_hparams_/session_start_info", "loss", "session_end_info");
    run(() -> new TensorBoard(directory), 4, 100, LONG);
    assertThat(first).hasBinaryContent(bytes);
    assertThat(directory.resolve("logged/trial-00003")).isNotEmptyDirectory();
  }

  @Test
  void anotherStudyOfTheSameNameHasADirectoryOfItsOwn() throws IOException {
    var one = new TrackedStudy("a/b", "1", SPACE, List.of());
    var two = new TrackedStudy("a/b", "2", SPACE, List.of());
    for (var study : List.of(one, two, one)) {
      try (var board = new TensorBoard(directory)) {
        assertThat(board.open(study)).isEmpty();
      }
    }
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("a%2Fb", "a%2Fb-2");
  }
}
