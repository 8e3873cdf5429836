package dev.assay.internal.sampler.prior;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is expected of a space's parameters, each by itself, and draws from that.
public final class Beliefs {
  /// Of so many proposals one pays no heed to what is expected (as of PriorBand's, Mallik et al.
  /// 2023), so that no region is lost, however wrong expectations are together.
  private static final int HEEDLESS = 3;

  /// Draws that may break constraints or repeat trials.
  private static final int DRAWS = 100;

  /// Even draws of which one is chosen where nearly nothing may be proposed.
  private static final int CHOSEN_FROM = 64;

  private final SearchSpace space;
  private final List<@Nullable Belief> beliefs = new ArrayList<>();

  private Beliefs(SearchSpace space) {
    this.space = space;
    space.parameters().forEach(parameter -> beliefs.add(Belief.of(parameter)));
  }

  /// @return null where nothing is expected
  public static @Nullable Beliefs of(SearchSpace space) {
    return space.parameters().stream().allMatch(parameter -> parameter.prior() == null)
        ? null
        : new Beliefs(space);
  }

  /// Whether a trial is proposed as if nothing were expected.
  public static boolean isHeedless(int trial) {
    return trial % HEEDLESS == HEEDLESS - 1;
  }

  /// Moves a point of the unit cube, so that evenly spread points become draws from what is
  /// expected.
  ///
  /// @param unit d unit values, in and out
  public void place(double[] unit) {
    for (int i = 0; i < unit.length; i++) {
      var belief = beliefs.get(i);
      unit[i] = belief == null ? unit[i] : belief.quantile(unit[i]);
    }
  }

  /// log p of a configuration, relative to an even draw; parameters that do not exist say nothing.
  public double logDensity(Configuration configuration) {
    double sum = 0;
    for (int i = 0; i < beliefs.size(); i++) {
      var belief = beliefs.get(i);
      if (belief != null && configuration.isActive(i)) {
        sum += belief.logDensity(configuration.code(i));
      }
    }
    return sum;
  }

  /// A draw from what is expected, now and then an even one.
  ///
  /// @param allows what may be proposed
  /// @param even draws evenly from that; null where nothing is left
  public @Nullable Configuration draw(
      RandomGenerator random,
      Predicate<Configuration> allows,
      Supplier<@Nullable Configuration> even) {
    if (random.nextInt(HEEDLESS) == 0) {
      return even.get();
    }
    var unit = new double[space.dimension()];
    for (int draw = 0; draw < DRAWS && !space.isTight(); draw++) {
      for (int i = 0; i < unit.length; i++) {
        unit[i] = random.nextDouble();
      }
      place(unit);
      var configuration = space.fromUnit(unit);
      if (allows.test(configuration)) {
        return configuration;
      }
    }
    var drawn = new ArrayList<Configuration>();
    for (int draw = 0; draw < CHOSEN_FROM; draw++) {
      var configuration = even.get();
      if (configuration == null) {
        return null;
      }
      drawn.add(configuration);
    }
    return chosen(drawn, random);
  }

  /// One of some even draws, as likely as it is expected (sampling importance resampling, Rubin
  /// 1988).
  ///
  /// @param configurations at least one
  Configuration chosen(List<Configuration> configurations, RandomGenerator random) {
    var logs = configurations.stream().mapToDouble(this::logDensity).toArray();
    double most = java.util.Arrays.stream(logs).max().orElseThrow();
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.exp(logs[i] - most);
      sum += logs[i];
    }
    double left = random.nextDouble() * sum;
    int chosen = 0;
    while (chosen < logs.length - 1 && left >= logs[chosen]) {
      left -= logs[chosen++];
    }
    return configurations.get(chosen);
  }
}
