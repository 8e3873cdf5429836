package dev.assay.bench.quality;

import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.train.DataSets;
import dev.assay.train.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import libsvm.svm;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/// Error of a support-vector classifier (radial kernel, LIBSVM) on the first 300 digits in three
/// stratified folds of the rows in their order; C and gamma are searched.
final class SvcDigits {
  private static final int ROWS = 300;
  private static final int FOLDS = 3;
  private static final double LARGEST_PIXEL = 16;

  private final svm_node[][] rows = new svm_node[ROWS][];
  private final double[] labels = new double[ROWS];
  private final int[] folds = new int[ROWS];

  private SvcDigits() {
    var digits = DataSets.bundled("digits");
    var target = (Target.Classes) digits.target();
    int width = digits.width();
    for (int i = 0; i < ROWS; i++) {
      rows[i] = new svm_node[width];
      for (int j = 0; j < width; j++) {
        var node = new svm_node();
        node.index = j + 1;
        node.value = digits.features()[i * width + j] / LARGEST_PIXEL;
        rows[i][j] = node;
      }
      labels[i] = target.labels()[i];
    }
    assignFolds(target.outputs());
    svm.svm_set_print_string_function(_ -> {});
  }

  static SearchProblem problem() {
    var space =
        SearchSpace.builder()
            .add("C", FloatRange.log(1e-3, 1e3))
            .add("gamma", FloatRange.log(1e-6, 1))
            .build();
    return new SearchProblem("svc_digits", space, 0, new SvcDigits()::error);
  }

  /// As scikit-learn's StratifiedKFold without shuffling does it: how many rows of a class a fold
  /// gets is found by dealing the sorted labels out in turn; it gets them in the order of the rows.
  private void assignFolds(int classes) {
    var order = new int[classes]; // classes by first appearance
    java.util.Arrays.fill(order, -1);
    int known = 0;
    var counts = new int[classes];
    for (double label : labels) {
      if (order[(int) label] < 0) {
        order[(int) label] = known++;
      }
      counts[order[(int) label]]++;
    }
    var quota = new int[classes][FOLDS];
    int position = 0;
    for (int k = 0; k < known; k++) {
      for (int i = 0; i < counts[k]; i++) {
        quota[k][position++ % FOLDS]++;
      }
    }
    for (int i = 0; i < ROWS; i++) {
      var left = quota[order[(int) labels[i]]];
      int fold = 0;
      while (left[fold] == 0) {
        fold++;
      }
      left[fold]--;
      folds[i] = fold;
    }
  }

  private double error(Configuration configuration) {
    double accuracy = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      accuracy += accuracy(fold, configuration.number("C"), configuration.number("gamma"));
    }
    return 1 - accuracy / FOLDS;
  }

  private double accuracy(int fold, double c, double gamma) {
    List<Integer> training = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      if (folds[i] != fold) {
        training.add(i);
      }
    }
    // Ties between classes go to the one that LIBSVM met first; scikit-learn sorts them.
    training.sort(Comparator.comparingDouble(i -> labels[i]));
    var problem = new svm_problem();
    problem.l = training.size();
    problem.x = training.stream().map(i -> rows[i]).toArray(svm_node[][]::new);
    problem.y = training.stream().mapToDouble(i -> labels[i]).toArray();
    var model = svm.svm_train(problem, parameters(c, gamma));
    int right = 0;
    for (int i = 0; i < ROWS; i++) {
      right += folds[i] == fold && svm.svm_predict(model, rows[i]) == labels[i] ? 1 : 0;
    }
    return (double) right / (ROWS - problem.l);
  }

  private static svm_parameter parameters(double c, double gamma) {
    var parameters = new svm_parameter();
    parameters.svm_type = svm_parameter.C_SVC;
    parameters.kernel_type = svm_parameter.RBF;
    parameters.C = c;
    parameters.gamma = gamma;
    parameters.eps = 1e-3;
    parameters.cache_size = 50;
    parameters.shrinking = 1;
    return parameters;
  }
}
