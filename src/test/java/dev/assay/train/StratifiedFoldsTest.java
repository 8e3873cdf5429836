package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stratified folds, and the standardisation of each.
class StratifiedFoldsTest {
  private static FoldedData folded(String data, Validation validation, long seed) {
    return validation.apply(DataSets.bundled(data), new Streams(seed));
  }

  /// How many validation rows a fold has of each class.
  private static int[] counts(FoldedData data, int fold, int classes) {
    var counts = new int[classes];
    if (data.validationTarget(fold) instanceof Target.Classes(_, _, var labels)) {
      for (int label : labels) {
        counts[label]++;
      }
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 10})
  void everyRowValidatesOnceAndTrainsInAllOtherFolds(int k) {
    var digits = folded("digits", new Validation.CrossValidation(k), 1);
    int rows = digits.data().rows();
    var validated = new HashSet<Integer>();
    var sizes = new IntSummaryStatistics();
    for (var fold : digits.folds()) {
      sizes.accept(fold.validation().length);
      for (int row : fold.validation()) {
        assertThat(validated.add(row)).isTrue();
      }
      var all = new HashSet<Integer>();
      Arrays.stream(fold.training()).forEach(all::add);
      Arrays.stream(fold.validation()).forEach(all::add);
      assertThat(all).hasSize(rows);
      assertThat(fold.training().length + fold.validation().length).isEqualTo(rows);
      assertThat(fold.training()).isSorted();
      assertThat(fold.validation()).isSorted();
    }
    assertThat(digits.folds()).hasSize(k);
    assertThat(validated).hasSize(rows);
    assertThat(sizes.getMax() - sizes.getMin()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits", "iris", "wine", "breast_cancer"})
  void everyClassHasItsShareOfEveryFold(String name) {
    var data = folded(name, new Validation.CrossValidation(5), 3);
    int classes = name.equals("digits") ? 10 : name.equals("breast_cancer") ? 2 : 3;
    for (int c = 0; c < classes; c++) {
      var share = new IntSummaryStatistics();
      for (int fold = 0; fold < 5; fold++) {
        share.accept(counts(data, fold, classes)[c]);
      }
      assertThat(share.getMin()).isPositive();
      assertThat(share.getMax() - share.getMin()).as("class %d", c).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aHoldOutTakesItsShareOfEveryClass() {
    var iris = folded("iris", new Validation.HoldOut(0.2), 1);
    assertThat(iris.folds()).hasSize(1);
    assertThat(counts(iris, 0, 3)).containsExactly(10, 10, 10);
    // At least one row of each class, and never all of them.
    assertThat(counts(folded("iris", new Validation.HoldOut(0.001), 1), 0, 3))
        .containsExactly(1, 1, 1);
    assertThat(counts(folded("iris", new Validation.HoldOut(0.999), 1), 0, 3))
        .containsExactly(49, 49, 49);
  }

  @Test
  void theSeedAloneDecidesWhichRowsFallWhere() {
    var validation = new Validation.CrossValidation(5);
    var first = folded("wine", validation, 7).folds().getFirst().validation();
    assertThat(folded("wine", validation, 7).folds().getFirst().validation()).isEqualTo(first);
    assertThat(folded("wine", validation, 8).folds().getFirst().validation()).isNotEqualTo(first);
  }

  @Test
  void standardisationIsFittedOnTheTrainingRowsOnly() {
    var wine = folded("wine", new Validation.CrossValidation(3), 1);
    int p = wine.data().width();
    for (var fold : wine.folds()) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        double squares = 0;
        for (int row : fold.training()) {
          double z =
              (wine.data().features()[row * p + j] - fold.standardisation().mean()[j])
                  * fold.standardisation().scale()[j];
          sum += z;
          squares += z * z;
        }
        int n = fold.training().length;
        assertThat(sum / n).isBetween(-1e-4, 1e-4);
        assertThat(squares / n).isBetween(0.9999, 1.0001);
      }
    }
    assertThat(wine.folds().get(0).standardisation().mean())
        .isNotEqualTo(wine.folds().get(1).standardisation().mean());
  }

  @Test
  void aClassWithFewerRowsThanFoldsIsRefused() {
    var problem =
        catchThrowableOfType(
            Problem.class, () -> folded("iris", new Validation.CrossValidation(51), 1));
    assertThat(problem.what()).contains("fewer rows");
    assertThat(problem.value()).contains("50 of 51 rows", "cv: 51");
    assertThat(problem.mend()).contains("fewer folds");
  }
}
