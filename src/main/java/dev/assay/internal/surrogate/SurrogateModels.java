package dev.assay.internal.surrogate;

import dev.assay.gp.OutputWarp;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.Hyperprior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fits the models of one objective and weighs them by their largest log posterior density plus the
/// logarithm of their warp's Jacobian, so that models of differently warped outputs compare.
/// Weights are exp(density - best). It is no evidence: a model does not pay for what it leaves
/// open.
public final class SurrogateModels {
  /// Evaluations of the likelihood for a start in the large.
  private static final int LARGE = 4;

  private static final int LARGE_SIZE = 500;

  /// Nats an observation.
  private static final double SURPRISE = 1;

  /// The choice of one model among several reads at most so many observations.
  private static final int SELECTION_LIMIT = 256;

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;

  public SurrogateModels(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
  }

  /// @param points n × d
  /// @param values n outputs
  /// @return without models where the outputs are all equal
  public FittedModels fit(double[] points, double[] values, SurrogateMemory memory, long seed) {
    if (Known.isConstant(values)) {
      return FittedModels.NONE;
    }
    // Of another number of coordinates where a version wrote it that had fewer of them.
    boolean isKnown =
        settings.members().stream()
            .anyMatch(m ->
                memory.theta().get(m.name()) instanceof double[] theta
                    && theta.length == settings.prior(m, box.dimension(), 0).size());
    return fitFrom(points, values, isKnown ? memory : SurrogateMemory.NONE, seed);
  }

  private FittedModels fitFrom(
      double[] points, double[] values, SurrogateMemory memory, long seed) {
    int n = values.length;
    var members = candidates(n, memory);
    if (n > settings.averageLimit() && members.size() > 1) {
      var few = rows(values, Math.min(SELECTION_LIMIT, settings.fitLimit()));
      var chosen = fit(members, points, values, few, memory, true, seed).models().getFirst();
      var start = new SurrogateMemory(0, 0, Map.of(chosen.member().name(), chosen.theta()));
      return fitAll(List.of(chosen.member()), points, values, start, true, seed);
    }
    if (due(n, memory)) {
      return fitAll(members, points, values, memory, true, seed);
    }
    var kept = fitAll(members, points, values, memory, false, seed);
    boolean again = 2 * (n - memory.size()) >= interval(n) && surprised(kept, n, memory);
    return again ? fitAll(members, points, values, memory, true, seed) : kept;
  }

  private FittedModels fitAll(
      List<SurrogateSettings.Member> members,
      double[] points,
      double[] values,
      SurrogateMemory memory,
      boolean refit,
      long seed) {
    var rows = rows(values, settings.fitLimit());
    return fit(members, points, values, rows, memory, refit, seed);
  }

  private FittedModels fit(
      List<SurrogateSettings.Member> members,
      double[] points,
      double[] values,
      int[] rows,
      SurrogateMemory memory,
      boolean refit,
      long seed) {
    var warped = new HashMap<OutputWarp, OutputWarp.Warped>();
    for (var member : members) {
      warped.computeIfAbsent(member.warp(), w -> OutputWarp.checked(w, values));
    }
    if (!refit
        && members.size() == 1
        && rows.length >= LARGE_SIZE) { // an evaluation costs too much
      var member = members.getFirst();
      var theta = Objects.requireNonNull(memory.theta().get(member.name()));
      var z = Objects.requireNonNull(warped.get(member.warp())).z();
      return new FittedModels(
          List.of(new FittedModels.Weighted(member, theta, z, 1)), memory.logPosterior(), memory);
    }
    var warps = members.stream().map(SurrogateSettings.Member::warp).distinct().toList();
    var tasks = new ArrayList<GpSession.FitTask>();
    double rounding = Steps.noise(values);
    for (var member : members) {
      var prior = settings.prior(member, box.dimension(), rounding);
      int output = warps.indexOf(member.warp());
      tasks.add(task(member, output, prior, rows.length, memory, refit, seed));
    }
    List<GpSession.Fit> fits;
    try (var session = engine.open(box)) {
      session.observe(
          select(points, rows, box.dimension()),
          warps.stream()
              .map(w -> select(Objects.requireNonNull(warped.get(w)).z(), rows, 1))
              .toArray(double[][]::new));
      fits = session.fit(tasks);
    }
    return weigh(members, warped, fits, refit ? null : memory, values.length);
  }

