package dev.assay.internal.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Streams;
import dev.assay.run.function.TestFunctions;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class AutoSamplerTest extends SamplerContract {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @Override
  protected Sampler sampler() {
    return new AutoSampler();
  }

  @Test
  void isWhatASamplerIsWhenNothingIsSaid() {
    assertThat(Samplers.auto()).isInstanceOf(AutoSampler.class);
  }

  @Test
  void saysWhatItChoseAndWhy() {
    var trials =
        Trials.search(new AutoSampler(), Trials.task(Trials.MIXED, 1), 3, _ -> new double[] {1});
    assertThat(trials)
        .allSatisfy(
            t -> assertThat(t.notes()).containsEntry("auto", "gp: 8 numbers and 2 choices"));
  }

  @Test
  void listsWhatIsLeftOfASmallSpace() {
    var trials =
        Trials.search(new AutoSampler(), Trials.task(Trials.FINITE, 1), 8, _ -> new double[] {1});
    assertThat(trials).hasSize(8);
    assertThat(trials.getLast().notes().get("auto")).asString().startsWith("enumeration");
  }

  @Test
  void leavesGaussianProcessesWhereTheyCostMoreThanTheTrials() {
    assertThat(choice(0, 1, 0.01)).startsWith("gp");
    assertThat(choice(0, 0.1, 0.01)).startsWith("tpe");
    assertThat(choice(4, 0.1, 0.01)).as("with a batch rule cost has no say").startsWith("gp");
  }

  @Test
  void leavesGaussianProcessesWhereThereAreTooManyTrials() {
    var finished = history(AutoSampler.MODELLED + 1, 1, Map.of());
    assertThat(choice(0, finished)).startsWith("tpe");
  }

  private static final SearchSpace CUBE = cube();

  private static SearchSpace cube() {
    var builder = SearchSpace.builder();
    for (int j = 0; j < 4; j++) {
      builder.add("x" + j, new FloatRange(-5, 10));
    }
    return builder.build();
  }

  /// Trials at random that were too many for Gaussian processes, and others that followed.
  private static List<TrialRecord> followed(int count, ToDoubleFunction<Configuration> loss) {
    var task = Trials.task(CUBE, 1);
    var finished =
        new ArrayList<>(
            Trials.search(
                Samplers.random(),
                task,
                AutoSampler.MODELLED + 1,
                p -> new double[] {loss.applyAsDouble(p.configuration())}));
    follow(finished, count, loss);
    return finished;
  }

  private static void follow(
      List<TrialRecord> finished, int count, ToDoubleFunction<Configuration> loss) {
    try (var proposer = new AutoSampler().open(Trials.task(CUBE, 1))) {
      for (int i = 0; i < count; i++) {
        int t = finished.size();
        var proposal = requireNonNull(proposer.propose(t, History.of(finished, List.of())));
        finished.add(Trials.complete(t, proposal, loss.applyAsDouble(proposal.configuration())));
      }
    }
  }

  private static long choices(List<TrialRecord> trials, String sampler) {
    return trials.stream()
        .filter(t -> String.valueOf(t.notes().get("auto")).startsWith(sampler))
        .count();
  }

  @Test
  void manyTrialsOfNumbersGoToWhoeverFoundMore() {
    var trials = followed(800, TestFunctions.named("zakharov4")::value);
    assertThat(trials.stream().mapToDouble(TrialRecord::value).min().orElseThrow())
        .isLessThan(1e-3);
    assertThat(choices(trials, "cmaes")).isEqualTo(600);
    assertThat(choices(trials, "tpe")).isEqualTo(200);
  }

  @Test
  void theLeadChangesWithWhatTheHistoryProves() {
    var rivalry = new Rivalry(Trials.task(CUBE, 1), "cmaes", "tpe");
    var finished = new ArrayList<TrialRecord>();
    var leads = new ArrayList<Boolean>();
    // Closer from turn to turn; then no closer, and worse than TPE; then better than that.
    for (double loss : new double[] {9, 8, 7, 7.5, 0.5}) {
      for (int i = 0; i < 100; i++) {
        finished.add(told(finished.size(), "cmaes", loss));
      }
      finished.add(told(finished.size(), "tpe", 1));
      rivalry.follow(History.of(finished, List.of()));
      leads.add(rivalry.cmaesLeads());
    }
    assertThat(leads).containsExactly(true, true, true, false, true);
    rivalry = new Rivalry(Trials.task(CUBE, 1), "cmaes", "tpe");
    finished.clear();
    for (var sampler : List.of("gp", "cmaes", "tpe", "cmaes")) {
      finished.add(told(finished.size(), sampler, 1));
    }
    rivalry.follow(History.of(finished, List.of()));
    assertThat(rivalry.shown(History.of(finished, List.of())).finished())
        .extracting(TrialRecord::number)
        .containsExactly(-1, 1, 3);
  }

  private static TrialRecord told(int number, String sampler, double loss) {
    return Trials.complete(
        number, new Proposal(CUBE.defaults(), Map.of("auto", sampler + ": reason")), loss);
  }

  /// Whoever goes on from what is stored chooses and proposes the same.
  @Test
  void whatFollowsIsRebuiltFromTheHistory() {
    var whole = followed(250, TestFunctions.named("rosenbrock4")::value);
    var resumed = new ArrayList<>(whole.subList(0, whole.size() - 130));
    follow(resumed, 130, TestFunctions.named("rosenbrock4")::value);
    assertThat(resumed)
        .extracting(TrialRecord::configuration)
        .isEqualTo(whole.stream().map(TrialRecord::configuration).toList());
    assertThat(resumed)
        .extracting(TrialRecord::notes)
        .isEqualTo(whole.stream().map(TrialRecord::notes).toList());
  }

  @Test
  void modelsTwoOrThreeObjectivesWhateverTheNumberOfParameters() {
    var wide = SearchSpace.builder();
    for (int i = 0; i < 30; i++) {
      wide.add("x" + i, new FloatRange(0, 1));
    }
    assertThat(choiceOfObjectives(wide.build(), 2)).startsWith("gp");
    assertThat(choiceOfObjectives(LINE, 3)).startsWith("gp");
    assertThat(choiceOfObjectives(LINE, 4)).isEqualTo("tpe: 4 objectives");
  }

  private static String choiceOfObjectives(SearchSpace space, int count) {
    var objectives = new ArrayList<Objective>();
    for (int k = 0; k < count; k++) {
      objectives.add(Objective.minimize("loss" + k));
    }
    var task = new SearchTask(space, List.copyOf(objectives), new Streams(1), 0);
    try (var proposer = new AutoSampler().open(task)) {
      var proposal = requireNonNull(proposer.propose(0, History.of(List.of(), List.of())));
      return String.valueOf(proposal.notes().get("auto"));
    }
  }

  /// What is chosen after 201 trials that took so long, their proposals so long.
  private static String choice(int batch, double trialSeconds, double suggestSeconds) {
    return choice(batch, history(201, trialSeconds, Map.of("suggest_seconds", suggestSeconds)));
  }

  private static String choice(int batch, History history) {
    var task = new SearchTask(LINE, List.of(Objective.minimize("loss")), new Streams(1), batch);
    try (var proposer = new AutoSampler().open(task)) {
      var proposal = requireNonNull(proposer.propose(history.size(), history));
      return String.valueOf(proposal.notes().get("auto"));
    }
  }

  private static History history(int n, double seconds, Map<String, Object> notes) {
    var finished = new ArrayList<TrialRecord>();
    for (int i = 0; i < n; i++) {
      var configuration = LINE.fromUnit(new double[] {(i + 0.5) / n});
      finished.add(
          Trials.lasting(
              seconds, Trials.complete(i, new Proposal(configuration, Map.copyOf(notes)), i)));
    }
    return History.of(finished, List.of());
  }
}
