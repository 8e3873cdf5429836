package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.TrainRequest;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// A search among 1,000 configurations with five folds each, trained together and pruned, against
/// training every fold of every configuration to its end, one after the other. The slow side is
/// measured on a part of the same configurations, evenly spread, on one core, and extrapolated: to
/// all of them, and to as many cores as there are, as if those helped in full.
final class FusedSearchCost {
  private static final int SAMPLE = 25;

  private FusedSearchCost() {}

  static List<Measurement> measure() throws InterruptedException {
    var path = StudyRun.examples().resolve("digits-asha.yaml");
    var _ = StudyRun.of(path, List.of("budget.trials=60")); // compiles the code
    var run = StudyRun.of(path, List.of());
    int cores = Runtime.getRuntime().availableProcessors();
    var slow = new ArrayList<Double>();
    int step = Math.max(1, run.trials().size() / SAMPLE);
    for (int i = 0; i < run.trials().size(); i += step) {
      slow.add(alone(run, i));
    }
    double mean = slow.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double extrapolated = mean * run.trials().size() / cores;

    var parameters = new LinkedHashMap<String, String>();
    parameters.put(
        "of", "a search: examples/digits-asha.yaml, " + run.trials().size() + " configurations");
    parameters.put("threads", Integer.toString(cores));
    parameters.put("pruned", Integer.toString(run.count(TrialState.PRUNED)));
    parameters.put("failed", Integer.toString(run.count(TrialState.FAILED)));
    parameters.put("epochs", Integer.toString(run.epochs()));
    parameters.put(
        "best accuracy", String.format(Locale.ROOT, "%.4f", run.best().getFirst().value()));
    parameters.put("suggest", String.format(Locale.ROOT, "%.1f s", run.overhead().suggest()));
    parameters.put("peer measured on", slow.size() + " configurations, one core, extrapolated");
    return List.of(
        new Measurement(
            "training.search",
            parameters,
            run.wall(),
            null,
            "s/op",
            run.wall(),
            run.wall(),
            null,
            new Measurement.Peer("neither fused nor pruned", "", extrapolated)));
  }

  /// Seconds of a trial's folds, each trained to its end by itself.
  private static double alone(StudyRun run, int index) throws InterruptedException {
    var trial = run.trials().get(index);
    var settings = run.runner().settings(trial.configuration());
    var seed = new Streams(run.file().seed()).seed(trial.number(), Purpose.OBJECTIVE);
    var engine = StudyRun.backend().trainEngine(1);
    long start = System.nanoTime();
    for (var fold : run.runner().data().folds()) {
      var one = new FoldedData(run.runner().data().data(), List.of(fold));
      var _ = new FusedTrainer(engine, one).train(List.of(new TrainRequest(settings, seed)));
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
