package dev.assay.bench.kernels;

import dev.assay.bench.kernels.RecordedSpace.Neighbourhood;
import dev.assay.trial.Options;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import java.util.random.RandomGenerator;

/// Greedy iterated local search, as Kernel Tuner has it (van Werkhoven 2019; Schoonhoven et al.
/// 2022, "Benchmarking optimization algorithms for auto-tuning GPU kernels"): first improvement
/// among Hamming neighbours, parameters in random order, then a random walk from where that ended,
/// and a start elsewhere after 50 walks that led to nothing better.
public record GreedyIls() implements ReplayedSearch {
  private static final int PATIENCE = 50;
  private static final double WALK = 0.3;

  /// For `--samplers`.
  public static final class Provider implements SamplerProvider {
    @Override
    public String name() {
      return new GreedyIls().name();
    }

    @Override
    public Sampler create(Options options) {
      return options.read(GreedyIls.class);
    }
  }

  @Override
  public String name() {
    return "greedy_ils";
  }

  @Override
  public void search(RecordedSpace space, Losses losses, RandomGenerator random) {
    while (true) {
      var here = climb(space, space.draw(random), losses, random);
      double best = losses.of(here);
      for (int fruitless = 0; fruitless < PATIENCE; fruitless++) {
        var there = climb(space, walk(space, here, random), losses, random);
        double loss = losses.of(there);
        if (loss < best) {
          here = there;
          best = loss;
          fruitless = -1;
        }
      }
    }
  }

  private static int[] climb(
      RecordedSpace space, int[] start, Losses losses, RandomGenerator random) {
    var here = start;
    double best = losses.of(here);
    for (boolean better = true; better; ) {
      better = false;
      for (int parameter : RecordedSpace.shuffled(space.dimension(), random)) {
        for (var next : space.along(here, parameter, Neighbourhood.HAMMING)) {
          double loss = losses.of(next);
          if (loss < best) {
            here = next;
            best = loss;
            better = true;
            break;
          }
        }
      }
    }
    return here;
  }

  private static int[] walk(RecordedSpace space, int[] from, RandomGenerator random) {
    var here = from;
    int steps = Math.max(1, (int) (WALK * space.dimension()));
    for (int i = 0; i < steps; i++) {
      var next = space.neighbours(here, Neighbourhood.HAMMING);
      here = next.isEmpty() ? space.draw(random) : next.get(random.nextInt(next.size()));
    }
    return here;
  }
}
