package dev.assay.spec;

import dev.assay.device.Backend;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.run.trainer.TrainerRunner;
import dev.assay.train.ColumnReading;
import dev.assay.train.CsvRoles;
import dev.assay.train.DataSet;
import dev.assay.train.DataSets;
import dev.assay.train.Metric;
import dev.assay.train.Model;
import dev.assay.train.Task;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainedModel;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes of `objective: {train: ...}` what trains: the model, the data and its folds.
public final class TrainerAssembly {
  private TrainerAssembly() {}

  /// What runs the trials.
  ///
  /// @param trials where segments of trainings keep checkpoints
  /// @throws Problem for no such model, metric, data or trainer parameter
  static TrainerRunner runner(
      StudyFile file, ObjectiveSpec.Train train, Backend backend, Path trials) {
    var model = train.model().place().locate(() -> Model.named(train.model().text()));
    var metrics = TrainerRunner.metrics(file.objectives());
    var data = data(file, train, task(metrics));
    var folds =
        train.data().place().locate(() -> train.validation().apply(data, new Streams(file.seed())));
    var runner =
        new TrainerRunner(
            model,
            folds,
            fixed(train, model),
            metrics,
            backend,
            !file.pruner().name().equals("none"),
            train.trainScores(),
            PopulationRules.apply(file.sampler()) || CurveRules.resume(file.sampler())
                ? trials
                : null,
            train.repeats(),
            train.precision());
    runner.check(file.searched());
    if (PopulationRules.apply(file.sampler())) {
      PopulationRules.check(file, train);
    }
    if (CurveRules.resume(file.sampler())) {
      CurveRules.check(train, file);
    }
    runner.checkConstraints(file.constraints());
    return runner;
  }

  /// Trains a trial of a study anew, on all its data; one that is a segment of a training, from the
  /// beginning of that.
  ///
  /// @param lineage the trials that together are the training: one, or as [Segment#lineage]
  /// @param provenance where the model comes from, as JSON values
  /// @throws Problem when the study does not train a built-in model
  public static TrainedModel refit(
      StudyFile file,
      Backend backend,
      List<TrialRecord> lineage,
      Map<String, @Nullable Object> provenance)
      throws InterruptedException {
    if (!(file.objective() instanceof ObjectiveSpec.Train train)) {
      throw new Problem(
          "Only what the built-in trainer trains can be refitted.",
          file.name(),
          "Run your own program with the best parameters: assay best " + file.name() + ".");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    var runner = runner(file, train, backend, file.directory());
    var streams = new Streams(file.seed());
    var stages = new ArrayList<TrainedModel.Stage>();
    for (var trial : lineage) {
      var request =
          new TrainRequest(
              runner.settings(trial.configuration()),
              streams.seed(trial.number(), Purpose.OBJECTIVE));
      var segment = Segment.of(trial);
      stages.add(
          new TrainedModel.Stage(
              request, segment == null ? Integer.MAX_VALUE : Math.toIntExact(segment.to())));
    }
    var engine = backend.trainEngine(cores, train.precision());
    return TrainedModel.train(engine, runner.data().data(), stages, provenance);
  }

  /// What is learnt: the metrics tell.
  private static Task task(List<Metric> metrics) {
    var task = metrics.getFirst().task();
    for (var metric : metrics) {
      if (metric.task() != task) {
        throw new Problem(
            "One study cannot both classify and predict a number.",
            metrics.getFirst().key() + " and " + metric.key(),
            "Use metrics of " + task.word() + ": " + String.join(", ", Metric.keys(task)) + ".");
      }
    }
    return task;
  }

  private static DataSet data(StudyFile file, ObjectiveSpec.Train train, Task task) {
    var node = train.data();
    return node.place()
        .locate(() -> {
          if (node instanceof Node.Fields(var entries, _, _)) {
            if (task != Task.CLASSIFICATION) {
              throw new Problem(
                  "Images have classes, and no number to predict.",
                  "a metric of " + task.word() + " for images",
                  "Use one of " + String.join(", ", Metric.keys(Task.CLASSIFICATION)) + ".");
            }
            return DataSets.images(
                file.directory().resolve(Objects.requireNonNull(entries.get("images")).text()),
                file.directory().resolve(Objects.requireNonNull(entries.get("labels")).text()));
          }
          return DataSets.load(node.text(), roles(train, task), file.directory());
        });
  }

  private static CsvRoles roles(ObjectiveSpec.Train train, Task task) {
    return new CsvRoles(train.label(), train.groups(), train.drop(), train.categories(), task);
  }

  /// How the columns of a study's data are read; empty where it trains on no CSV file.
  public static List<ColumnReading> columns(StudyFile file) {
    if (!(file.objective() instanceof ObjectiveSpec.Train train)
        || !(train.data() instanceof Node.Scalar data)) {
      return List.of();
    }
    var task = task(TrainerRunner.metrics(file.objectives()));
    return data.place()
        .locate(() -> DataSets.describe(data.text(), roles(train, task), file.directory()));
  }

  private static Map<String, @Nullable Object> fixed(ObjectiveSpec.Train train, Model model) {
    var fixed = new LinkedHashMap<String, @Nullable Object>();
    train
        .fixed()
        .forEach((name, node) ->
            fixed.put(name, node.place().locate(() -> model.parameter(name).check(node.plain()))));
    return fixed;
  }
}
