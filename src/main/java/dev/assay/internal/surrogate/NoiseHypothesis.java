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
import java.util.stream.Stream;

/// Whether outputs look noisy: models that expect noise beside those that expect next to none,
/// weighed by evidence ([LaplaceEvidence]).
///
/// Values alone cannot tell ripples from noise: on functions with many ripples the evidence itself
/// prefers noise. So this says no more than whether a repetition would be worth its trial; what it
/// then brings decides.
public final class NoiseHypothesis {
  /// Models further below the best, in nats, have no say.
  private static final double WINDOW = 20;

  /// @param probability that there is noise, both held as likely before
  /// @param memory what the next judgement goes on from
  public record Belief(double probability, SurrogateMemory memory) {}

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;
  private final SurrogateSettings underNoise;

  NoiseHypothesis(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    underNoise = settings.underNoise();
  }

  /// @param points n × d
  /// @param values n outputs, not all equal
  /// @param fitted the models that expect next to no noise
  Belief judge(
      double[] points, double[] values, FittedModels fitted, SurrogateMemory memory, long seed) {
    var quiet = fitted.within(WINDOW);
    var twins = underNoise.members();
    var warps =
        Stream.concat(
                Stream.of(new OutputWarp.Identity()), quiet.stream().map(m -> m.member().warp()))
            .distinct()
            .toList();
    var warped = warps.stream().map(w -> w.apply(values)).toList();
    double rounding = Steps.noise(values);
    var priors = twins.stream().map(twin -> prior(underNoise, twin, rounding)).toList();
    try (var session = engine.open(box)) {
      session.observe(points, warped.stream().map(OutputWarp.Warped::z).toArray(double[][]::new));
      var fits = session.fit(tasks(twins, priors, memory, seed));
      var theta = new HashMap<String, double[]>();
      var noisy = new double[twins.size()];
      for (int k = 0; k < noisy.length; k++) {
        theta.put(twins.get(k).name(), fits.get(k).theta());
        noisy[k] =
            fits.get(k).logPosterior()
                + warped.getFirst().logJacobian()
                + correction(session, twins.get(k), 0, priors.get(k), fits.get(k).theta());
      }
      var exact = new double[quiet.size()];
      for (int k = 0; k < exact.length; k++) {
        var model = quiet.get(k);
        var prior = prior(settings, model.member(), rounding);
        int output = warps.indexOf(model.member().warp());
        exact[k] =
            fitted.logPosterior()
                + Math.log(model.weight())
                + correction(session, model.member(), output, prior, model.theta());
      }
      return new Belief(share(noisy, exact), new SurrogateMemory(values.length, 0, theta));
    }
  }

  /// Whether what has been learned since the last judgement may change it.
  static boolean isDue(int n, SurrogateMemory memory) {
    return n - memory.size() >= (n <= 20 ? 1 : n <= 60 ? 3 : n / 4);
  }

  private static List<GpSession.FitTask> tasks(
      List<SurrogateSettings.Member> twins,
      List<Hyperprior> priors,
      SurrogateMemory memory,
      long seed) {
    var tasks = new ArrayList<GpSession.FitTask>();
    for (int k = 0; k < twins.size(); k++) {
      var prior = priors.get(k);
      var warm = FitStarts.warm(prior, memory, twins.get(k).name());
      var starts = warm == null ? FitStarts.cold(prior, seed) : warm;
      int evaluations = warm == null ? FitStarts.COLD : FitStarts.WARM;
      tasks.add(new GpSession.FitTask(twins.get(k).covariance(), 0, prior, starts, evaluations));
    }
    return tasks;
  }

  private Hyperprior prior(SurrogateSettings of, SurrogateSettings.Member member, double rounding) {
    return of.prior(member, box.dimension(), rounding);
  }

  private double correction(
      GpSession session,
      SurrogateSettings.Member member,
      int output,
      Hyperprior prior,
      double[] theta) {
    return LaplaceEvidence.correction(session, member.covariance(), output, prior, theta);
  }

  /// Of the first in the sum of the exponentials of both.
  private static double share(double[] first, double[] second) {
    double top = Math.max(max(first), max(second));
    if (!Double.isFinite(top)) {
      return 0; // no model fits: nothing is known
    }
    double a = Arrays.stream(first).map(e -> Math.exp(e - top)).sum();
    double b = Arrays.stream(second).map(e -> Math.exp(e - top)).sum();
    return a / (a + b);
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(Double.NEGATIVE_INFINITY);
  }
}
