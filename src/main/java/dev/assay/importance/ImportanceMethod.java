package dev.assay.importance;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.List;

/// A way to judge how much parameters matter.
public sealed interface ImportanceMethod permits PedAnova, Fanova {
  /// What may be asked for, the default first.
  List<String> NAMES = List.of("auto", "ped-anova", "fanova");

  /// Of [#NAMES] the one that leaves the choice to [#fitting].
  String AUTO = "auto";

  /// As on the command line.
  String name();

  /// Fewer completed trials than this do not tell which parameter matters most.
  ///
  /// Measured on sums of 2, 5 and 10 terms of which one has three times the weight of the others,
  /// without and with noise, drawn evenly: fANOVA names that one in 55 to 95 of 100 samples of two
  /// trials a parameter (PED-ANOVA in 10 to 65), in 75 to 100 of three. PED-ANOVA, which sees the
  /// best tenth only, needs ten trials in it, and more where there are more parameters: it names it
  /// in 60 to 100 of 100 samples of 20 trials a parameter.
  ///
  /// @param parameters how many there are
  int fewest(int parameters);

  /// What `auto` stands for: the best tenth of the trials tells what to set where there are enough
  /// of them; until then what moves the metric is all that can be known.
  static ImportanceMethod fitting(int trials, int parameters) {
    var demanding = new PedAnova();
    return trials >= demanding.fewest(parameters) ? demanding : new Fanova();
  }

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
