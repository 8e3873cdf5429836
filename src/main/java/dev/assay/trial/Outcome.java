package dev.assay.trial;

import java.util.Arrays;
import java.util.List;

/// How a trial ended. Failure is data: the study goes on.
public sealed interface Outcome {
  /// It ended with one finite value for each objective.
  record Complete(List<Double> values) implements Outcome {
    public Complete {
      values = List.copyOf(values);
    }
  }

  /// It was stopped early because it was hopeless.
  record Pruned() implements Outcome {}

  /// It ended without values.
  ///
  /// @param detail what a person needs to know: a message, the last lines of a log
  record Failed(Cause cause, String detail) implements Outcome {}

  /// The outcome of a study with one objective.
  static Outcome complete(double value) {
    return new Complete(List.of(value));
  }

  /// @param values one for each objective, in the study's order
  static Outcome complete(double... values) {
    var boxed = new Double[values.length];
    Arrays.setAll(boxed, k -> values[k]);
    return new Complete(List.of(boxed));
  }

  static Outcome pruned() {
    return new Pruned();
  }

  static Outcome failed(Cause cause, String detail) {
    return new Failed(cause, detail);
  }
}
