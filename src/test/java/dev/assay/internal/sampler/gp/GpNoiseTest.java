package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.sampler.AutoSampler;
import dev.assay.internal.sampler.gp.Repetitions.Verdict;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.run.function.TestFunctions;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Noise as a hypothesis that a repetition decides.
class GpNoiseTest {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static TrialRecord trial(int number, double x, double value) {
    return Trials.complete(number, new Proposal(at(x)), value);
  }

  private static Configuration at(double x) {
    return LINE.configuration(Map.of("x", x));
  }

  private static Repetitions repetitions(List<TrialRecord> finished, double... pending) {
    var open = new ArrayList<History.Pending>();
    for (int i = 0; i < pending.length; i++) {
      open.add(new History.Pending(100 + i, at(pending[i]), List.of()));
    }
    return Repetitions.of(History.of(finished, open));
  }

  @Test
  void repeatedTrialsDecide() {
    var base = List.of(trial(0, 0, 1), trial(1, 0.5, 3), trial(2, 1, 2));
    assertThat(repetitions(base).verdict(false)).isEqualTo(Verdict.UNKNOWN);
    assertThat(repetitions(with(base, trial(3, 0.5, 3))).verdict(false)).isEqualTo(Verdict.EXACT);
    assertThat(repetitions(with(base, trial(3, 0.5, 3 + 1e-10))).verdict(false))
        .isEqualTo(Verdict.EXACT);
    assertThat(repetitions(with(base, trial(3, 0.5, 3 + 1e-6))).verdict(false))
        .isEqualTo(Verdict.NOISY);
    // One that differs outweighs any that agree.
    assertThat(repetitions(with(with(base, trial(3, 0.5, 3)), trial(4, 0, 1.5))).verdict(false))
        .isEqualTo(Verdict.NOISY);
  }

  /// Rounded values may agree by chance.
  @Test
  void steppedValuesHaveToAgreeTwice() {
    var once = List.of(trial(0, 0, 1), trial(1, 0.5, 3), trial(2, 0.5, 3));
    assertThat(repetitions(once).verdict(true)).isEqualTo(Verdict.UNKNOWN);
    assertThat(repetitions(with(once, trial(3, 0.5, 3))).verdict(true)).isEqualTo(Verdict.EXACT);
    assertThat(repetitions(with(once, trial(3, 0.5, 2))).verdict(true)).isEqualTo(Verdict.NOISY);
  }

  @Test
  void repetitionsUnderWayAndInVainAreCounted() {
    var base = List.of(trial(0, 0, 1), trial(1, 0.5, 3));
    assertThat(repetitions(base).mayRepeat()).isTrue();
    assertThat(repetitions(base, 0.5).mayRepeat()).isFalse();
    assertThat(repetitions(base, 0.7).mayRepeat()).isTrue();
    var vain = new ArrayList<>(base);
    for (int i = 0; i < 3; i++) {
      vain.add(Trials.failed(2 + i, new Proposal(at(0.5))));
    }
    assertThat(repetitions(vain).verdict(false)).isEqualTo(Verdict.UNKNOWN);
    assertThat(repetitions(vain).mayRepeat()).isFalse();
  }

  private static List<TrialRecord> with(List<TrialRecord> trials, TrialRecord more) {
    var all = new ArrayList<>(trials);
    all.add(more);
    return all;
  }

  private static List<TrialRecord> hartmann(Map<String, Object> options, int trials, double sd) {
    var function = TestFunctions.named("hartmann6");
    var random = new Philox(7, 0);
    return Trials.search(
        Samplers.create("gp", options),
        Trials.task(function.space(), 1),
        trials,
        p -> new double[] {function.value(p.configuration()) + sd * random.nextGaussian()});
  }

  private static List<TrialRecord> repeating(List<TrialRecord> trials) {
    return trials.stream().filter(t -> t.notes().containsKey("repeats")).toList();
  }

  /// On so few points even an exact function may look noisy: the price is one trial.
  @Test
  void anExactObjectiveIsRepeatedOnceAtMost() {
    var trials = hartmann(Map.of("model", "single"), 30, 0);
    assertThat(repeating(trials)).hasSizeLessThanOrEqualTo(1);
    assertThat(new HashSet<>(Trials.configurations(trials)).size())
        .isEqualTo(30 - repeating(trials).size());
    assertThat(String.valueOf(trials.getLast().notes().get("theta"))).doesNotContain("noisy");
  }

