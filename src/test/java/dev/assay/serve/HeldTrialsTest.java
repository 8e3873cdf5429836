package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Clients that vanish, by a clock that the test sets.
class HeldTrialsTest {
  private final AtomicLong clock = new AtomicLong();
  private final Study<Configuration> study =
      Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
          .minimize("loss")
          .sampler(Samplers.random())
          .open();
  private final AskTellService service =
      new AskTellService(study, Budget.trials(5), Duration.ofMinutes(1), 1, clock::get);

  private void pass(int seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private String ask() {
    return service.answer("{\"ask\": 1}");
  }

  @Test
  void aTrialOfAClientThatVanishedGoesToTheNext() {
    var first = ask();
    assertThat(first).contains("\"id\":0");
    pass(60);
    assertThat(ask()).contains("\"id\":1");
    pass(1);
    assertThat(ask()).isEqualTo(first); // the same configuration again
    assertThat(study.trials().getFirst().restarts()).isEqualTo(1);
    assertThat(service.answer("{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}"))
        .isEqualTo("{\"ok\":true}");
  }

  /// After an end of the service two clients may have one trial: one tells it while the other's
  /// request waits for its turn.
  @Test
  void whoWaitedWhileTheTrialEndedIsToldHowItEnded() {
    var held = new HeldTrials(study, null, 0, clock::get);
    held.add(study.ask());
    var waiting = held.find(0, held.arrive());
    held.requireRunning(waiting);
    study.tell(held.find(0, held.arrive()).trial, Outcome.complete(1));
    assertThatThrownBy(() -> held.requireRunning(waiting))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("id 0: it has ended, complete");
  }

  @Test
  void aReportIsASignOfLife() {
    ask();
    ask();
    pass(50);
    service.answer("{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": 2}}}");
    pass(50);
    assertThat(ask()).contains("\"id\":1");
    assertThat(service.answer("{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}"))
        .isEqualTo("{\"ok\":true}");
  }

  @Test
  void aTrialWhoseClientsAlwaysVanishFails() {
    ask();
    pass(61);
    assertThat(ask()).contains("\"id\":0");
    pass(61);
    assertThat(ask()).contains("\"id\":1");
    assertThat(study.trials().getFirst().cause()).isEqualTo(Cause.LOST);
    assertThat(service.answer("{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}"))
        .contains("No trial of that id is running.");
  }

  private String report(int id, int step) {
    return service.answer(
        "{\"report\": {\"id\": %d, \"step\": %d, \"values\": {\"loss\": 2}}}".formatted(id, step));
  }

  private String tell(int id) {
    return service.answer("{\"tell\": {\"id\": %d, \"values\": {\"loss\": 1}}}".formatted(id));
  }

  @Test
  void whatArrivedInTimeCountsHoweverLateItIsRead() {
    ask();
    pass(59);
    try (var arrived = service.arrive()) {
      pass(30); // the service is busy
      assertThat(ask()).contains("\"id\":1");
      var reply =
          arrived.reply("{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": 2}}}");
      assertThat(reply.json()).isEqualTo("{\"prune\":false}");
    }
    pass(20); // 50 s after it arrived
    assertThat(ask()).contains("\"id\":2");
    assertThat(tell(0)).isEqualTo("{\"ok\":true}");
    assertThat(study.trials().getFirst().restarts()).isZero();
  }

  @Test
  void aLeaseBeginsWhenTheAnswerHasLeft() throws IOException {
    try (var slow = service.arrive()) {
      var reply = slow.reply("{\"ask\": 1}");
      pass(1000); // other trials of the same answer are proposed
      assertThat(ask()).contains("\"id\":1");
      reply.deliver(() -> pass(50));
    }
    pass(60);
    assertThat(ask()).contains("\"id\":1"); // which was given out before
    pass(1);
    assertThat(ask()).contains("\"id\":0");
  }

  @Test
  void aClientThatDoesNotReadItsAnswerWithinALeaseLosesIt() throws IOException {
    try (var slow = service.arrive()) {
      slow.reply("{\"ask\": 1}")
          .deliver(() -> {
            pass(61);
            assertThat(ask()).contains("\"id\":0");
          });
    }
  }

  @Test
  void theTrialsOfAnAnswerThatIsLostWaitAgain() {
    try (var vanished = service.arrive()) {
      var reply = vanished.reply("{\"ask\": 2}");
      assertThatThrownBy(() ->
              reply.deliver(() -> {
                throw new IOException("Connection reset");
              }))
          .isInstanceOf(IOException.class);
    }
    assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
    assertThat(ask()).contains("\"id\":0");
  }

  @Test
  void aLostAnswerToAReportTakesNoTrialAway() {
    ask();
    try (var arrived = service.arrive()) {
      var reply =
          arrived.reply("{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": 2}}}");
      assertThatThrownBy(() ->
              reply.deliver(() -> {
                throw new IOException("Connection reset");
              }))
          .isInstanceOf(IOException.class);
    }
    assertThat(study.count(TrialState.RUNNING)).isEqualTo(1);
    assertThat(tell(0)).isEqualTo("{\"ok\":true}");
  }

  @Test
  void whoeverTellsFirstCounts() {
    ask();
    pass(61);
    ask(); // 0 again, for another client
    assertThat(tell(0)).isEqualTo("{\"ok\":true}");
    assertThat(tell(0)).contains("it has ended, complete");
  }

  @Test
  void aLateResultOfATrialThatNobodyTookOverIsAccepted() {
    ask();
    ask();
    pass(61);
    assertThat(ask()).contains("\"id\":0"); // both are taken back, one is given again
    assertThat(study.count(TrialState.WAITING)).isEqualTo(1);
    assertThat(report(1, 7)).isEqualTo("{\"prune\":false}");
    assertThat(study.count(TrialState.WAITING)).isZero();
    assertThat(tell(1)).isEqualTo("{\"ok\":true}");
    assertThat(study.trials().get(1).state()).isEqualTo(TrialState.COMPLETE);
  }

  @Test
  void aTellThatIsRefusedTakesNothingUp() {
    ask();
    ask();
    pass(61);
    ask();
    assertThat(service.answer("{\"tell\": {\"id\": 1, \"values\": {\"loss\": \"x\"}}}"))
        .contains("A value is a JSON number.");
    assertThat(study.count(TrialState.WAITING)).isEqualTo(1);
    assertThat(ask()).contains("\"id\":1");
  }

  /// They say nothing of the service's clients.
  @Test
  void endsOfTheServiceLoseNoTrial() {
    var builder =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .named("served")
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(new InMemoryStorage());
    for (int i = 0; i < 5; i++) {
      try (var served = builder.openOrCreate()) {
        var serving =
            new AskTellService(served, Budget.UNLIMITED, Duration.ofMinutes(1), 1, clock::get);
        assertThat(serving.answer("{\"ask\": 1}")).contains("\"id\":0");
        if (i == 4) {
          pass(61); // the first lease that ends
          assertThat(serving.answer("{\"ask\": 1}")).contains("\"id\":0");
          pass(61); // the last
          assertThat(serving.answer("{\"ask\": 1}")).contains("\"id\":1");
          assertThat(served.trials().getFirst().cause()).isEqualTo(Cause.LOST);
        }
      }
    }
  }

  @Test
  void whatWasNeverGivenOutCannotBeTold() {
    int number = study.enqueue(java.util.Map.of("x", 0.5));
    assertThat(tell(number)).contains("it was given to nobody yet");
    assertThat(tell(17)).contains("there is none so far");
  }

  @Test
  void resultsOfTrialsOfAnEarlierServiceAreAccepted() {
    var storage = new InMemoryStorage();
    var builder =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .named("served")
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(storage);
    try (var first = builder.openOrCreate()) {
      new AskTellService(first, Budget.UNLIMITED).answer("{\"ask\": 3}");
    }
    try (var second = builder.openOrCreate()) {
      var serving = new AskTellService(second, Budget.UNLIMITED);
      assertThat(serving.answer("{\"tell\": {\"id\": 1, \"values\": {\"loss\": 4}}}"))
          .isEqualTo("{\"ok\":true}");
      assertThat(
              serving.answer("{\"report\": {\"id\": 2, \"step\": 1, \"values\": {\"loss\": 4}}}"))
          .isEqualTo("{\"prune\":false}");
      assertThat(serving.answer("{\"ask\": 2}")).contains("\"id\":0", "\"id\":3");
      assertThat(second.trials().get(1).values()).containsExactly(4.0);
    }
  }
}
