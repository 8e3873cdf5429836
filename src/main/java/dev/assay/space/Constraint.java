package dev.assay.space;

import java.util.List;
import java.util.function.Predicate;

/// What a configuration must satisfy to be proposed.
public sealed interface Constraint {
  /// The text of an expression, or the name given to a predicate.
  String name();

  boolean holds(Configuration configuration);

  /// A constraint written in the study file; [ConstraintParser] has the grammar.
  ///
  /// One that names an inactive parameter holds.
  ///
  /// @param named the indices of the parameters that it names
  record Written(String name, Expression root, List<Integer> named) implements Constraint {
    @Override
    public boolean holds(Configuration configuration) {
      for (int index : named) {
        if (!configuration.isActive(index)) {
          return true;
        }
      }
      return root.value(configuration.codes()) != 0;
    }
  }

  /// The configuration is one of a list.
  ///
  /// @param own whether the list belongs to the space alone; else something that is stored beside
  ///   the space's description tells it, as a recorded table does
  record Listed(String name, RowSet rows, boolean own) implements Constraint {
    @Override
    public boolean holds(Configuration configuration) {
      return rows.contains(configuration.codes());
    }
  }

  /// A constraint in Java.
  record Checked(String name, Predicate<Configuration> predicate) implements Constraint {
    @Override
    public boolean holds(Configuration configuration) {
      return predicate.test(configuration);
    }
  }
}
