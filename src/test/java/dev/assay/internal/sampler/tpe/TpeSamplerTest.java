package dev.assay.internal.sampler.tpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TpeSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new TpeSampler();
  }

  private static final SearchSpace PLANE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  /// A branch with its own good place each, one branch better than the other.
  private static final SearchSpace BRANCHES =
      SearchSpace.builder()
          .add("kind", Choice.of("a", "b"))
          .add("left", new FloatRange(0, 1), Condition.when("kind", "a"))
          .add("right", new FloatRange(0, 1), Condition.when("kind", "b"))
          .add("down", new FloatRange(0, 1), Condition.when("kind", "b"))
          .build();

  private static double branches(Configuration x) {
    return "a".equals(x.get("kind"))
        ? 1 + Math.abs(x.number("left") - 0.2)
        : Math.hypot(x.number("right") - 0.7, x.number("down") - 0.1);
  }

  private static double best(Sampler sampler, SearchSpace space, long seed) {
    return Trials.search(
            sampler,
            Trials.task(space, seed),
            100,
            p ->
                new double[] {
                  space.equals(BRANCHES)
                      ? branches(p.configuration())
                      : Trials.bowl(p.configuration())
                })
        .stream()
        .mapToDouble(TrialRecord::value)
        .min()
        .orElseThrow();
  }

  private static double median(Sampler sampler, SearchSpace space) {
    return IntStream.range(0, 9)
        .mapToDouble(seed -> best(sampler, space, seed))
        .sorted()
        .toArray()[4];
  }

  @ParameterizedTest
  @CsvSource({"true,true,0.6", "true,false,0.6", "false,false,1.1"})
  void isCloserThanRandomDraws(boolean multivariate, boolean group, double share) {
    var tpe = Samplers.create("tpe", Map.of("multivariate", multivariate, "group", group));
    assertThat(median(tpe, Trials.MIXED))
        .isLessThan(share * median(Samplers.random(), Trials.MIXED));
    assertThat(median(tpe, BRANCHES)).isLessThan(median(Samplers.random(), BRANCHES) / 3);
  }

  /// The best branch is narrow, so that at first it looks worse than the others.
  @Test
  void branchesThatWereUnluckyAreTriedAgain() {
    var builder = SearchSpace.builder().add("kind", Choice.of("a", "b", "c", "d"));
    for (var kind : List.of("a", "b", "c", "d")) {
      builder.add("x" + kind, new FloatRange(0, 1), Condition.when("kind", kind));
    }
    var space = builder.build();
    int found = 0;
    for (long seed = 0; seed < 20; seed++) {
      double best =
          Trials.search(
                  new TpeSampler(),
                  Trials.task(space, seed),
                  100,
                  p -> new double[] {narrow(p.configuration())})
              .stream()
              .mapToDouble(TrialRecord::value)
              .min()
              .orElseThrow();
      found += best < 0.4 ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(14);
  }

  private static double narrow(Configuration c) {
    var kind = String.valueOf(c.get("kind"));
    double off = Math.abs(c.number("x" + kind) - 0.3);
    return kind.equals("c")
        ? Math.min(1.5, 10 * off)
        : 0.5 + 0.1 * ("abcd".indexOf(kind)) + 0.2 * off;
  }

  @Test
  void pendingTrialsKeepProposalsApart() {
    var finished =
        Trials.search(
            new TpeSampler(),
            Trials.task(PLANE, 4),
            40,
            p -> new double[] {Trials.bowl(p.configuration())});
    var apart = closePairs(new TpeSampler(), finished);
    var alike = closePairs(Samplers.create("tpe", Map.of("constant_liar", false)), finished);
    assertThat(apart).isLessThan(alike);
  }

  /// Pairs within 0.02 among 30 proposals in each of 10 studies, each pending when the next is
  /// made.
  private static long closePairs(Sampler sampler, List<TrialRecord> finished) {
    long close = 0;
    for (int seed = 0; seed < 10; seed++) {
      close += closePairs(sampler, finished, seed);
    }
    return close;
  }

  private static long closePairs(Sampler sampler, List<TrialRecord> finished, long seed) {
    var pending = new ArrayList<History.Pending>();
    long close = 0;
    try (var proposer = sampler.open(Trials.task(PLANE, seed))) {
      for (int t = 40; t < 70; t++) {
        var x =
            Objects.requireNonNull(proposer.propose(t, History.of(finished, pending)))
                .configuration();
        close += pending.stream().filter(p -> distance(p.configuration(), x) < 0.02).count();
        pending.add(new History.Pending(t, x, List.of()));
      }
    }
    return close;
  }

  private static double distance(Configuration a, Configuration b) {
    return Math.hypot(a.number("x") - b.number("x"), a.number("y") - b.number("y"));
  }

  /// What failed is avoided, what was pruned is not taken for good.
  @Test
  void failedAndPrunedTrialsRepel() {
    var finished = new ArrayList<TrialRecord>();
    var random = new dev.assay.random.Philox(3, 3);
    for (int t = 0; t < 60; t++) {
      var proposal = new dev.assay.trial.Proposal(PLANE.draw(random));
      double x = proposal.configuration().number("x");
      finished.add(
          x < 0.25
              ? Trials.failed(t, proposal)
              : x < 0.5
                  ? Trials.pruned(t, proposal, 0.1)
                  : Trials.complete(t, proposal, 1 + proposal.configuration().number("y")));
    }
    int inside = 0;
    try (var proposer = new TpeSampler().open(Trials.task(PLANE, 1))) {
      for (int t = 60; t < 160; t++) {
        var proposal = Objects.requireNonNull(proposer.propose(t, History.of(finished, List.of())));
        inside += proposal.configuration().number("x") < 0.5 ? 1 : 0;
      }
    }
    assertThat(inside).isLessThan(25);
  }

  @Test
  void aFrontIsFound() {
    var objectives = new Objective[] {Objective.minimize("first"), Objective.maximize("second")};
    var tpe = onFront(new TpeSampler(), objectives);
    var random = onFront(Samplers.random(), objectives);
    assertThat(tpe).isGreaterThan(2 * random);
  }

  /// Trials within 0.1 of the Pareto set, which is the segment y = 0.3.
  private static long onFront(Sampler sampler, Objective[] objectives) {
    var trials =
        Trials.search(
            sampler,
            Trials.task(PLANE, 2, objectives),
            100,
            p -> {
              double x = p.configuration().number("x");
              double off = Math.pow(p.configuration().number("y") - 0.3, 2);
              return new double[] {x * x + off, -Math.pow(x - 1, 2) - off};
            });
    assertThat(ParetoFront.of(trials, List.of(objectives))).hasSizeGreaterThan(5);
    return trials.stream().filter(t -> Math.abs(t.configuration().number("y") - 0.3) < 0.1).count();
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (var wrong :
        List.<Map<String, Object>>of(
            Map.of("gamma", 0),
            Map.of("gamma", 1.5),
            Map.of("candidates", 0),
            Map.of("start", 2.5),
            Map.of("prior_weight", -1),
            Map.of("gama", 0.1))) {
      assertThatThrownBy(() -> Samplers.create("tpe", wrong)).isInstanceOf(Problem.class);
    }
  }
}
