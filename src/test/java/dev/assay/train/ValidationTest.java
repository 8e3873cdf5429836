package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValidationTest {
  private static DataSet data(int[] labels, int @Nullable [] groups) {
    var features = new float[labels.length];
    for (int i = 0; i < features.length; i++) {
      features[i] = i;
    }
    var target = new Target.Classes("label", List.of("a", "b"), labels);
    return new DataSet("made", List.of(new Column.Numeric("x")), target, features, groups);
  }

  private static int[] alternating(int rows) {
    return IntStream.range(0, rows).map(i -> i % 2).toArray();
  }

  @Test
  void aGroupNeverStandsOnBothSides() {
    var groups = new int[] {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0, 1};
    var folded = new Validation.GroupFolds(3).apply(data(alternating(16), groups), new Streams(1));
    var validated = new HashSet<Integer>();
    for (var fold : folded.folds()) {
      var inside = new HashSet<Integer>();
      for (int row : fold.validation()) {
        inside.add(groups[row]);
        assertThat(validated.add(row)).isTrue();
      }
      for (int row : fold.training()) {
        assertThat(inside).doesNotContain(groups[row]);
      }
      assertThat(fold.validation()).hasSizeBetween(4, 6);
    }
    assertThat(validated).hasSize(16);
  }

  @Test
  void timeGoesForwards() {
    var folded = new Validation.TimeSeries(3).apply(data(alternating(22), null), new Streams(1));
    assertThat(folded.folds()).hasSize(3);
    int end = 22 - 3 * 5;
    for (var fold : folded.folds()) {
      assertThat(fold.training()).isEqualTo(IntStream.range(0, end).toArray());
      assertThat(fold.validation()).isEqualTo(IntStream.range(end, end + 5).toArray());
      end += 5;
    }
  }

  @Test
  void aFoldThatMissesAClassIsRefused() {
    var labels = new int[20];
    labels[19] = 1;
    assertThatThrownBy(() -> new Validation.TimeSeries(3).apply(data(labels, null), new Streams(1)))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("\"b\" in fold 1"));
    assertThatThrownBy(() ->
            new Validation.GroupFolds(3)
                .apply(data(alternating(6), new int[] {0, 0, 0, 1, 1, 1}), new Streams(1)))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("2 groups"));
  }

  @Test
  void standardisationAndScaleAreFittedOnTrainingRowsOnly() {
    var values = new float[] {1, 2, 3, 4, 5, 600, 700, 800};
    var target = new Target.Quantity("y", values);
    var features = new float[] {1, 3, Float.NaN, 5, 7, 100, 100, 100};
    var data = new DataSet("made", List.of(new Column.Numeric("x")), target, features);
    var fold = new Validation.TimeSeries(3).apply(data, new Streams(1)).folds().getFirst();
    assertThat(fold.training()).containsExactly(0, 1);
    assertThat(fold.standardisation().mean()[0]).isEqualTo(2f);
    assertThat(fold.standardisation().scale()[0]).isEqualTo(1f);
    assertThat(fold.targetScale()).isEqualTo(new TargetScale(1.5, 0.5));
    assertThat(fold.targetScale().unscaled(fold.targetScale().scaled(600))).isEqualTo(600);
  }
}
