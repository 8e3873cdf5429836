package dev.assay.serve;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers requests about one study. Thread-safe; knows nothing of how requests arrive.
///
/// Whatever is wrong with a request is answered with an error, and changes nothing. Asks take turns
/// trial by trial; reports and tells wait for no sampler.
public final class AskTellService {
  /// An ask for many trials answers with those that it has after so long: clients do not wait for
  /// ever.
  static final Duration LONGEST_ASK = Duration.ofSeconds(60);

  private static final Logger LOG = Log.of(AskTellService.class);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Study<Configuration> study;
  private final Budget budget;
  private final LongSupplier nanoTime;
  private final RequestReader reader;
  private final HeldTrials held;

  /// Whoever came first is served first, so that none of many clients starves: one trial a turn.
  private final ReentrantLock asking = new ReentrantLock(true);

  /// A service whose clients may take as long as they like.
  public AskTellService(Study<Configuration> study, Budget budget) {
    this(study, budget, null, Integer.MAX_VALUE);
  }

  /// @param lease how long a client may be silent about a trial, since it got it or reported last,
  ///   before somebody else gets the trial; null: for ever
  /// @param restarts how often a trial is given to somebody else before it is lost
  public AskTellService(
      Study<Configuration> study, Budget budget, @Nullable Duration lease, int restarts) {
    this(study, budget, lease, restarts, System::nanoTime);
  }

  AskTellService(
      Study<Configuration> study,
      Budget budget,
      @Nullable Duration lease,
      int restarts,
      LongSupplier nanoTime) {
    this.study = study;
    this.budget = budget;
    this.nanoTime = nanoTime;
    reader = new RequestReader(study);
    held = new HeldTrials(study, lease, restarts, nanoTime);
  }

  /// A request on its way: from its arrival on its client is known to be alive.
  public final class Request implements AutoCloseable {
    private final HeldTrials.Arrival arrival = held.arrive();

    private Request() {}

    /// The answer, whatever the request holds.
    Reply reply(String request) {
      return AskTellService.this.reply(request, this);
    }

    Reply reply(JsonNode request) {
      return AskTellService.this.reply(request, this);
    }

    /// There is nothing more to be read of it.
    @Override
    public void close() {
      arrival.close();
    }
  }

  Study<Configuration> study() {
    return study;
  }

  /// A request arrives now. To be closed when it is answered.
  public Request arrive() {
    return new Request();
  }

  /// The answer to one request, for a client that has it at once: one line of JSON, without its
  /// end.
  public String answer(String request) {
    try (var arrived = arrive()) {
      var reply = arrived.reply(request);
      held.leave(reply.trials(), true);
      return reply.json();
    }
  }

  /// Whether trials are taken back from clients that are silent.
  boolean isLeased() {
    return held.isLeased();
  }

  /// Whether somebody's ask waits for its turn.
  boolean isQueued() {
    return asking.hasQueuedThreads();
  }

  private Reply reply(String text, Request arrived) {
    JsonNode node;
    try {
      node = RequestReader.parse(text);
    } catch (Problem problem) {
      return Reply.refusal(problem);
    }
    return reply(node, arrived);
  }

  /// The answer to a request, or the list of answers to a list of them.
  Reply reply(JsonNode node, Request arrived) {
    if (!RequestReader.isList(node)) {
      return replyToOne(node, arrived);
    }
    var trials = new ArrayList<HeldTrials.Held>();
    var answers = new StringJoiner(",", "[", "]");
    for (var one : node) {
      var reply = replyToOne(one, arrived);
      answers.add(reply.json());
      trials.addAll(reply.trials());
    }
    return new Reply(answers.toString(), false, trials, held);
  }

  private Reply replyToOne(JsonNode node, Request arrived) {
    var used = new ArrayList<HeldTrials.Held>();
    try {
      var answer = dispatch(reader.read(node), arrived, used);
      return new Reply(JSON.writeValueAsString(answer), false, used, held);
    } catch (Problem problem) {
      return new Reply(Reply.error(problem), true, used, held);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("A request could not be answered: {}", RequestBody.brief(node.toString()), e);
      return new Reply(
          Reply.error(
              new Problem(
                  "The service failed at this request.",
                  e.toString(),
                  "It goes on; its log says more.")),
          true,
          used,
          held);
    }
  }

