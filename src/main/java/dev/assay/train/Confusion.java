package dev.assay.train;

import java.util.Arrays;

/// Which classes were taken for which.
final class Confusion {
  /// counts[t][d]: rows of class t that were taken for class d.
  private final int[][] counts;

  private final int rows;

  /// @param probabilities n × c, row-major; of equal ones the first counts as the prediction
  Confusion(int[] truth, float[] probabilities, int classes) {
    rows = truth.length;
    counts = new int[classes][classes];
    for (int i = 0; i < rows; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities[i * classes + c] > probabilities[i * classes + best]) {
          best = c;
        }
      }
      counts[truth[i]][best]++;
    }
  }

  double accuracy() {
    long right = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
    }
    return (double) right / rows;
  }

  double balancedAccuracy() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < counts.length; c++) {
      int ofClass = Arrays.stream(counts[c]).sum();
      if (ofClass > 0) {
        sum += (double) counts[c][c] / ofClass;
        present++;
      }
    }
    return sum / present;
  }

  double macroF1() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < counts.length; c++) {
      long rowsAndPredictions = 0;
      for (int d = 0; d < counts.length; d++) {
        rowsAndPredictions += counts[c][d] + counts[d][c];
      }
      if (rowsAndPredictions > 0) {
        sum += 2.0 * counts[c][c] / rowsAndPredictions;
        present++;
      }
    }
    return sum / present;
  }
}
