package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.List;

/// A table for classification: features X (n × p, FP32, row-major, every value finite) and a class
/// for each row. Immutable by agreement: the arrays are handed out uncopied and must not be
/// written.
public final class DataSet {
  private final String name;
  private final List<Column> columns;
  private final List<String> classes;
  private final float[] features;
  private final int[] labels;
  private final int width;

  /// @param name as errors shall call it
  /// @param columns in the order of the features; their widths add up to p
  /// @param classes the names of the classes, at least two
  /// @param features n × p, row-major
  /// @param labels n indices into `classes`
  public DataSet(
      String name, List<Column> columns, List<String> classes, float[] features, int[] labels) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.classes = List.copyOf(classes);
    this.features = features;
    this.labels = labels;
    this.width = columns.stream().mapToInt(Column::width).sum();
    checkShape();
    checkValues();
  }

  public String name() {
    return name;
  }

  /// n.
  public int rows() {
    return labels.length;
  }

  /// p.
  public int width() {
    return width;
  }

  public List<Column> columns() {
    return columns;
  }

  /// The names of the classes, in the order of the labels' indices.
  public List<String> classes() {
    return classes;
  }

  /// n × p, row-major; not a copy.
  public float[] features() {
    return features;
  }

  /// n indices of classes; not a copy.
  public int[] labels() {
    return labels;
  }

  private void checkShape() {
    if (width == 0) {
      throw new Problem(
          "The data has no features.",
          name + ": the label is the only column",
          "Add at least one column beside the label.");
    }
    if ((long) labels.length * width != features.length) {
      throw new IllegalArgumentException(
          features.length + " features are not " + labels.length + " rows of " + width);
    }
    if (labels.length == 0) {
      throw new Problem("The data has no rows.", name, "Add at least two rows of each class.");
    }
    if (classes.size() < 2) {
      throw new Problem(
          "Classification needs at least two classes.",
          name + ": every label is \"" + String.join("", classes) + "\"",
          "Name another label column, or give data of two or more classes.");
    }
  }

  private void checkValues() {
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
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
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new Problem(
            "A label is out of range.",
            labels[i]
                + " in row "
                + (i + 1)
                + " of "
                + name
                + ", with "
                + classes.size()
                + " classes",
            "Number the classes from 0 to " + (classes.size() - 1) + ".");
      }
    }
  }
}