  @Test
  void noiseIsFoundByARepetitionAndModelledFromThenOn() {
    var trials = hartmann(Map.of("model", "single"), 30, 0.5);
    var repetition = repeating(trials).getFirst();
    assertThat(repetition.number()).isLessThan(25);
    assertThat(String.valueOf(repetition.notes().get("repeats")))
        .contains("tell noise from structure");
    var before = trials.subList(0, repetition.number());
    double best = before.stream().mapToDouble(TrialRecord::value).min().orElseThrow();
    var repeated = before.stream().filter(t -> t.value() == best).findFirst().orElseThrow();
    assertThat(repetition.configuration()).isEqualTo(repeated.configuration());
    assertThat(String.valueOf(trials.getLast().notes().get("theta"))).contains("single-noisy");
  }

  @Test
  void whatIsKnownOfNoiseNeedsNoRepetition() {
    assertThat(repeating(hartmann(Map.of("model", "single", "noisy", "no"), 20, 0.5))).isEmpty();
    var trials = hartmann(Map.of("model", "single", "noisy", "yes"), 20, 0.5);
    assertThat(String.valueOf(trials.get(8).notes().get("theta"))).contains("single-noisy");
    assertThat(trials)
        .noneMatch(t -> String.valueOf(t.notes().get("repeats")).contains("tell noise"));
    var known = hartmann(Map.of("model", "single", "noise", 0.1), 12, 0.5);
    assertThat(String.valueOf(known.getLast().notes().get("theta"))).contains("single-noisy");
  }

  @Test
  void theOptionIsReadAsStudyFilesHaveIt() {
    assertThat(((GpSampler) Samplers.create("gp", Map.of("noisy", true))).noisy())
        .isEqualTo(Noisy.YES);
    assertThat(((AutoSampler) Samplers.create("auto", Map.of("noisy", false))).noisy())
        .isEqualTo(Noisy.NO);
    assertThat(((GpSampler) Samplers.create("gp", Map.of())).noisy()).isEqualTo(Noisy.AUTO);
    for (Object wrong : List.of("maybe", 1, "true")) {
      assertThatThrownBy(() -> Samplers.create("gp", Map.of("noisy", wrong)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Known: auto, no, yes");
    }
    assertThatThrownBy(() -> Samplers.create("gp", Map.of("noisy", "no", "noise", 0.2)))
        .isInstanceOf(Problem.class);
  }

  /// One repetition has leave; nothing else is tried twice.
  @Test
  void aFiniteSpaceIsRepeatedInOnlyToDecide() {
    var space =
        SearchSpace.builder().add("a", new IntRange(0, 20)).add("b", new IntRange(0, 20)).build();
    var random = new Philox(9, 0);
    ToDoubleFunction<Configuration> noisy =
        c -> Math.pow(c.number("a") / 20 - 0.3, 2) + 0.3 * random.nextGaussian();
    var trials =
        Trials.search(
            Samplers.create("gp", Map.of("model", "single")),
            Trials.task(space, 2),
            40,
            p -> new double[] {noisy.applyAsDouble(p.configuration())});
    long repeats = 40 - new HashSet<>(Trials.configurations(trials)).size();
    assertThat(repeats).isLessThanOrEqualTo(1).isEqualTo(repeating(trials).size());
  }

  /// What was judged follows from the history: a fresh search goes on as the old one.
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.4})
  void aResumedSearchJudgesTheSame(double sd) {
    var function = TestFunctions.named("branin");
    var task = Trials.task(function.space(), 3);
    var random = new Philox(5, 0);
    var finished = new ArrayList<TrialRecord>();
    var sampler = Samplers.create("gp", Map.of("model", "single"));
    try (var kept = sampler.open(task)) {
      for (int t = 0; t < 26; t++) {
        var history = History.of(List.copyOf(finished), List.of());
        var proposal = requireNonNull(kept.propose(t, history));
        if (t % 3 == 0) {
          try (var fresh = sampler.open(task)) {
            assertThat(fresh.propose(t, history)).isEqualTo(proposal);
          }
        }
        double y = function.value(proposal.configuration()) / 50;
        finished.add(Trials.complete(t, proposal, y + sd * random.nextGaussian()));
      }
    }
  }

  /// A search of pure noise has no lead: it fills the space rather than follow the luckiest.
  @Test
  void pureNoiseIsNoLead() {
    var random = new Philox(11, 0);
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("w", new FloatRange(0, 1)).build();
    var trials =
        Trials.search(
            Samplers.create("gp", Map.of("model", "single")),
            Trials.task(space, 2),
            50,
            _ -> new double[] {random.nextGaussian()});
    var cells = new HashSet<Integer>();
    for (var trial : trials) {
      cells.add(
          (int) Math.min(3, 4 * trial.configuration().number("x")) * 4
              + (int) Math.min(3, 4 * trial.configuration().number("w")));
    }
    assertThat(cells).hasSizeGreaterThanOrEqualTo(11);
  }
}
