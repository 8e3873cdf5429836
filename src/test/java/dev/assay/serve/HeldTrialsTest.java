package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Cause;
import dev.assay.study.Study;
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
          .restarts(1)
          .open();
  private final AskTellService service =
      new AskTellService(study, Budget.trials(3), Duration.ofMinutes(1), clock::get);

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
}
