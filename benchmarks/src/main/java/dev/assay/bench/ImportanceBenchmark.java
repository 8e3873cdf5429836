package dev.assay.bench;

import dev.assay.importance.Fanova;
import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.importance.PedAnova;
import dev.assay.random.Philox;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Importances of 20 parameters from 10,000 completed trials, all cores.
///
/// Run it: `assay bench importance`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class ImportanceBenchmark {
  private static final int TRIALS = 10_000;
  private static final int PARAMETERS = 20;
  private static final List<Objective> OBJECTIVES = List.of(Objective.minimize("loss"));

  @Param({"ped-anova", "fanova"})
  String method = "ped-anova";

  private ImportanceMethod chosen = new PedAnova();
  private SearchSpace space = space();
  private List<TrialRecord> trials = List.of();

  private static SearchSpace space() {
    var space = SearchSpace.builder();
    for (int j = 0; j < PARAMETERS; j++) {
      space.add("x" + j, new FloatRange(0, 1));
    }
    return space.build();
  }

  /// A sum of linear terms, and a check that the strongest is found before anything is timed.
  @Setup
  public void study() {
    chosen = method.equals("fanova") ? new Fanova() : new PedAnova();
    space = space();
    var random = new Philox(1, 0);
    var drawn = new ArrayList<TrialRecord>();
    for (int t = 0; t < TRIALS; t++) {
      var configuration = space.draw(random);
      double loss = 0;
      for (int j = 0; j < PARAMETERS; j++) {
        loss += configuration.code(j) * j;
      }
      drawn.add(
          new TrialRecord(
              t,
              TrialState.COMPLETE,
              configuration,
              Map.of(),
              List.of(),
              List.of(loss),
              null,
              "",
              Map.of(),
              1,
              1,
              0));
    }
    trials = drawn;
    var ranked = importances().ranked();
    if (!List.of("x17", "x18", "x19").contains(ranked.getFirst().name())) {
      throw new IllegalStateException("wrong importances: " + ranked);
    }
  }

  @Benchmark
  public Importances importances() {
    return Importances.of(chosen, space, trials, OBJECTIVES, 0);
  }
}
