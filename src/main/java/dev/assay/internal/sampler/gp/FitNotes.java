package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.surrogate.NoiseHypothesis;
import dev.assay.internal.surrogate.SurrogateMemory;
import dev.assay.trial.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was fitted, as notes of a trial: a resumed search goes on from there, and so proposes what
/// an uninterrupted one would have.
///
/// The first output's stand for themselves (`fitted`: to how many trials, `log_posterior`, `theta`:
/// hyperparameters by model); those of further objectives and of constraints on outcomes stand in a
/// list, `others`. What noise was judged from, and how probable it was, stands under `noise`.
final class FitNotes {
  private static final String FITTED = "fitted";
  private static final String LOG_POSTERIOR = "log_posterior";

  /// What earlier versions called the log posterior.
  private static final String FORMERLY = "evidence";

  static final String THETA = "theta";
  private static final String OTHERS = "others";
  private static final String NOISE = "noise";
  private static final String PROBABILITY = "probability";

  private FitNotes() {}

  /// @param memories one for each output
  /// @param belief of noise; null where it was not judged
  static Map<String, @Nullable Object> of(
      List<SurrogateMemory> memories, NoiseHypothesis.@Nullable Belief belief, GpEngine engine) {
    var notes = new LinkedHashMap<String, @Nullable Object>();
    notes.put("engine", engine.id());
    if (!memories.isEmpty()) {
      notes.putAll(written(memories.getFirst()));
    }
    if (memories.size() > 1) {
      notes.put(OTHERS, memories.stream().skip(1).map(FitNotes::written).toList());
    }
    if (belief != null) {
      var judged = written(belief.memory());
      judged.put(PROBABILITY, belief.probability());
      notes.put(NOISE, judged);
    }
    return notes;
  }

  private static Map<String, @Nullable Object> written(SurrogateMemory memory) {
    var theta = new LinkedHashMap<String, @Nullable Object>();
    memory.theta().keySet().stream()
        .sorted()
        .forEach(k -> theta.put(k, Arrays.stream(memory.theta().get(k)).boxed().toList()));
    var notes = new LinkedHashMap<String, @Nullable Object>();
    notes.put(FITTED, (long) memory.size());
    notes.put(LOG_POSTERIOR, memory.logPosterior());
    notes.put(THETA, theta);
    return notes;
  }

  /// What the last finished trial that notes a fit was proposed from; nothing, where none does.
  static List<SurrogateMemory> last(History history) {
    for (int i = history.size() - 1; i >= 0; i--) {
      var notes = history.get(i).notes();
      if (notes.containsKey(THETA)) {
        var memories = new ArrayList<SurrogateMemory>();
        memories.add(read(notes, history.size()));
        if (notes.get(OTHERS) instanceof List<?> others) {
          others.forEach(other -> memories.add(read(other, history.size())));
        }
        return memories;
      }
    }
    return List.of();
  }

  /// What noise was last judged from; nothing, where it was not.
  static SurrogateMemory lastBelief(History history) {
    for (int i = history.size() - 1; i >= 0; i--) {
      var notes = history.get(i).notes();
      if (notes.get(NOISE) instanceof Map<?, ?> judged) {
        return read(judged, history.size());
      }
    }
    return SurrogateMemory.NONE;
  }

  private static @Nullable Object logPosterior(Map<?, ?> notes) {
    return notes.get(notes.containsKey(LOG_POSTERIOR) ? LOG_POSTERIOR : FORMERLY);
  }

  private static SurrogateMemory read(@Nullable Object written, int size) {
    if (written instanceof Map<?, ?> notes
        && notes.get(THETA) instanceof Map<?, ?> theta
        && notes.get(FITTED) instanceof Number fitted
        && logPosterior(notes) instanceof Number density) {
      var read = new HashMap<String, double[]>();
      theta.forEach((name, values) -> {
        if (values instanceof List<?> list) {
          read.put(
              name.toString(),
              list.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray());
        }
      });
      return new SurrogateMemory(Math.min(fitted.intValue(), size), density.doubleValue(), read);
    }
    return SurrogateMemory.NONE;
  }
}
