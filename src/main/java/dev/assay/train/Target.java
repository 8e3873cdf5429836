package dev.assay.train;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import java.util.List;

/// What the rows of a data set are to be mapped to. The arrays are handed out uncopied and must not
/// be written.
public sealed interface Target {
  /// n.
  int rows();

  /// How many outputs a model has for it: c classes, or 1.
  int outputs();

  /// The label column's name.
  String name();

  Task task();

  /// The target of chosen rows, in their order.
  default Target of(int[] chosen) {
    return switch (this) {
      case Classes(var name, var classes, var labels) -> {
        var part = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
          part[i] = labels[chosen[i]];
        }
        yield new Classes(name, classes, part);
      }
      case Quantity(var name, var values) -> {
        var part = new float[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
          part[i] = values[chosen[i]];
        }
        yield new Quantity(name, part);
      }
    };
  }

  /// A class for each row.
  ///
  /// @param name the label column's
  /// @param classes the names of the c classes, at least two, in the order of the indices
  /// @param labels n indices into `classes`
  @SuppressWarnings("ArrayRecordComponent")
  record Classes(String name, List<String> classes, int[] labels) implements Target {
    public Classes {
      Require.named("data", "label", name);
      classes = List.copyOf(classes);
    }

    @Override
    public int rows() {
      return labels.length;
    }

    @Override
    public int outputs() {
      return classes.size();
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }
  }

  /// A number for each row.
  ///
  /// @param name the label column's
  /// @param values n finite values, in the unit of the data
  @SuppressWarnings("ArrayRecordComponent")
  record Quantity(String name, float[] values) implements Target {
    public Quantity {
      Require.named("data", "label", name);
    }

    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Task task() {
      return Task.REGRESSION;
    }
  }

  /// Refuses a target that nothing can be learnt from.
  ///
  /// @param data as errors shall call the data set
  default void check(String data) {
    if (rows() == 0) {
      throw new Problem("The data has no rows.", data, "Add at least two rows of each class.");
    }
    switch (this) {
      case Classes(_, var classes, var labels) -> checkClasses(data, classes, labels);
      case Quantity(var name, var values) -> checkValues(data, name, values);
    }
  }

  private static void checkClasses(String data, List<String> names, int[] labels) {
    if (names.size() < 2) {
      throw new Problem(
          "Classification needs at least two classes.",
          data + ": every label is \"" + String.join("", names) + "\"",
          "Name another label column, or give data of two or more classes.");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= names.size()) {
        throw new Problem(
            "A label is out of range.",
            labels[i]
                + " in row "
                + (i + 1)
                + " of "
                + data
                + ", with "
                + names.size()
                + " classes",
            "Number the classes from 0 to " + (names.size() - 1) + ".");
      }
    }
  }

  private static void checkValues(String data, String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new Problem(
            "A label is not a finite number.",
            values[i] + " in row " + (i + 1) + ", column " + name + " of " + data,
            "Remove the row, or replace the value.");
      }
    }
  }
}
