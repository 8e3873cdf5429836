package dev.assay.train;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.List;

/// How good predictions are: class probabilities, or numbers. A metric has one natural direction.
public enum Metric {
  /// The share of rows whose most probable class is theirs.
  ACCURACY("accuracy", Task.CLASSIFICATION, true),

  /// The mean, over the classes that occur, of the share of a class's rows that were recognised.
  BALANCED_ACCURACY("balanced_accuracy", Task.CLASSIFICATION, true),

  /// Mean cross-entropy in nats; a probability below 1e-15 counts as 1e-15.
  LOG_LOSS("log_loss", Task.CLASSIFICATION, false),

  /// The mean of the classes' F1 = 2 TP / (2 TP + FP + FN), over the classes that occur or were
  /// predicted.
  F1_MACRO("f1_macro", Task.CLASSIFICATION, true),

  /// The area under the receiver operating characteristic: how often a row of the class gets a
  /// higher probability of it than a row of another, equal ones counted half. Of the second class
  /// where there are two; else the mean over the classes, each against the rest. NaN when no class
  /// both occurs and is missing.
  ROC_AUC("roc_auc", Task.CLASSIFICATION, true),

  /// The root of the mean squared error, in the unit of the label.
  RMSE("rmse", Task.REGRESSION, false),

  /// The mean absolute error, in the unit of the label.
  MAE("mae", Task.REGRESSION, false),

  /// 1 - Σ (y - ŷ)² / Σ (y - ȳ)²; where all y are equal, 1 for right predictions and else 0.
  R2("r2", Task.REGRESSION, true);

  private final String key;
  private final Task task;
  private final boolean maximised;

  Metric(String key, Task task, boolean maximised) {
    this.key = key;
    this.task = task;
    this.maximised = maximised;
  }

  /// The name in study files and results.
  public String key() {
    return key;
  }

  /// What kind of predictions it judges.
  public Task task() {
    return task;
  }

  /// Whether more is better.
  public boolean maximised() {
    return maximised;
  }

  /// The metric of one set of predictions; NaN when one of them is.
  ///
  /// @param predictions n × c probabilities, or n numbers in the unit of the target
  public double of(Target truth, float[] predictions) {
    return switch (truth) {
      case Target.Classes(_, var classes, var labels) -> of(labels, predictions, classes.size());
      case Target.Quantity(_, var values) -> of(values, predictions);
    };
  }

  /// The metric of class probabilities; NaN when one of them is.
  ///
  /// @param truth the n true classes, n > 0
  /// @param probabilities n × c, row-major; of equal ones the first counts as the prediction
  /// @param classes c
  public double of(int[] truth, float[] probabilities, int classes) {
    if (truth.length == 0 || truth.length * classes != probabilities.length) {
      throw new IllegalArgumentException(
          truth.length + " rows of " + classes + " are not " + probabilities.length + " values");
    }
    if (anyNaN(probabilities)) {
      return Double.NaN;
    }
    return switch (this) {
      case ACCURACY -> new Confusion(truth, probabilities, classes).accuracy();
      case BALANCED_ACCURACY -> new Confusion(truth, probabilities, classes).balancedAccuracy();
      case F1_MACRO -> new Confusion(truth, probabilities, classes).macroF1();
      case LOG_LOSS -> logLoss(truth, probabilities, classes);
      case ROC_AUC -> RankedRows.areaUnderCurve(truth, probabilities, classes);
      case RMSE, MAE, R2 -> throw new IllegalArgumentException(key + " judges numbers");
    };
  }

  /// The metric of predicted numbers; NaN when one of them is.
  ///
  /// @param truth the n true numbers, n > 0
  /// @param predictions n numbers
  public double of(float[] truth, float[] predictions) {
    if (truth.length == 0 || truth.length != predictions.length) {
      throw new IllegalArgumentException(
          truth.length + " rows are not " + predictions.length + " values");
    }
    if (anyNaN(predictions)) {
      return Double.NaN;
    }
    return switch (this) {
      case RMSE -> Math.sqrt(squaredError(truth, predictions) / truth.length);
      case MAE -> absoluteError(truth, predictions) / truth.length;
      case R2 -> determination(truth, predictions);
      case ACCURACY, BALANCED_ACCURACY, LOG_LOSS, F1_MACRO, ROC_AUC ->
          throw new IllegalArgumentException(key + " judges classes");
    };
  }

  private static boolean anyNaN(float[] values) {
    for (float value : values) {
      if (Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  private static double logLoss(int[] truth, float[] probabilities, int classes) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      sum -= StrictMath.log(Math.max(probabilities[i * classes + truth[i]], 1e-15));
    }
    return sum / truth.length;
  }

  private static double squaredError(float[] truth, float[] predictions) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      double error = (double) truth[i] - predictions[i];
      sum += error * error;
    }
    return sum;
  }

  private static double absoluteError(float[] truth, float[] predictions) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      sum += Math.abs((double) truth[i] - predictions[i]);
    }
    return sum;
  }

  private static double determination(float[] truth, float[] predictions) {
    double mean = 0;
    for (float y : truth) {
      mean += y;
    }
    mean /= truth.length;
    double total = 0;
    for (float y : truth) {
      total += (y - mean) * (y - mean);
    }
    double left = squaredError(truth, predictions);
    return total > 0 ? 1 - left / total : left == 0 ? 1 : 0;
  }

  /// The keys of a task's metrics, in the order of declaration.
  public static List<String> keys(Task task) {
    return of(task).stream().map(Metric::key).toList();
  }

  /// A task's metrics, in the order of declaration.
  public static List<Metric> of(Task task) {
    return Arrays.stream(values()).filter(metric -> metric.task == task).toList();
  }

  /// The metrics' keys, in the order of declaration.
  public static List<String> keys() {
    return Arrays.stream(values()).map(Metric::key).toList();
  }

  /// The metric that a study file names.
  public static Metric named(String key) {
    for (var metric : values()) {
      if (metric.key.equals(key)) {
        return metric;
      }
    }
    throw new Problem("There is no such metric.", "\"" + key + "\"", Nearest.suggest(key, keys()));
  }
}
