package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Many clients that ask, report and tell in any order, twice, too late, with rubbish between,
/// whose answers are lost, and whose service is ended and started again: every line has its answer,
/// and the study holds what the answers said, no more. As many lines as [AskTellFuzzTest] has.
class ConversationFuzzTest {
  private static final int LINES = Integer.getInteger("assay.fuzz", 1000);
  private static final List<String> VALUES =
      List.of("0.5", "-3", "1e300", "NaN", "Infinity", "-Infinity", "1e999", "2.5e-310");

  private final Philox random = new Philox(20_251, 7);
  private final AtomicLong clock = new AtomicLong();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final StudyBuilder<Configuration> builder =
      Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
          .named("conversation")
          .minimize("loss")
          .sampler(Samplers.random())
          .storage(storage);

  private Study<Configuration> study = builder.openOrCreate();
  private AskTellService service = serve();

  /// Every id that some client has seen, with its parameters as they were first given.
  private final Map<Integer, String> given = new HashMap<>();

  /// The same in the order in which they were given, again and again.
  private final List<Integer> ids = new ArrayList<>();

  /// What was told and acknowledged: the value, or what was said instead.
  private final Map<Integer, String> told = new HashMap<>();

  private AskTellService serve() {
    return new AskTellService(
        study, Budget.UNLIMITED, Duration.ofMinutes(1), Integer.MAX_VALUE, clock::get);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /// Most often one of the latest.
  private int someId() {
    if (ids.isEmpty() || random.nextInt(20) == 0) {
      return random.nextInt(ids.size() + 5);
    }
    int back = random.nextInt(random.nextInt(4) == 0 ? ids.size() : Math.min(8, ids.size()));
    return ids.get(ids.size() - 1 - back);
  }

  private JsonNode answer(String line, boolean isLost) {
    try (var request = service.arrive()) {
      clock.addAndGet(Duration.ofMillis(random.nextInt(900)).toNanos());
      var reply = request.reply(line);
      try {
        reply.deliver(() -> {
          if (isLost) {
            throw new IOException("Connection reset");
          }
        });
      } catch (IOException e) {
        assertThat(isLost).isTrue();
      }
      var node = JsonMapper.shared().readTree(reply.json());
      assertThat(reply.error()).isEqualTo(node.has("error"));
      return node;
    }
  }

  private void ask() {
    boolean isLost = random.nextInt(10) == 0;
    var trials = answer("{\"ask\": " + (1 + random.nextInt(3)) + "}", isLost).get("trials");
    assertThat(trials.isEmpty()).isFalse();
    for (var trial : trials) {
      int id = trial.get("id").asInt();
      assertThat(told).doesNotContainKey(id);
      var params = trial.get("params").toString();
      assertThat(given.getOrDefault(id, params)).isEqualTo(params);
      given.put(id, params);
      ids.add(id);
    }
  }

  private void tell(int id) {
    var value = pick(VALUES);
    var said =
        switch (random.nextInt(8)) {
          case 0 -> "\"failed\": \"why\"";
          case 1 -> "\"pruned\": true";
          default -> "\"values\": {\"loss\": " + value + "}";
        };
    var answer = answer("{\"tell\": {\"id\": " + id + ", " + said + "}}", random.nextInt(10) == 0);
    boolean isTaken = given.containsKey(id) && !told.containsKey(id);
    assertThat(answer.has("ok")).as("trial %s, %s", id, answer).isEqualTo(isTaken);
    if (isTaken) {
      told.put(id, said);
    }
  }

  private void report(int id) {
    var line =
        "{\"report\": {\"id\": %d, \"step\": %d, \"values\": {\"loss\": %s}}}"
            .formatted(id, random.nextInt(1000), pick(VALUES));
    var answer = answer(line, random.nextInt(10) == 0);
    boolean isRunning = given.containsKey(id) && !told.containsKey(id);
    assertThat(answer.has("prune") || answer.at("/error/what").asString().contains("ascend"))
        .as("trial %s, %s", id, answer)
        .isEqualTo(isRunning);
  }

  private void startAgain() {
    study.close();
    study = builder.openOrCreate();
    service = serve();
  }

  /// A line that is no request: those of [MalformedRequests] that ask or tell nothing.
  private void rubbish(int number) {
    var line = new String(MalformedRequests.request(number), StandardCharsets.UTF_8);
    if (!line.contains("ask") && !line.contains("tell") && !line.contains("report")) {
      answer(line, false);
    }
  }

  @Test
  void theStudyHoldsWhatTheAnswersSaid() {
    for (int i = 0; i < LINES; i++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> ask();
        case 3, 4, 5 -> report(someId());
        case 6, 7, 8 -> tell(someId());
        case 9 -> rubbish(i);
        case 10 -> clock.addAndGet(Duration.ofSeconds(random.nextInt(20)).toNanos());
        default -> {
          if (random.nextInt(20) == 0) {
            startAgain();
          }
        }
      }
    }
    var trials = study.trials();
    assertThat(trials)
        .extracting(TrialRecord::number)
        .containsExactlyInAnyOrderElementsOf(given.keySet());
    Set<Integer> finished = new HashSet<>();
    for (var trial : trials) {
      if (trial.state().isFinished()) {
        finished.add(trial.number());
        assertThat(state(told.getOrDefault(trial.number(), ""))).isEqualTo(trial.state());
      }
    }
    assertThat(finished).isEqualTo(told.keySet());
    assertThat(told.size()).isGreaterThan(LINES / 20);
    study.close();
  }

  private static TrialState state(String said) {
    if (said.contains("pruned")) {
      return TrialState.PRUNED;
    }
    return said.matches(".*(why|NaN|Infinity|1e999).*") ? TrialState.FAILED : TrialState.COMPLETE;
  }
}
