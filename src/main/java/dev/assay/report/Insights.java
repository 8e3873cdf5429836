package dev.assay.report;

import dev.assay.importance.Fanova;
import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.importance.PedAnova;
import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.internal.sampler.gp.SuccessChance;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// What is calculated for a page and not read from the study: importances, and the surface of a
/// Gaussian process along the most important parameters.
final class Insights {
  /// fANOVA reads at most so many completed trials for a page, evenly spread.
  private static final int FANOVA_TRIALS = 1000;

  private static final int MOST_SLICES = 20;
  private static final int MOST_PAIRED = 6;
  private static final int MOST_OBJECTIVES = 3;

  private final StudyView view;
  private final StudyView shown;
  private final JsonGenerator json;

  /// @param shown the study with the trials that the page has
  Insights(StudyView view, StudyView shown, JsonGenerator json) {
    this.view = view;
    this.shown = shown;
    this.json = json;
  }

  /// What is known of one objective.
  private record Insight(
      Importances pedAnova, Importances fanova, PosteriorSurface.@Nullable Surface surface) {}

  void write() {
    var few = few();
    var insights =
        IntStream.range(0, view.objectives().size())
            .parallel()
            .mapToObj(k -> insight(k, few))
            .toList();
    json.writeArrayPropertyStart("importances");
    for (var insight : insights) {
      json.writeStartObject();
      write("ped-anova", insight.pedAnova());
      write("fanova", insight.fanova());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("surfaces");
    insights.forEach(insight -> write(insight.surface()));
    json.writeEndArray();
    write(view.successChance());
    var regret = RegretRule.estimate(view.space(), view.objectives(), view.searched());
    json.writeName("regret");
    json.writePOJO(
        regret == null ? null : Map.of("bound", regret.regret(), "noise", regret.noise()));
  }

  private Insight insight(int k, List<TrialRecord> few) {
    var fanova = CompletableFuture.supplyAsync(() -> importances(new Fanova(32, 64, 8, 0), few, k));
    var pedAnova = importances(new PedAnova(), view.searched(), k);
    var carried = pedAnova.isSaid() && pedAnova.caution() == null ? pedAnova : fanova.join();
    var surface = surface(k, order(carried));
    return new Insight(pedAnova, fanova.join(), surface);
  }

  private Importances importances(ImportanceMethod method, List<TrialRecord> trials, int k) {
    return Importances.of(method, view.space(), trials, view.objectives(), k);
  }

  private List<TrialRecord> few() {
    var complete = view.searched().stream().filter(t -> t.state() == TrialState.COMPLETE).toList();
    int n = complete.size();
    return n <= FANOVA_TRIALS
        ? complete
        : IntStream.range(0, FANOVA_TRIALS)
            .mapToObj(i -> complete.get((int) ((long) i * n / FANOVA_TRIALS)))
            .toList();
  }

  private static List<Integer> order(Importances importances) {
    var parameters = importances.parameters();
    return IntStream.range(0, parameters.size())
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -parameters.get(j).importance()))
        .toList();
  }

  private void write(String name, Importances importances) {
    json.writeName(name);
    json.writeStartObject();
    json.writeNumberProperty("trials", importances.trials());
    json.writeArrayPropertyStart("parameters");
    importances.parameters().forEach(p -> TrialColumns.writeRounded(json, (float) p.importance()));
    json.writeEndArray();
    json.writeArrayPropertyStart("pairs");
    for (var pair : importances.pairs()) {
      json.writeStartArray();
      json.writeNumber(view.space().requireIndex(pair.first()));
      json.writeNumber(view.space().requireIndex(pair.second()));
      TrialColumns.writeRounded(json, (float) pair.importance());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeName("note");
    json.writePOJO(importances.note() == null ? importances.caution() : importances.note());
    json.writeEndObject();
  }

  private PosteriorSurface.@Nullable Surface surface(int objective, List<Integer> order) {
    var sliced = order.stream().limit(MOST_SLICES).toList();
    var paired = order.stream().limit(MOST_PAIRED).sorted().toList();
    return objective < MOST_OBJECTIVES
        ? PosteriorSurface.of(view, objective, sliced, paired)
        : null;
  }

  private void write(PosteriorSurface.@Nullable Surface surface) {
    if (surface == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("trials", surface.trials());
    json.writeArrayPropertyStart("slices");
    for (var slice : surface.slices()) {
      json.writeStartObject();
      json.writeNumberProperty("parameter", slice.parameter());
      write("codes", slice.codes());
      write("means", slice.means());
      write("deviations", slice.deviations());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("check");
    for (var expected : surface.check()) {
      if (shown.row(expected.trial()) < 0) {
        continue;
      }
      json.writeStartArray();
      json.writeNumber(expected.trial());
      TrialColumns.writeRounded(json, (float) expected.value());
      TrialColumns.writeRounded(json, (float) expected.mean());
      TrialColumns.writeRounded(json, (float) expected.deviation());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("contours");
    for (var contour : surface.contours()) {
      json.writeStartObject();
      json.writeNumberProperty("first", contour.first());
      json.writeNumberProperty("second", contour.second());
      write("firstCodes", contour.firstCodes());
      write("secondCodes", contour.secondCodes());
      write("means", contour.means());
      write("deviations", contour.deviations());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(@Nullable SuccessChance chance) {
    json.writeName("success");
    if (chance == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("trials", chance.trials());
    json.writeNumberProperty("failed", chance.failed());
    json.writeArrayPropertyStart("along");
    for (var along : chance.along()) {
      json.writeStartObject();
      json.writeNumberProperty("parameter", along.parameter());
      write("codes", along.codes());
      write("chances", along.chances());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(String name, double[] values) {
    json.writeArrayPropertyStart(name);
    for (double value : values) {
      TrialColumns.writeRounded(json, (float) value);
    }
    json.writeEndArray();
  }
}
