package dev.assay.run.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands to several who run one study, each with a storage of its own, as processes have; they
/// look when the test says so.
class StudyControlTest {
  private static final String NAME = "steered";

  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();

  /// One of those who run the study.
  private record Member(Study<Configuration> study, StudyControl control, Thread searching) {
    boolean isStopped() {
      return searching.isInterrupted();
    }
  }

  private Path file() {
    return directory.resolve("study.db");
  }

  private Mailbox mailbox() {
    return Mailbox.beside(file(), NAME);
  }

  private Study<Configuration> study() {
    var storage = new SqliteStorage(file());
    var study =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .named(NAME)
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(storage)
            .openOrCreate();
    open.add(storage);
    open.add(study);
    return study;
  }

  private Member join() {
    var study = study();
    var searching = new Thread(() -> {}); // never started: an interrupt is kept
    return new Member(study, StudyControl.stepwise(study, mailbox(), searching), searching);
  }

  private static void look(Member... members) {
    for (var member : members) {
      member.control().attempt();
    }
  }

  private static void end(Member member) {
    member.control().close();
    member.study().close();
  }

  private List<Standing> standings() {
    try (var storage = new SqliteStorage(file())) {
      var study = storage.read(NAME).orElseThrow();
      return Standing.living(study.runners(), study.facts());
    }
  }

  private List<@Nullable String> states() {
    var states = new ArrayList<@Nullable String>();
    standings().forEach(standing -> states.add(standing.state()));
    return states;
  }

  /// Where a storage in a file has them.
  private Path letters() {
    return requireNonNull(mailbox().directory());
  }

