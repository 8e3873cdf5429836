package dev.assay.report;

import dev.assay.internal.sampler.gp.SuccessChance;
import dev.assay.space.Choice;
import dev.assay.storage.Overhead;
import dev.assay.study.Confirmed;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON answer of `tune` and `best`, as plain JSON values. Every key of these is always there.
///
/// ```json
/// {"study": "digits", "trials": {"completed": 180, "pruned": 17, "failed": 3},
///  "best": [{"id": 41, "params": {"hidden": 64}, "values": {"accuracy": 0.981}}],
///  "seconds": {"wall": 61.2, "suggest": 0.8, "storage": 0.1, "idle": 0.4},
///  "backend": "cpu", "seed": 42}
/// ```
///
/// Where trials showed noise, or several share the best of rounded values, there is also
/// `recommended`: the trial whose value is expected to be best, as in `best`, with that value and
/// the interval that it lies in with a probability of 95 %: `"expected": 0.974, "low": 0.969,
/// "high": 0.979`.
///
/// Where finalists were confirmed, `recommended` is the best of them, `expected` the mean of its
/// confirmations, and `confirmed` has all, best first: each as in `best`, with `"mean": 0.974,
/// "low": 0.969, "high": 0.979, "runs": [200, 203, 206], "failed": 0`. Of one run alone there are
/// no bounds: they are null. Where the defaults are among them, with two runs or more,
/// `gain_over_default` says by how much the best is better: `"mean": 0.012, "low": 0.004, "high":
/// 0.02`; a `low` of 0 or less is no gain beyond noise.
///
/// Where trials failed there is also `success`: `"trials": 60, "failed": 9`, and under `parameters`
/// for each parameter a list of `{"value": "adam", "chance": 0.93}`: the learned probability that a
/// trial brings a value, averaged over what the other parameters were.
///
/// Of built-in models there is also the `precision` that they were trained in: `"fp32"` where the
/// study file says none.
///
/// A best trial of population based training also has its `schedule`, see [Schedule#json].
public final class ResultDocument {
  /// Along the range of a parameter.
  private static final int STEPS = 8;

  private ResultDocument() {}

  public static Map<String, @Nullable Object> of(StudyView view) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("study", view.name());
    document.put("trials", counts(view));
    document.put("best", best(view));
    var recommended = view.recommended();
    if (recommended != null) {
      document.put("recommended", recommended(recommended, view.objectives()));
    }
    var confirmed = view.confirmed();
    if (!confirmed.isEmpty()) {
      document.put("confirmed", confirmed.stream().map(one -> confirmed(one, view)).toList());
    }
    var gain = gainOverDefault(view);
    if (gain != null) {
      var over = new LinkedHashMap<String, @Nullable Object>();
      over.put("mean", gain.mean());
      over.put("low", gain.low());
      over.put("high", gain.high());
      document.put("gain_over_default", over);
    }
    var chance = view.successChance();
    if (chance != null) {
      document.put("success", success(chance, view));
    }
    document.put("seconds", seconds(view.overhead()));
    document.put("backend", view.backend());
    document.put("seed", view.seed());
    var precision = StudySheet.precision(view);
    if (precision != null) {
      document.put("precision", precision);
    }
    return document;
  }

  private static Map<String, @Nullable Object> recommended(
      Recommendation recommended, List<Objective> objectives) {
    var entry = trials(List.of(recommended.trial()), objectives).getFirst();
    entry.put("expected", recommended.expected());
    entry.put("low", bound(recommended.low()));
    entry.put("high", bound(recommended.high()));
    return entry;
  }

  private static Map<String, @Nullable Object> confirmed(Confirmed confirmed, StudyView view) {
    var entry = trials(List.of(confirmed.trial()), view.objectives()).getFirst();
    entry.put("mean", confirmed.mean());
    entry.put("low", bound(confirmed.low()));
    entry.put("high", bound(confirmed.high()));
    entry.put("runs", confirmed.runs().stream().map(TrialRecord::number).toList());
    entry.put("failed", confirmed.failed());
    return entry;
  }

  private static Confirmed.@Nullable Gain gainOverDefault(StudyView view) {
    var defaults = view.confirmedDefault();
    if (defaults == null) {
      return null;
    }
    var best = view.confirmed().getFirst();
    return best.over(defaults, view.objectives().getFirst().direction());
  }

  private static Map<String, @Nullable Object> success(SuccessChance chance, StudyView view) {
    var parameters = new LinkedHashMap<String, @Nullable Object>();
    for (var along : chance.along()) {
      var parameter = view.space().parameters().get(along.parameter());
      var points = new ArrayList<Map<String, @Nullable Object>>();
      boolean choice = parameter.distribution() instanceof Choice;
      int stride = choice ? 1 : Math.max(1, (along.codes().length - 1) / STEPS);
      for (int i = 0; i < along.codes().length; i += stride) {
        var point = new LinkedHashMap<String, @Nullable Object>();
        point.put("value", parameter.distribution().value(along.codes()[i]));
        point.put("chance", Math.rint(1e4 * along.chances()[i]) / 1e4);
        points.add(point);
      }
      parameters.put(parameter.name(), points);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("trials", chance.trials());
    document.put("failed", chance.failed());
    document.put("parameters", parameters);
    return document;
  }

  private static @Nullable Double bound(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  /// The best trials; one that is the last part of a training with its schedule.
  private static List<Map<String, @Nullable Object>> best(StudyView view) {
    var entries = trials(view.best(), view.objectives());
    for (int i = 0; i < entries.size(); i++) {
      var lineage = Segment.lineage(view.best().get(i), view.trials());
      if (Segment.of(lineage.getLast()) != null) {
        entries.get(i).put("schedule", Schedule.json(lineage));
      }
    }
    return entries;
  }

  /// Trials as the answer to `{"best": n}` has them: number, parameters, values.
  public static List<Map<String, @Nullable Object>> trials(
      List<TrialRecord> trials, List<Objective> objectives) {
    var list = new ArrayList<Map<String, @Nullable Object>>();
    for (var trial : trials) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("id", trial.number());
      entry.put("params", trial.configuration().values());
      entry.put("values", JsonValues.byMetric(objectives, trial.values()));
      list.add(entry);
    }
    return list;
  }

  static Map<String, @Nullable Object> counts(StudyView view) {
    var counts = new LinkedHashMap<String, @Nullable Object>();
    counts.put("completed", view.count(TrialState.COMPLETE));
    counts.put("pruned", view.count(TrialState.PRUNED));
    counts.put("failed", view.count(TrialState.FAILED));
    return counts;
  }

  static Map<String, @Nullable Object> seconds(Overhead overhead) {
    var seconds = new LinkedHashMap<String, @Nullable Object>();
    seconds.put("wall", overhead.wall());
    seconds.put("suggest", overhead.suggest());
    seconds.put("storage", overhead.storage());
    seconds.put("idle", overhead.idle());
    return seconds;
  }
}
