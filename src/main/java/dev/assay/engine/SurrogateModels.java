package dev.assay.engine;

import dev.assay.gp.Hyperprior;
import dev.assay.gp.OutputWarp;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/// Fits the models of one objective and weighs them by evidence.
///
/// Evidence of a model: its largest log posterior density plus the logarithm of its warp's
/// Jacobian, so that models of differently warped outputs compare. Weights are exp(evidence),
/// normalised.
final class SurrogateModels {
  /// Evaluations for a warm start, a cold one, and in the large.
  private static final int WARM = 20;

  private static final int COLD = 60;
  private static final int LARGE = 5;
  private static final int LARGE_SIZE = 500;

  /// A fitted model with its weight.
  ///
  /// @param outputs n warped, standardised outputs
  record Weighted(
      SurrogateSettings.Member member, double[] theta, double[] outputs, double weight) {}

  /// @param models heaviest first
  record Fitted(List<Weighted> models, SurrogateMemory memory) {}

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;

  SurrogateModels(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
  }

  /// @param points n × d
  /// @param values n outputs
  Fitted fit(double[] points, double[] values, SurrogateMemory memory, long seed) {
    int n = values.length;
    var members = candidates(n, memory);
    boolean refit = due(n, memory);
    var warped = new HashMap<OutputWarp, OutputWarp.Warped>();
    for (var member : members) {
      warped.computeIfAbsent(member.warp(), w -> w.apply(values));
    }
    var warps = List.copyOf(warped.keySet());
    var rows = rows(values);
    var tasks = new ArrayList<GpSession.FitTask>();
    for (var member : members) {
      tasks.add(task(member, warps.indexOf(member.warp()), n, memory, refit, seed));
    }
    List<GpSession.Fit> fits;
    try (var session = engine.open(box)) {
      session.observe(
          select(points, rows, box.dimension()),
          warps.stream()
              .map(w -> select(java.util.Objects.requireNonNull(warped.get(w)).z(), rows, 1))
              .toArray(double[][]::new));
      fits = session.fit(tasks);
    }
    return weigh(members, warped, fits, refit ? n : memory.size());
  }

  /// While averaging all of them; beyond, the best of the last fit, all of them again at each
  /// doubling.
  private List<SurrogateSettings.Member> candidates(int n, SurrogateMemory memory) {
    boolean alone = n > settings.averageLimit() && doubling(n) == doubling(memory.size());
    if (!alone || memory.theta().isEmpty()) {
      return settings.members();
    }
    var kept =
        settings.members().stream().filter(m -> memory.theta().containsKey(m.name())).toList();
    return kept.isEmpty() ? settings.members() : kept;
  }

  private int doubling(int n) {
    return n <= settings.averageLimit()
        ? -1
        : 31 - Integer.numberOfLeadingZeros(n / settings.averageLimit());
  }

  /// Every observation to 40, then every second, then ever more rarely: what one more observation
  /// can change shrinks.
  private boolean due(int n, SurrogateMemory memory) {
    int since = n - memory.size();
    return memory.theta().isEmpty() || since >= (n <= 40 ? 1 : Math.max(2, n / 40));
  }

  private GpSession.FitTask task(
      SurrogateSettings.Member member,
      int output,
      int n,
      SurrogateMemory memory,
      boolean refit,
      long seed) {
    var prior =
        Hyperprior.of(member.covariance(), box.dimension(), settings.priors(), settings.noise());
    var warm = memory.theta().get(member.name());
    if (warm == null || warm.length != prior.size()) {
      var random = new Philox(seed, Purpose.FIT.ordinal());
      return new GpSession.FitTask(
          member.covariance(),
          output,
          prior,
          n < LARGE_SIZE ? concat(prior.start(), prior.randomStart(random)) : prior.start(),
          n < LARGE_SIZE ? COLD : 4 * LARGE);
    }
    int evaluations = !refit ? 1 : n < LARGE_SIZE ? WARM : LARGE;
    boolean coldToo = refit && n < LARGE_SIZE && n % 8 == 0; // a way out of a poor mode
    return new GpSession.FitTask(
        member.covariance(),
        output,
        prior,
        coldToo ? concat(warm, prior.start()) : warm,
        evaluations);
  }

  private static double[] concat(double[] a, double[] b) {
    var both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /// All rows, or where there are too many the best quarter of the limit and the rest evenly by
  /// rank.
  private int[] rows(double[] values) {
    int n = values.length;
    int limit = settings.fitLimit();
    var order = order(values);
    if (n <= limit) {
      return java.util.stream.IntStream.range(0, n).toArray();
    }
    int best = limit / 4;
    var rows = new int[limit];
    for (int i = 0; i < limit; i++) {
      rows[i] =
          i < best
              ? order[i]
              : order[best + (int) ((long) (i - best) * (n - best) / (limit - best))];
    }
    Arrays.sort(rows);
    return rows;
  }

  /// Indices by increasing value.
  static int[] order(double[] values) {
    return java.util.stream.IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[a], values[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double[] select(double[] from, int[] rows, int width) {
    var selected = new double[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from, rows[i] * width, selected, i * width, width);
    }
    return selected;
  }

  private Fitted weigh(
      List<SurrogateSettings.Member> members,
      HashMap<OutputWarp, OutputWarp.Warped> warped,
      List<GpSession.Fit> fits,
      int fittedAt) {
    int k = members.size();
    var evidence = new double[k];
    for (int i = 0; i < k; i++) {
      double jacobian =
          java.util.Objects.requireNonNull(warped.get(members.get(i).warp())).logJacobian();
      evidence[i] = fits.get(i).logPosterior() + jacobian;
    }
    double top = Arrays.stream(evidence).max().orElse(0);
    var models = new ArrayList<Weighted>();
    var theta = new HashMap<String, double[]>();
    for (int i = 0; i < k; i++) {
      var member = members.get(i);
      var fit = fits.get(i);
      theta.put(member.name(), fit.theta());
      double weight = Double.isFinite(top) ? Math.exp(evidence[i] - top) : 1;
      var z = java.util.Objects.requireNonNull(warped.get(member.warp())).z();
      models.add(new Weighted(member, fit.theta(), z, weight));
    }
    models.sort((a, b) -> Double.compare(b.weight(), a.weight()));
    int n = models.getFirst().outputs().length;
    if (n > settings.averageLimit() && models.size() > 1) {
      var best = models.getFirst();
      theta.keySet().retainAll(List.of(best.member().name()));
      return new Fitted(List.of(best), new SurrogateMemory(fittedAt, theta));
    }
    return new Fitted(models, new SurrogateMemory(fittedAt, theta));
  }
}
