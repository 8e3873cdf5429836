package dev.assay.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Streams;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.History;
import dev.assay.study.Objective;
import dev.assay.study.Proposal;
import dev.assay.study.Sampler;
import dev.assay.study.SearchTask;
import dev.assay.study.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AutoSamplerTest extends SamplerContract {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @Override
  Sampler sampler() {
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
