package dev.assay.bench.kernels;

import dev.assay.bench.kernels.RecordedSpace.Neighbourhood;
import dev.assay.trial.Options;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Hybrid variable neighbourhood descent, after the description of the best of the algorithms that
/// language models wrote for Kernel Tuner (Willemsen et al. 2025, arXiv:2510.17899): neighbourhoods
/// are drawn by weights that follow their success, a nearest-neighbour surrogate chooses among a
/// pool of candidates, elites are recombined, and steps are kept by a tabu list and by annealing.
public record HybridVnd() implements ReplayedSearch {
  private static final int NEAREST = 5;
  private static final int POOL = 8;
  private static final int RESTART = 100;
  private static final int TABU = 300;
  private static final int ELITE = 5;
  private static final double TEMPERATURE = 1;
  private static final double COOLING = 0.995;

  /// What success and failure make of a neighbourhood's weight, and its bounds.
  private static final double REWARD = 1.1;

  private static final double PENALTY = 0.95;
  private static final double LEAST = 0.1;
  private static final double MOST = 5;

  /// One or two parameters changed to any value, and one by one step.
  private static final int KINDS = 3;

  private static final int DOUBLE = 2;

  /// For `--samplers`.
  public static final class Provider implements SamplerProvider {
    @Override
    public String name() {
      return new HybridVnd().name();
    }

    @Override
    public Sampler create(Options options) {
      return options.read(HybridVnd.class);
    }
  }

  @Override
  public String name() {
    return "hybrid_vnd";
  }

  private record Seen(int[] point, double loss) {}

  @Override
  public void search(RecordedSpace space, Losses losses, RandomGenerator random) {
    var state = new State(space, losses, random);
    while (true) {
      state.step();
    }
  }

  private static final class State {
    final RecordedSpace space;
    final Losses losses;
    final RandomGenerator random;
    final Map<String, Seen> seen = new HashMap<>();
    final List<Seen> order = new ArrayList<>();
    final ArrayDeque<String> tabu = new ArrayDeque<>();
    final double[] weights = {1, 1, 1};
    Seen here;
    double best;
    double temperature = TEMPERATURE;
    int fruitless;

    State(RecordedSpace space, Losses losses, RandomGenerator random) {
      this.space = space;
      this.losses = losses;
      this.random = random;
      here = look(space.draw(random));
      best = here.loss();
    }

    private static String key(int[] point) {
      return Arrays.toString(point);
    }

    private Seen look(int[] point) {
      var known = seen.get(key(point));
      if (known != null) {
        return known;
      }
      var found = new Seen(point, losses.of(point));
      seen.put(key(point), found);
      order.add(found);
      return found;
    }

    void step() {
      int kind = drawKind();
      var next = look(chosen(kind));
      tabu.addLast(key(next.point()));
      if (tabu.size() > TABU) {
        tabu.removeFirst();
      }
      boolean better = next.loss() < here.loss();
      weights[kind] = Math.clamp(weights[kind] * (better ? REWARD : PENALTY), LEAST, MOST);
      if (better || random.nextDouble() < Math.exp(-worse(next) / temperature)) {
        here = next;
      }
      temperature *= COOLING;
      fruitless = next.loss() < best ? 0 : fruitless + 1;
      best = Math.min(best, next.loss());
      if (fruitless > RESTART) {
        here = look(space.draw(random));
        temperature = TEMPERATURE;
        fruitless = 0;
      }
    }

    /// How much worse than here, relative to it.
    private double worse(Seen next) {
      double scale = Math.max(Math.abs(here.loss()), Double.MIN_NORMAL);
      double difference = (next.loss() - here.loss()) / scale;
      return Double.isNaN(difference) ? 0 : difference; // both failed
    }

    private int drawKind() {
      double at = random.nextDouble() * Arrays.stream(weights).sum();
      for (int kind = 0; kind < KINDS; kind++) {
        at -= weights[kind];
        if (at < 0) {
          return kind;
        }
      }
      return KINDS - 1;
    }

    /// The candidate of the pool that its nearest neighbours speak best of.
    private int[] chosen(int kind) {
      var pool = new ArrayList<int[]>();
      for (int tries = 0; pool.size() < POOL && tries < 4 * POOL; tries++) {
        var candidate = pool.isEmpty() && order.size() > ELITE ? child() : moved(kind);
        if (!tabu.contains(key(candidate)) && !seen.containsKey(key(candidate))) {
          pool.add(candidate);
        }
      }
      return pool.stream()
          .min(Comparator.comparingDouble(this::expected))
          .orElseGet(() -> space.draw(random));
    }

    private int[] moved(int kind) {
      var from = here.point();
      int steps = kind == DOUBLE ? 2 : 1;
      for (int i = 0; i < steps; i++) {
        var near =
            space.neighbours(from, kind == 1 ? Neighbourhood.ADJACENT : Neighbourhood.HAMMING);
        from = near.isEmpty() ? space.draw(random) : near.get(random.nextInt(near.size()));
      }
      return from;
    }

    /// Genes of two elites; an invalid mixture is no candidate.
    private int[] child() {
      var elite =
          order.stream().sorted(Comparator.comparingDouble(Seen::loss)).limit(ELITE).toList();
      var left = elite.get(random.nextInt(elite.size())).point();
      var right = elite.get(random.nextInt(elite.size())).point();
      var child = left.clone();
      for (int i = 0; i < child.length; i++) {
        child[i] = random.nextBoolean() ? left[i] : right[i];
      }
      return space.isValid(child) ? child : space.draw(random);
    }

    private double expected(int[] candidate) {
      return order.stream()
          .filter(other -> other.loss() < Double.POSITIVE_INFINITY)
          .sorted(Comparator.comparingInt(other -> distance(candidate, other.point())))
          .limit(NEAREST)
          .mapToDouble(Seen::loss)
          .average()
          .orElse(0);
    }

    private static int distance(int[] a, int[] b) {
      int different = 0;
      for (int i = 0; i < a.length; i++) {
        different += a[i] == b[i] ? 0 : 1;
      }
      return different;
    }
  }
}
