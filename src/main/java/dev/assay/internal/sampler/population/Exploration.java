package dev.assay.internal.sampler.population;

import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.random.RandomGenerator;

/// How population based training changes a configuration (Jaderberg et al. 2017, section 3: perturb
/// and resample).
///
/// Each parameter is drawn anew with a certain probability, and else changed by one of two factors:
/// logarithmic ranges by the factor itself, linear ones by the factor's distance from 1 times the
/// width of the range, so that 0 is no trap; at least to the neighbouring value where values are
/// countable, and never beyond the range. An ordered choice goes to a neighbour; an unordered one
/// stays if it is not drawn anew. A parameter that comes into being by another choice is drawn.
/// What has a prior is drawn from that.
///
/// @param perturb the factors by which a parameter changes, one below 1 and one above
/// @param resample the probability of a new draw
/// @param explore of the parameters that change, the others stay; empty: all of them
public record Exploration(
    @Option(value = "the factors by which parameters change", shape = Factors.Pair.class)
        Factors perturb,
    @Option(value = "the probability of a new draw", low = 0, high = 1) double resample,
    @Option("the parameters that change; nothing said: all") List<String> explore) {
  private static final int ATTEMPTS = 50;

  public Exploration {
    explore = List.copyOf(explore);
    Settings.check(PbtSampler.OWNER, Exploration.class, perturb, resample, explore);
  }

  /// @param down the factor below 1
  /// @param up the factor above 1
  public Exploration(double down, double up, double resample, List<String> explore) {
    this(new Factors(down, up), resample, explore);
  }

  /// As the paper has it, of all parameters.
  public Exploration() {
    this(0.8, 1.2, 0.25, List.of());
  }

  /// Refuses explore that the space does not have.
  void check(SearchSpace space) {
    for (var name : explore) {
      if (!space.has(name)) {
        throw new Problem(
            "There is no such parameter to explore.",
            "explore " + name + " (" + PbtSampler.OWNER + ")",
            Nearest.suggest(name, space.parameters().stream().map(p -> p.name()).toList()));
      }
    }
  }

  /// The parameters of a space that change.
  public List<String> explored(SearchSpace space) {
    return space.parameters().stream()
        .filter(parameter -> parameter.distribution().count().orElse(2) > 1)
        .map(parameter -> parameter.name())
        .filter(name -> explore.isEmpty() || explore.contains(name))
        .toList();
  }

  /// Another configuration near this one; itself, should the constraints leave no other.
  Configuration change(Configuration from, RandomGenerator random) {
    var space = from.space();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var changed = attempt(from, random);
      if (space.satisfies(changed)) {
        return changed;
      }
    }
    return near(from, random);
  }

  /// Where few configurations satisfy the constraints: the one that a change comes nearest to,
  /// unless that would take a parameter along which is to stay.
  private Configuration near(Configuration from, RandomGenerator random) {
    var space = from.space();
    for (int attempt = 0; space.isTight() && attempt < ATTEMPTS; attempt++) {
      var near = space.near(attempt(from, random), random);
      if (near != null && !near.equals(from) && keepsOthers(from, near)) {
        return near;
      }
    }
    return from;
  }

  private boolean keepsOthers(Configuration from, Configuration near) {
    var space = from.space();
    for (int i = 0; i < space.dimension() && !explore.isEmpty(); i++) {
      if (!explore.contains(space.parameters().get(i).name())
          && Double.compare(from.code(i), near.code(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private Configuration attempt(Configuration from, RandomGenerator random) {
    var space = from.space();
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      // As many draws for every parameter, so that one does not decide on what the next one gets.
      double fresh = random.nextDouble();
      boolean anew = random.nextDouble() < resample;
      boolean upwards = random.nextBoolean();
      var parameter = space.parameters().get(i);
      double code = from.code(i);
      if (!space.exists(i, codes)) {
        codes[i] = Double.NaN;
      } else if (Double.isNaN(code)) {
        codes[i] = Belief.code(parameter, fresh);
      } else if (!explore.isEmpty() && !explore.contains(parameter.name())) {
        codes[i] = code;
      } else {
        codes[i] =
            anew
                ? Belief.code(parameter, fresh)
                : perturbed(parameter.distribution(), code, upwards);
      }
    }
    return space.fromCodes(codes);
  }

  /// @param upwards which of the two factors
  private double perturbed(Distribution distribution, double code, boolean upwards) {
    double factor = upwards ? perturb.up() : perturb.down();
    return switch (distribution) {
      case FloatRange(double low, double high, boolean log, double step) -> {
        double moved = moved(code, factor, low, high, log);
        yield step > 0 ? onGrid(code, moved, distribution, upwards) : moved;
      }
      case IntRange(long low, long high, boolean log, long _) ->
          onGrid(code, moved(code, factor, low, high, log), distribution, upwards);
      case Choice(var options, boolean ordered) ->
          ordered ? Math.clamp(code + (upwards ? 1 : -1), 0.0, options.size() - 1.0) : code;
    };
  }

  private static double moved(double x, double factor, double low, double high, boolean log) {
    return Math.clamp(log ? x * factor : x + (factor - 1) * (high - low), low, high);
  }

  /// The nearest value that there is; another one than before, if the range has one there.
  private static double onGrid(
      double before, double moved, Distribution distribution, boolean upwards) {
    long last = distribution.count().orElseThrow() - 1;
    long from = distribution.nearestIndex(before);
    long to = distribution.nearestIndex(moved);
    if (to == from) {
      to += upwards ? 1 : -1;
    }
    return distribution.nth(Math.clamp(to, 0, last));
  }
}
