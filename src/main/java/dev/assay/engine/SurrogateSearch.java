package dev.assay.engine;

import dev.assay.acquisition.AcquisitionFunction;
import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.acquisition.Mixture;
import dev.assay.gp.OutputWarp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Proposes the next point of one objective: fits models, conditions them on what is known and on
/// what is believed of pending points, and maximises the mean of their log expected improvements.
public final class SurrogateSearch {
  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;
  private final SurrogateModels models;

  public SurrogateSearch(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    this.models = new SurrogateModels(engine, box, settings);
  }

  /// @param points n × d, n at least 1
  /// @param values n finite outputs, to be minimised
  /// @param pending q × d: points whose outputs are not known yet
  @SuppressWarnings("ArrayRecordComponent")
  public record Known(double[] points, double[] values, double[] pending) {}

  /// @param candidate the proposal
  /// @param memory to be handed to the next call
  public record Suggestion(GpSession.Candidate candidate, SurrogateMemory memory) {}

  /// @param number of the proposal
  /// @param seed of all that is drawn
  /// @throws java.util.NoSuchElementException if the rule accepted no candidate
  public Suggestion suggest(
      Known known, CandidateRule rule, SurrogateMemory memory, int number, long seed) {
    var fitted = models.fit(known.points(), known.values(), memory, seed);
    var chosen = choose(fitted.models(), number);
    try (var session = engine.open(box)) {
      var function = condition(session, known, chosen);
      var plan = MaximiserPlan.of(bestFirst(known), seed);
      return new Suggestion(session.maximise(function, plan, rule), fitted.memory());
    }
  }

  /// Those within the window of the best; now and then only those of the outputs as they are.
  private List<SurrogateModels.Weighted> choose(List<SurrogateModels.Weighted> all, int number) {
    var eligible = all;
    if (settings.plainEvery() > 0 && number % settings.plainEvery() == settings.plainEvery() - 1) {
      var plain =
          all.stream().filter(m -> m.member().warp() instanceof OutputWarp.Identity).toList();
      eligible = plain.isEmpty() ? all : plain;
    }
    double top = eligible.getFirst().weight();
    return eligible.stream().filter(m -> m.weight() >= top * Math.exp(-settings.window())).toList();
  }

  /// Conditions the models, pending points taken at each model's own mean (Ginsbourger, Le Riche
  /// and Carraro 2010, "kriging believer").
  private AcquisitionFunction condition(
      GpSession session, Known known, List<SurrogateModels.Weighted> chosen) {
    int count = chosen.size();
    var outputs = chosen.stream().map(SurrogateModels.Weighted::outputs).toArray(double[][]::new);
    var list = new ArrayList<GpSession.Model>();
    for (int k = 0; k < count; k++) {
      list.add(new GpSession.Model(chosen.get(k).member().covariance(), chosen.get(k).theta(), k));
    }
    session.observe(known.points(), outputs);
    session.condition(list);
    int d = box.dimension();
    int q = known.pending().length / Math.max(d, 1);
    for (int i = 0; i < q; i++) {
      var point = Arrays.copyOfRange(known.pending(), i * d, (i + 1) * d);
      var believed = new double[count];
      for (int k = 0; k < count; k++) {
        var mean = new double[1];
        session.predict(k, point, mean, new double[1]);
        believed[k] = mean[0];
      }
      session.append(point, believed);
    }
    double total = chosen.stream().mapToDouble(SurrogateModels.Weighted::weight).sum();
    var parts = new ArrayList<Mixture.Part>();
    for (int k = 0; k < count; k++) {
      double incumbent = Arrays.stream(outputs[k]).min().orElse(0);
      parts.add(
          new Mixture.Part(
              chosen.get(k).weight() / total, new LogExpectedImprovement(k, incumbent)));
    }
    return new Mixture(parts);
  }

  private double[] bestFirst(Known known) {
    int d = box.dimension();
    var order = SurrogateModels.order(known.values());
    var sorted = new double[order.length * d];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(known.points(), order[i] * d, sorted, i * d, d);
    }
    return sorted;
  }
}
