package dev.assay.report;

import dev.assay.importance.Fanova;
import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.importance.PedAnova;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;

/// What is calculated for a page and not read from the study: importances, and the surface of a
/// Gaussian process along the most important parameters.
final class Insights {
  /// Forests of a page read at most so many completed trials, evenly spread.
  private static final int FOREST_TRIALS = 1000;

  private static final int MOST_SLICES = 20;
  private static final int MOST_PAIRED = 6;
  private static final int MOST_OBJECTIVES = 3;

  private final StudyView view;
  private final JsonGenerator json;

  Insights(StudyView view, JsonGenerator json) {
    this.view = view;
    this.json = json;
  }

  void write() {
    json.writeArrayPropertyStart("importances");
    var orders = new ArrayList<List<Integer>>();
    var few = few();
    for (int k = 0; k < view.objectives().size(); k++) {
      var pedAnova = importances(new PedAnova(), view.trials(), k);
      var fanova = importances(new Fanova(32, 64, 8, 0), few, k);
      json.writeStartObject();
      write("ped-anova", pedAnova);
      write("fanova", fanova);
      json.writeEndObject();
      orders.add(order(pedAnova));
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("surfaces");
    for (int k = 0; k < view.objectives().size(); k++) {
      writeSurface(k, orders.get(k));
    }
    json.writeEndArray();
  }

  private Importances importances(ImportanceMethod method, List<TrialRecord> trials, int k) {
    return Importances.of(method, view.space(), trials, view.objectives(), k);
  }

  private List<TrialRecord> few() {
    var complete = view.trials().stream().filter(t -> t.state() == TrialState.COMPLETE).toList();
    int n = complete.size();
    return n <= FOREST_TRIALS
        ? complete
        : IntStream.range(0, FOREST_TRIALS)
            .mapToObj(i -> complete.get((int) ((long) i * n / FOREST_TRIALS)))
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
    json.writePOJO(importances.note());
    json.writeEndObject();
  }

  private void writeSurface(int objective, List<Integer> order) {
    var sliced = order.stream().limit(MOST_SLICES).toList();
    var paired = order.stream().limit(MOST_PAIRED).sorted().toList();
    var surface =
        objective < MOST_OBJECTIVES ? PosteriorSurface.of(view, objective, sliced, paired) : null;
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

  private void write(String name, double[] values) {
    json.writeArrayPropertyStart(name);
    for (double value : values) {
      TrialColumns.writeRounded(json, (float) value);
    }
    json.writeEndArray();
  }
}
