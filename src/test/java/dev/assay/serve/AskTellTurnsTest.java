package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.WatchedSampler;
import dev.assay.trial.Budget;
import dev.assay.trial.StoppingRule;
import dev.assay.trial.TrialState;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// Who waits for whom, with a sampler that proposes only when the test lets it.
@Timeout(60)
class AskTellTurnsTest {
  private static final String REPORT =
      "{\"report\": {\"id\": 0, \"step\": %d, \"values\": {\"loss\": 1}}}";
  private static final String TELL = "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}";

  private final Semaphore permits = new Semaphore(0);
  private final Semaphore begun = new Semaphore(0);
  private final AtomicLong clock = new AtomicLong();

  private Study<Configuration> study(StoppingRule rule) {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .minimize("loss")
        .sampler(new WatchedSampler(Samplers.random(), (_, _) -> pass()))
        .stopWhen(rule)
        .open();
  }

  private void pass() {
    begun.release();
    permits.acquireUninterruptibly();
  }

  private AskTellService service(Study<Configuration> study) {
    return new AskTellService(study, Budget.trials(200), null, 0, clock::get);
  }

  private static CompletableFuture<String> answer(AskTellService service, String request) {
    return on(() -> service.answer(request));
  }

  private static <T> CompletableFuture<T> on(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }

  @Test
  void reportsAndTellsDoNotWaitForTheSampler() throws InterruptedException {
    try (var study = study((_, _) -> false)) {
      var service = service(study);
      permits.release();
      service.answer("{\"ask\": 1}");
      begun.acquire();
      var many = answer(service, "{\"ask\": 2}");
      begun.acquire(); // the sampler is at work
      assertThat(service.answer(REPORT.formatted(1))).isEqualTo("{\"prune\":false}");
      assertThat(service.answer(TELL)).isEqualTo("{\"ok\":true}");
      assertThat(service.answer("{\"best\": 1}")).contains("\"id\":0");
      assertThat(many).isNotDone();
      permits.release(2);
      assertThat(many.join()).contains("\"id\":1", "\"id\":2");
    }
  }

  @Test
  void reportsAndTellsDoNotWaitForTheStoppingRule() throws InterruptedException {
    try (var study =
        study((_, history) -> {
          if (history.size() == 1) {
            pass();
          }
          return history.size() == 2;
        })) {
      var service = service(study);
      permits.release(2);
      service.answer("{\"ask\": 2}");
      begun.acquire(2);
      service.answer("{\"tell\": {\"id\": 1, \"values\": {\"loss\": 1}}}");
      var judging = answer(service, "{\"ask\": 1}");
      begun.acquire();
      assertThat(service.answer(REPORT.formatted(1))).isEqualTo("{\"prune\":false}");
      assertThat(service.answer(TELL)).isEqualTo("{\"ok\":true}");
      assertThat(judging).isNotDone();
      permits.release(2);
      assertThat(judging.join()).contains("\"id\":2");
      assertThat(service.answer("{\"ask\": 1}")).isEqualTo("{\"trials\":[]}");
    }
  }

  @Test
  void anAskForManyTakesTurnsWithOthers() throws InterruptedException {
    try (var study = study((_, _) -> false)) {
      var service = service(study);
      var many = answer(service, "{\"ask\": 100}");
      begun.acquire();
      var one = answer(service, "{\"ask\": 1}");
      while (!service.isQueued()) {
        Thread.onSpinWait();
      }
      permits.release(2);
      assertThat(one.join()).contains("\"id\":1");
      assertThat(many).isNotDone();
      permits.release(99);
      var trials = JsonMapper.shared().readTree(many.join()).get("trials");
      assertThat(trials.size()).isEqualTo(100);
      assertThat(trials.get(1).get("id").asInt()).isEqualTo(2);
    }
  }

  @Test
  void anAskThatTakesTooLongIsAnsweredWithWhatThereIs() throws InterruptedException {
    try (var study = study((_, _) -> false)) {
      var service = service(study);
      var many = answer(service, "{\"ask\": 100000}");
      begun.acquire();
      permits.release();
      begun.acquire(); // the first is there, in time
      clock.addAndGet(AskTellService.LONGEST_ASK.toNanos() + 1);
      permits.release();
      assertThat(many.join()).contains("\"id\":0", "\"id\":1").doesNotContain("\"id\":2");
    }
  }

  @Test
  void aPausedStudySaysThatThereWillBeMore() {
    try (var study = study((_, _) -> false)) {
      var service = service(study);
      study.pause();
      assertThat(service.answer("{\"ask\": 1}")).isEqualTo("{\"trials\":[],\"wait\":true}");
      study.resume();
      permits.release();
      assertThat(service.answer("{\"ask\": 1}")).contains("\"id\":0");
    }
  }

  @Test
  void theTrialOfAClientThatLeftBeforeItsAnswerWaitsAgain() throws Exception {
    try (var study = study((_, _) -> false)) {
      var answered = new CountDownLatch(1);
      var handler = new AskTellHandler(service(study));
      HttpHandler counted =
          exchange -> {
            try {
              handler.handle(exchange);
            } finally {
              answered.countDown();
            }
          };
      var local = InetAddress.getLoopbackAddress();
      try (var server = LocalServer.start(local, 0, null, Map.of("/", counted))) {
        try (var socket = new Socket(local, server.port())) {
          var body = "{\"ask\": 3}";
          var head =
              "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n";
          socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
          begun.acquire();
          socket.setSoLinger(true, 0); // as a process that dies with input unread
        }
        permits.release(3);
        answered.await();
        assertThat(study.count(TrialState.WAITING)).isEqualTo(3);
        assertThat(study.count(TrialState.RUNNING)).isZero();
      }
    }
  }

  @Test
  void aTrialThatAnotherBeganHereIsToldByWhoeverHadIt() {
    try (var study = study((_, _) -> false)) {
      var service = service(study);
      permits.release(2);
      study.release(study.ask());
      var again = study.ask(); // on its way to another client
      assertThat(service.answer(TELL)).isEqualTo("{\"ok\":true}");
      assertThat(study.isRunning(again)).isFalse();
      assertThat(service.answer("{\"ask\": 1}")).contains("\"id\":1").doesNotContain("\"id\":0");
    }
  }
}
