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
    var all = Validation.everything(data);
    var trainer = new FusedTrainer(engine, all);
    try (var run = trainer.open(List.of(request))) {
      if (run.advance(Integer.MAX_VALUE).getFirst().diverged()) {
        throw new Problem(
            "Training on all the data diverged.",
            data.name() + ": " + request.settings(),
            "Lower the learning rate, or take another trial.");
      }
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
