package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model with its weights, and all that is needed to apply it to new rows: how columns become
/// features, how features are standardised, and what the outputs mean.
///
/// @param columns in the order of the features
/// @param label the label column's name
/// @param classes the classes' names; empty where a number is predicted
/// @param weights as [TrainSession#weights]
/// @param provenance where it comes from, as JSON values
@SuppressWarnings("ArrayRecordComponent")
public record TrainedModel(
    Model model,
    Shape shape,
    List<Column> columns,
    String label,
    List<String> classes,
    Standardisation standardisation,
    TargetScale targetScale,
    float[] weights,
    Map<String, @Nullable Object> provenance) {
  public TrainedModel {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }

  /// A part of a training, with settings of its own.
  ///
  /// @param epoch where it ends, counted from the beginning of the training
  public record Stage(TrainRequest request, int epoch) {}

  /// Trains one configuration on all rows, to its last epoch.
  ///
  /// @throws Problem when training diverges
  /// @throws InterruptedException when the calling thread is interrupted
  public static TrainedModel train(
      TrainEngine engine,
      DataSet data,
      TrainRequest request,
      Map<String, @Nullable Object> provenance)
      throws InterruptedException {
    return train(engine, data, List.of(new Stage(request, Integer.MAX_VALUE)), provenance);
  }

  /// Trains on all rows, stage by stage: each goes on with the weights and the optimiser's state of
  /// the one before.
  ///
  /// @param stages of one shape, at least one
  /// @throws Problem when training diverges
  /// @throws InterruptedException when the calling thread is interrupted
  public static TrainedModel train(
      TrainEngine engine,
      DataSet data,
      List<Stage> stages,
      Map<String, @Nullable Object> provenance)
      throws InterruptedException {
    var all = Validation.everything(data);
    var trainer = new FusedTrainer(engine, all);
    var request = stages.getLast().request();
    List<LaneCheckpoint> reached = List.of();
    for (var stage : stages.subList(0, stages.size() - 1)) {
      try (var run = open(trainer, stage, reached)) {
        advance(run, stage, data);
        reached = run.checkpoint(0);
      }
    }
    try (var run = open(trainer, stages.getLast(), reached)) {
      advance(run, stages.getLast(), data);
      return new TrainedModel(
          request.settings().model(),
          Shape.of(request.settings(), data),
          data.columns(),
          data.target().name(),
          data.target() instanceof Target.Classes(_, var names, _) ? names : List.of(),
          all.folds().getFirst().standardisation(),
          all.folds().getFirst().targetScale(),
          run.weights(0, 0),
          provenance);
    }
  }

  /// @param reached where the stage before ended; empty for the first
  private static FusedRun open(FusedTrainer trainer, Stage stage, List<LaneCheckpoint> reached) {
    var run = trainer.open(List.of(stage.request()));
    if (!reached.isEmpty()) {
      run.restore(0, reached);
    }
    return run;
  }

  private static void advance(FusedRun run, Stage stage, DataSet data) throws InterruptedException {
    if (run.advance(stage.epoch()).getFirst().diverged()) {
      throw new Problem(
          "Training on all the data diverged.",
          data.name() + ": " + stage.request().settings(),
          "Lower the learning rate, or take another trial.");
    }
  }

  public Task task() {
    return classes.isEmpty() ? Task.REGRESSION : Task.CLASSIFICATION;
  }

  /// Predictions for the rows of a data set that has the model's columns: rows × c probabilities,
  /// row-major, or a number for each row in the unit of the label.
  public float[] predict(TrainEngine engine, DataSet data) {
    if (!data.columns().equals(columns)) {
      throw new IllegalArgumentException("the data has other columns than the model");
    }
    var rows = IntStream.range(0, data.rows()).toArray();
    var fold = new Fold(new int[0], rows, standardisation, targetScale);
    return engine.predict(shape, new FoldedData(data, List.of(fold)), 0, weights, rows);
  }
}