  /// While averaging all of them; beyond, the best of the last fit, all of them again at each
  /// doubling.
  private List<SurrogateSettings.Member> candidates(int n, SurrogateMemory memory) {
    if (n <= settings.averageLimit() || doubling(n) != doubling(memory.size())) {
      return settings.members();
    }
    var kept =
        settings.members().stream().filter(m -> memory.theta().containsKey(m.name())).toList();
    return kept.isEmpty() ? settings.members() : kept;
  }

  private int doubling(int n) {
    return n <= settings.averageLimit()
        ? -1
        : 31 - Integer.numberOfLeadingZeros(n / Math.max(1, settings.averageLimit()));
  }

  /// At every observation to 40, then ever more rarely: what one more observation can change
  /// shrinks.
  private static boolean due(int n, SurrogateMemory memory) {
    int since = n - memory.size();
    return memory.theta().isEmpty() || since < 0 || since >= interval(n);
  }

  /// Observations from one fit to the next. What surprises brings the next one forward, but by half
  /// at most: where a search explores after it has converged, every observation surprises.
  private static int interval(int n) {
    return n <= 40 ? 1 : Math.max(2, n / 20);
  }

  /// Whether the observations since the last fit were less likely, each, than those before it by
  /// more than a nat: then the hyperparameters do not hold any more.
  private static boolean surprised(FittedModels kept, int n, SurrogateMemory memory) {
    double gained = (kept.logPosterior() - memory.logPosterior()) / (n - memory.size());
    return n > memory.size()
        && kept.memory().logPosterior() != kept.logPosterior()
        && gained < memory.logPosterior() / memory.size() - SURPRISE;
  }

  private GpSession.FitTask task(
      SurrogateSettings.Member member,
      int output,
      Hyperprior prior,
      int n,
      SurrogateMemory memory,
      boolean refit,
      long seed) {
    var warm = FitStarts.warm(prior, memory, member.name());
    boolean small = n < LARGE_SIZE;
    double[] starts;
    int evaluations;
    if (warm == null) {
      starts = small ? FitStarts.cold(prior, seed) : prior.start();
      evaluations = small ? FitStarts.COLD : 4 * LARGE;
    } else {
      boolean coldToo = refit && small && n % 8 == 0; // a way out of a poor mode
      starts = coldToo ? FitStarts.both(warm, prior.start()) : warm;
      evaluations = !refit ? 1 : small ? FitStarts.WARM : LARGE;
    }
    return new GpSession.FitTask(member.covariance(), output, prior, starts, evaluations);
  }

  /// All rows, or where there are too many the best quarter of the limit and the rest evenly by
  /// rank.
  static int[] rows(double[] values, int limit) {
    int n = values.length;
    if (n <= limit) {
      return IntStream.range(0, n).toArray();
    }
    var order = order(values);
    int best = limit / 4;
    var rows = Arrays.copyOf(order, limit);
    for (int i = best; i < limit; i++) {
      rows[i] = order[best + (int) ((long) (i - best) * (n - best) / (limit - best))];
    }
    Arrays.sort(rows);
    return rows;
  }

  /// Indices by increasing value.
  static int[] order(double[] values) {
    return IntStream.range(0, values.length)
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

  private FittedModels weigh(
      List<SurrogateSettings.Member> members,
      Map<OutputWarp, OutputWarp.Warped> warped,
      List<GpSession.Fit> fits,
      @Nullable SurrogateMemory kept,
      int n) {
    var densities = new double[members.size()];
    for (int i = 0; i < densities.length; i++) {
      var warp = Objects.requireNonNull(warped.get(members.get(i).warp()));
      densities[i] = fits.get(i).logPosterior() + warp.logJacobian();
    }
    double top = Arrays.stream(densities).max().orElse(0);
    var models = new ArrayList<FittedModels.Weighted>();
    var theta = new HashMap<String, double[]>();
    for (int i = 0; i < densities.length; i++) {
      var member = members.get(i);
      var fit = fits.get(i);
      theta.put(member.name(), fit.theta());
      double weight = Double.isFinite(top) ? Math.exp(densities[i] - top) : 1;
      var z = Objects.requireNonNull(warped.get(member.warp())).z();
      models.add(new FittedModels.Weighted(member, fit.theta(), z, weight));
    }
    models.sort((a, b) -> Double.compare(b.weight(), a.weight()));
    double noted = Double.isFinite(top) ? top : 0;
    return new FittedModels(
        models, noted, kept == null ? new SurrogateMemory(n, noted, theta) : kept);
  }
}