  private long files(String ending) throws Exception {
    if (!Files.isDirectory(letters())) {
      return 0;
    }
    try (Stream<Path> files = Files.list(letters())) {
      return files.filter(file -> file.toString().endsWith(ending)).count();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void pauseResumeAndStopReachEveryProcess() {
    var first = join();
    var second = join();
    assertThat(states()).containsExactly("running", "running");
    mailbox().send(new ControlCommand.Pause());
    look(first);
    assertThat(states()).containsExactly("paused", "running");
    assertThat(Standing.state(standings())).isEqualTo("running");
    look(second, first);
    assertThat(first.study().isPaused()).isTrue();
    assertThat(second.study().isPaused()).isTrue();
    assertThat(Standing.state(standings())).isEqualTo("paused");
    mailbox().send(new ControlCommand.Resume());
    look(second, first);
    assertThat(states()).containsExactly("running", "running");
    assertThat(first.study().isPaused()).isFalse();
    mailbox().send(new ControlCommand.Stop());
    look(first);
    end(first);
    look(second);
    assertThat(first.isStopped()).isTrue();
    assertThat(second.isStopped()).isTrue();
    assertThat(states()).containsExactly("stopping");
  }

  @Test
  void whoJoinsIsPausedWhereTheOthersAreAndTakesNoCommandAway() {
    var first = join();
    mailbox().send(new ControlCommand.Pause());
    var second = join(); // before the first has looked
    assertThat(second.study().isPaused()).isTrue();
    look(first);
    assertThat(first.study().isPaused()).isTrue();
    var third = join();
    assertThat(third.study().isPaused()).isTrue();
    mailbox().send(new ControlCommand.Resume());
    var fourth = join();
    look(first, second, third);
    assertThat(states()).containsExactly("running", "running", "running", "running");
    mailbox().send(new ControlCommand.Stop());
    var late = join(); // begun after the command: it goes on with the study
    look(late, first, second, third, fourth);
    assertThat(states()).containsExactly("stopping", "stopping", "stopping", "stopping", "running");
    assertThat(late.isStopped()).isFalse();
  }

  @Test
  void whoBeginsAloneForgetsPausesOfAnEarlierRunButNoConfiguration() throws Exception {
    var first = join();
    mailbox().send(new ControlCommand.Pause());
    look(first);
    end(first);
    mailbox().send(new ControlCommand.Stop());
    mailbox().send(new ControlCommand.Enqueue(Map.of("x", 0.25)));
    var next = join();
    look(next);
    assertThat(next.study().isPaused()).isFalse();
    assertThat(next.isStopped()).isFalse();
    assertThat(next.study().ask().parameters().number("x")).isEqualTo(0.25);
    assertThat(files("")).isZero();
  }

  @Test
  void aConfigurationIsPutInLineOnce() throws Exception {
    var first = join();
    var second = join();
    mailbox().send(new ControlCommand.Enqueue(Map.of("x", 0.25)));
    mailbox().send(new ControlCommand.Enqueue(Map.of("y", 0.25)));
    mailbox().send(new ControlCommand.Enqueue(Map.of("x", 0.75)));
    look(second, first, second);
    assertThat(first.study().ask().parameters().number("x")).isEqualTo(0.25);
    assertThat(second.study().ask().parameters().number("x")).isEqualTo(0.75);
    assertThat(files("")).isZero();
    assertThat(Standing.message(standings())).isEqualTo("Trial 1 waits in line.");
  }

  @Test
  void aDiscardedTrialIsForgottenByEveryProcess() {
    var first = join();
    var second = join();
    first.study().tell(first.study().ask(), Outcome.complete(1));
    first.study().tell(first.study().ask(), Outcome.complete(2));
    assertThat(second.study().ask().number()).isEqualTo(2); // which knows of both
    try (var storage = new SqliteStorage(file())) {
      storage.discard(NAME, 0, true);
    }
    mailbox().send(new ControlCommand.Discard(0, true));
    look(first, second);
    for (var member : List.of(first, second, join())) {
      assertThat(member.study().best().getFirst().number()).isEqualTo(1);
      assertThat(member.study().count(TrialState.DISCARDED)).isEqualTo(1);
    }
    mailbox().send(new ControlCommand.Discard(0, false));
    look(first, second);
    assertThat(second.study().best().getFirst().number()).isZero();
  }

  /// Its claim lies beside the other commands.
  @Test
  void aConfigurationWhoseClaimerDiedIsPutInLineByTheNext() throws Exception {
    mailbox().send(new ControlCommand.Enqueue(Map.of("x", 0.25)));
    var claimed = mailbox().claim(mailbox().names().getFirst(), "17-3");
    assertThat(claimed).isNotNull();
    assertThat(mailbox().names()).isEmpty();
    var next = join();
    look(next);
    assertThat(next.study().ask().parameters().number("x")).isEqualTo(0.25);
    assertThat(files("")).isZero();
  }

  /// `MILLIS-PID-COUNT.json`, the count starting anew with each sender.
  @Test
  void filesOfEarlierVersionsAreObeyedInTheirOrder() throws Exception {
    var member = join();
    Files.createDirectories(letters());
    var texts = List.of("{\"command\":\"pause\"}", "{\"command\":\"resume\"}", "nonsense");
    for (int i = 0; i < texts.size(); i++) {
      Files.writeString(letters().resolve("1700000000000-17-" + (9 + i) + ".json"), texts.get(i));
    }
    look(member);
    assertThat(member.study().isPaused()).isFalse();
    assertThat(files("11.json")).isZero();
    Files.writeString(letters().resolve("1600000000000-17-0.json"), "{\"command\":\"pause\"}");
    look(member);
    assertThat(member.study().isPaused()).isTrue(); // whatever the sender's clock says
    mailbox().send(new ControlCommand.Resume());
    assertThat(mailbox().names().getLast()).startsWith("1");
    look(member);
    assertThat(member.study().isPaused()).isFalse();
  }

  /// Another process holds the lock of the file for longer than this one waits.
  @Test
  void aBusyStorageEndsNoObedience() throws Exception {
    var member = join();
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute("DROP TABLE worker"); // every note fails
      mailbox().send(new ControlCommand.Pause());
      look(member);
      assertThat(member.study().isPaused()).isTrue();
      statement.execute(
          "CREATE TABLE worker(id INTEGER PRIMARY KEY, study, process, seen_millis, standing)");
      statement.execute(
          "INSERT INTO worker VALUES(%d, 1, '%s', 0, NULL)"
              .formatted(member.study().runner(), dev.assay.process.ProcessIdentity.current()));
    }
    look(member);
    assertThat(states()).containsExactly("paused");
    mailbox().send(new ControlCommand.Resume());
    look(member);
    assertThat(states()).containsExactly("running");
  }

  /// Whose note is the fact that versions before had.
  @Test
  void aProcessOfAnEarlierVersionStandsAsItsFactSays() {
    var study = study();
    assertThat(states()).containsExactly((String) null);
    study.putFact(
        "control", Map.of("state", "paused", "pid", ProcessHandle.current().pid(), "since", "x"));
    assertThat(states()).containsExactly("paused");
    study.putFact("control", Map.of("state", "paused", "pid", 1, "since", "x"));
    assertThat(states()).containsExactly((String) null);
  }

  @Test
  void whoEndsItsSearchTakesNoCommandsThoughItLives() {
    var first = join();
    var second = join();
    first.control().close(); // it writes its report
    assertThat(states()).containsExactly(null, "running");
    assertThat(Standing.state(standings())).isEqualTo("running");
    end(second);
    assertThat(Standing.state(standings())).isNull();
  }
}