  /// @param used gets the trials that are in use until the answer leaves
  private Object dispatch(AskTellRequest request, Request arrived, List<HeldTrials.Held> used) {
    return switch (request) {
      case AskTellRequest.Hello() -> settled(arrived, () -> Answers.hello(study));
      case AskTellRequest.Best(int count) -> settled(arrived, () -> Answers.best(study, count));
      case AskTellRequest.Trials(int since, int count) ->
          settled(arrived, () -> Answers.trials(study, since, count));
      case AskTellRequest.Ask asked -> {
        arrived.close();
        yield ask(asked, used);
      }
      case AskTellRequest.Enqueue(var params) ->
          settled(arrived, () -> Map.of("id", study.enqueue(params)));
      case AskTellRequest.TellOwn own -> settled(arrived, () -> OwnTrials.tell(study, own));
      case AskTellRequest.Suggest(int id, var parameters) ->
          with(id, arrived, used, one -> Answers.suggested(one.trial, parameters));
      case AskTellRequest.Report(int id, var step, var attributes) ->
          with(
              id,
              arrived,
              used,
              one -> {
                var decision = one.trial.report(step.step(), step.values());
                attributes.forEach(one.trial::attribute);
                return Map.of("prune", decision.prune());
              });
      case AskTellRequest.Tell(int id, var outcome, var attributes) ->
          with(
              id,
              arrived,
              used,
              one -> {
                OwnTrials.requireAsked(one.trial, outcome);
                attributes.forEach(one.trial::attribute);
                study.tell(one.trial, outcome);
                held.remove(one);
                return Map.of("ok", true);
              });
      case AskTellRequest.Cancel(int id) ->
          with(
              id,
              arrived,
              used,
              one -> {
                study.release(one.trial);
                held.remove(one);
                return Map.of("ok", true);
              });
    };
  }

  /// What takes nobody's trial is known for what it is at once.
  private static Object settled(Request arrived, Supplier<Object> work) {
    arrived.close();
    return work.get();
  }

  private Object ask(AskTellRequest.Ask asked, List<HeldTrials.Held> used) {
    held.takeBack();
    long start = nanoTime.getAsLong();
    var limit = Answers.limited(budget, asked.until());
    var trials = new ArrayList<Map<String, @Nullable Object>>();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("trials", trials);
    boolean goesOn = true;
    while (goesOn) {
      switch (askOne(limit, asked.given(), trials.isEmpty())) {
        case Asked.Ready<Configuration>(var trial) -> {
          var one = held.add(trial);
          if (one != null) { // otherwise it ended meanwhile, told by whoever had it before
            used.add(one);
            trials.add(Answers.trial(trial, asked.full()));
          }
        }
        case Asked.Wait<Configuration>() -> {
          if (trials.isEmpty()) {
            answer.put("wait", true);
          }
          goesOn = false;
        }
        case Asked.Finished<Configuration>(var reason) -> {
          if (asked.full()) {
            answer.put("finished", reason.words());
          }
          goesOn = false;
        }
      }
      boolean late = nanoTime.getAsLong() - start > LONGEST_ASK.toNanos();
      goesOn &= trials.size() < asked.count() && (trials.isEmpty() || !late);
    }
    return answer;
  }

  /// @param first whether nothing was asked for before, so that an error is the whole answer
  private Asked<Configuration> askOne(
      Budget limit, Map<String, @Nullable Object> given, boolean first) {
    asking.lock();
    try {
      return study.tryAsk(limit, given);
    } catch (RuntimeException e) {
      if (first) {
        throw e;
      }
      LOG.warn("An ask is answered with fewer trials: {}", e.getMessage());
      return new Asked.Wait<>(); // the trials that it has must reach their client
    } finally {
      asking.unlock();
    }
  }

  /// Works on a trial that a client speaks of.
  private Object with(
      int id, Request arrived, List<HeldTrials.Held> used, Function<HeldTrials.Held, Object> work) {
    var one = held.find(id, arrived.arrival);
    arrived.close();
    used.add(one);
    one.turn.lock();
    try {
      held.requireRunning(one);
      return work.apply(one);
    } finally {
      one.turn.unlock();
    }
  }
}
