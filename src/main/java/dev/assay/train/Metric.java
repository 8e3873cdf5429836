package dev.assay.train;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// How good predicted class probabilities are. A metric has one natural direction.
public enum Metric {
  /// The share of rows whose most probable class is theirs.
  ACCURACY("accuracy", true) {
    @Override
    double score(int[] truth, float[] probabilities, int classes) {
      var confusion = confusion(truth, probabilities, classes);
      long right = 0;
      for (int c = 0; c < classes; c++) {
        right += confusion[c][c];
      }
      return (double) right / truth.length;
    }
  },

  /// The mean, over the classes that occur, of the share of a class's rows that were recognised.
  BALANCED_ACCURACY("balanced_accuracy", true) {
    @Override
    double score(int[] truth, float[] probabilities, int classes) {
      var confusion = confusion(truth, probabilities, classes);
      double sum = 0;
      int present = 0;
      for (int c = 0; c < classes; c++) {
        int rows = Arrays.stream(confusion[c]).sum();
        if (rows > 0) {
          sum += (double) confusion[c][c] / rows;
          present++;
        }
      }
      return sum / present;
    }
  },

  /// Mean cross-entropy in nats; a probability below 1e-15 counts as 1e-15.
  LOG_LOSS("log_loss", false) {
    @Override
    double score(int[] truth, float[] probabilities, int classes) {
      double sum = 0;
      for (int i = 0; i < truth.length; i++) {
        sum -= StrictMath.log(Math.max(probabilities[i * classes + truth[i]], 1e-15));
      }
      return sum / truth.length;
    }
  },

  /// The mean of the classes' F1 = 2 TP / (2 TP + FP + FN), over the classes that occur or were
  /// predicted.
  F1_MACRO("f1_macro", true) {
    @Override
    double score(int[] truth, float[] probabilities, int classes) {
      var confusion = confusion(truth, probabilities, classes);
      double sum = 0;
      int present = 0;
      for (int c = 0; c < classes; c++) {
        long rowsAndPredictions = 0;
        for (int d = 0; d < classes; d++) {
          rowsAndPredictions += confusion[c][d] + confusion[d][c];
        }
        if (rowsAndPredictions > 0) {
          sum += 2.0 * confusion[c][c] / rowsAndPredictions;
          present++;
        }
      }
      return sum / present;
    }
  };

  private static final Set<String> LATER = Set.of("roc_auc", "rmse", "mae", "r2");

  private final String key;
  private final boolean maximised;

  Metric(String key, boolean maximised) {
    this.key = key;
    this.maximised = maximised;
  }

  /// The name in study files and results.
  public String key() {
    return key;
  }

  /// Whether more is better.
  public boolean maximised() {
    return maximised;
  }

  /// The metric of one set of predictions; NaN when a probability is NaN.
  ///
  /// @param truth the n true classes, n > 0
  /// @param probabilities n × c, row-major; of equal ones the first counts as the prediction
  /// @param classes c
  public final double of(int[] truth, float[] probabilities, int classes) {
    if (truth.length == 0 || truth.length * classes != probabilities.length) {
      throw new IllegalArgumentException(
          truth.length + " rows of " + classes + " are not " + probabilities.length + " values");
    }
    for (float probability : probabilities) {
      if (Float.isNaN(probability)) {
        return Double.NaN;
      }
    }
    return score(truth, probabilities, classes);
  }

  abstract double score(int[] truth, float[] probabilities, int classes);

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
    if (LATER.contains(key)) {
      throw NotYet.problem(
          "The metric " + key, "\"" + key + "\"", "Use one of " + String.join(", ", keys()) + ".");
    }
    throw new Problem("There is no such metric.", "\"" + key + "\"", Nearest.suggest(key, keys()));
  }

  /// confusion[t][d]: rows of class t that were taken for class d.
  private static int[][] confusion(int[] truth, float[] probabilities, int classes) {
    var confusion = new int[classes][classes];
    for (int i = 0; i < truth.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities[i * classes + c] > probabilities[i * classes + best]) {
          best = c;
        }
      }
      confusion[truth[i]][best]++;
    }
    return confusion;
  }
}
