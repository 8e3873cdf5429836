package dev.assay.importance;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.List;

/// A way to judge how much parameters matter.
public sealed interface ImportanceMethod permits PedAnova, Fanova {
  /// The names of the methods, the default first.
  List<String> NAMES = List.of("ped-anova", "fanova");

  /// As on the command line.
  String name();

  /// What the parameters contribute.
  ///
  /// @param observed at least one trial
  Contributions contributions(Observed observed);

  /// The method of a name, with its standard settings.
  ///
  /// @throws Problem for an unknown name
  static ImportanceMethod named(String name) {
    return switch (name) {
      case "ped-anova" -> new PedAnova();
      case "fanova" -> new Fanova();
      default ->
          throw new Problem(
              "There is no such method of importance.", name, Nearest.suggest(name, NAMES));
    };
  }
}
