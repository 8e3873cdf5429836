package dev.assay.train;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table to learn from: features X (n × p, FP32, row-major) and a target for each row. A feature
/// is finite, or NaN where the value is missing. Immutable by agreement: the arrays are handed out
/// uncopied and must not be written.
public final class DataSet {
  private final String name;
  private final List<Column> columns;
  private final Target target;
  private final float[] features;
  private final int @Nullable [] groups;
  private final int width;

  /// @param name as errors shall call it
  /// @param columns in the order of the features; their widths add up to p
  /// @param target of n rows
  /// @param features n × p, row-major
  public DataSet(String name, List<Column> columns, Target target, float[] features) {
    this(name, columns, target, features, null);
  }

  /// @param groups n numbers from 0: which rows belong together; null where none do
  public DataSet(
      String name, List<Column> columns, Target target, float[] features, int @Nullable [] groups) {
    Require.named("data", "name", name);
    this.groups = groups;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.target = target;
    this.features = features;
    this.width = columns.stream().mapToInt(Column::width).sum();
    checkShape();
    target.check(name);
    checkValues();
  }

  public String name() {
    return name;
  }

  /// n.
  public int rows() {
    return target.rows();
  }

  /// p.
  public int width() {
    return width;
  }

  public List<Column> columns() {
    return columns;
  }

  public Target target() {
    return target;
  }

  /// n × p, row-major; not a copy.
  public float[] features() {
    return features;
  }

  /// n numbers from 0, equal for rows that belong together, or null; not a copy.
  public int @Nullable [] groups() {
    return groups;
  }

  /// The image that every row is, or null.
  public Column.@Nullable Image image() {
    return columns.size() == 1 && columns.getFirst() instanceof Column.Image image ? image : null;
  }

  private void checkShape() {
    if (width == 0) {
      throw new Problem(
          "The data has no features.",
          name + ": the label is the only column",
          "Add at least one column beside the label.");
    }
    if ((long) rows() * width != features.length) {
      throw new IllegalArgumentException(
          features.length + " features are not " + rows() + " rows of " + width);
    }
  }

  private void checkValues() {
    for (int i = 0; i < features.length; i++) {
      if (Float.isInfinite(features[i])) {
        throw new Problem(
            "The data holds a value that is not a finite number.",
            features[i]
                + " in row "
                + (i / width + 1)
                + ", feature "
                + (i % width + 1)
                + " of "
                + name,
            "Remove the row, or replace the value.");
      }
    }
  }
}
