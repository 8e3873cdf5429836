package dev.assay.bench.quality;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Functions of which people expect the best values somewhere: about where they are, or as far away
/// as they can be, in every parameter, and each time quite sure.
final class Expectations {
  /// One standard deviation, as a share of a range; what is right is off by as much.
  private static final double SPREAD = 0.1;

  private static final double FAR = 0.95;
  private static final double LIKELIER = 4;

  private static final double[] HARTMANN = {
    0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573
  };

  /// Of numbers their place in the range, of choices the option.
  private static final double[] MIXED = {0.65, 0.4, 0.52, 0.40625, 0, 0};

  private Expectations() {}

  static List<SearchProblem> all() {
    return List.of(
        about("hartmann6", HARTMANN)
            .aiming(Aim.regret("auto", 30, 0.02), Aim.regret("tpe", 60, 0.15)),
        away("hartmann6", HARTMANN)
            .aiming(Aim.regret("auto", 60, 0.12), Aim.regret("tpe", 60, 0.35)),
        about("mixed6", MIXED).aiming(Aim.regret("auto", 30, 0.1), Aim.regret("tpe", 60, 0.15)),
        away("mixed6", MIXED).aiming(Aim.regret("auto", 60, 0.1), Aim.regret("tpe", 60, 0.5)));
  }

  private static SearchProblem about(String function, double[] best) {
    return with(function, "-expected", best, SPREAD);
  }

  private static SearchProblem away(String function, double[] best) {
    return with(function, "-misled", best, Double.NaN);
  }

  /// @param off by how much what is expected is wrong; NaN: by as much as can be
  private static SearchProblem with(String function, String suffix, double[] best, double off) {
    var problem = SearchProblems.named(function);
    var builder = SearchSpace.builder();
    var parameters = problem.space().parameters();
    for (int i = 0; i < best.length; i++) {
      var parameter = parameters.get(i);
      builder.add(
          parameter.expecting(
              parameter.distribution() instanceof Choice choice
                  ? weights(choice, Double.isNaN(off) ? choice.options().size() - 1 : (int) best[i])
                  : around(parameter, place(best[i], i % 2 == 0 ? off : -off))));
    }
    return problem.named(function + suffix).in(builder.build()).planned(SearchPlan.WORLD);
  }

  private static double place(double best, double off) {
    return Double.isNaN(off) ? best < 0.5 ? FAR : 1 - FAR : Math.clamp(best + off, 0, 1);
  }

  private static Prior weights(Choice choice, int option) {
    var weights = new ArrayList<>(Collections.nCopies(choice.options().size(), 1.0));
    weights.set(option, LIKELIER);
    return new Prior.Weights(weights);
  }

  private static Prior around(Parameter parameter, double place) {
    var range = parameter.distribution();
    double low = range.fromUnit(0);
    double high = range.fromUnit(1);
    return isLog(range)
        ? Prior.within(low * Math.pow(high / low, place), Math.pow(high / low, SPREAD))
        : Prior.around(low + place * (high - low), SPREAD * (high - low));
  }

  private static boolean isLog(Distribution distribution) {
    return switch (distribution) {
      case FloatRange range -> range.log();
      case IntRange range -> range.log();
      case Choice _ -> false;
    };
  }
}
