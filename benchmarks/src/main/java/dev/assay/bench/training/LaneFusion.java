package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Configurations trained together against the same one after another, both on one core, in turns;
/// batch sizes from 8 to 512, several shapes.
final class LaneFusion {
  private static final int LANES = 16;
  private static final int[] BATCHES = {8, 16, 32, 64, 128, 256, 512};
  private static final int[][] SHAPES = {{32, 1}, {100, 1}, {256, 1}, {64, 3}};

  private final int repeats;

  LaneFusion(int repeats) {
    this.repeats = repeats;
  }

  List<Measurement> measure() throws InterruptedException {
    var data = LaneWork.digits();
    var measurements = new ArrayList<Measurement>();
    for (var shape : SHAPES) {
      var small = LaneWork.settings(shape[0], shape[1], BATCHES[0], LaneWork.EPOCHS);
      Turns.warm(LaneWork.of(data, small, LANES));
      for (int batch : BATCHES) {
        var settings = LaneWork.settings(shape[0], shape[1], batch, LaneWork.EPOCHS);
        var work = LaneWork.of(data, settings, LANES);
        var turns = Turns.of(repeats, work::together, work::alone);
        var parameters = new LinkedHashMap<String, String>();
        parameters.put(
            "of", "a row and epoch of " + LANES + " configurations, one core, processor time");
        parameters.put("hidden", Integer.toString(shape[0]));
        parameters.put("layers", Integer.toString(shape[1]));
        parameters.put("batch", Integer.toString(batch));
        measurements.add(turns.measurement("training.lanes", parameters, "one after another"));
      }
    }
    return measurements;
  }
}
