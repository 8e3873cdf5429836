package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.train.FoldedData;
import dev.assay.train.TrainRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Configurations of eight widths, grouped by shape, against as many of the one width that needs
/// the same arithmetic; and against all of them at the largest width, which is the least that
/// padding with masks could cost.
final class MixedWidths {
  private static final int[] WIDTHS = {32, 48, 64, 80, 96, 112, 128, 144};
  private static final int EACH = 4;
  private static final int BATCH = 64;

  private final int repeats;

  MixedWidths(int repeats) {
    this.repeats = repeats;
  }

  List<Measurement> measure() throws InterruptedException {
    var data = LaneWork.digits();
    var mixed = mixed(data);
    int mean = (int) Math.round(java.util.Arrays.stream(WIDTHS).average().orElseThrow());
    var uniform = uniform(data, mean);
    var padded = uniform(data, WIDTHS[WIDTHS.length - 1]);
    Turns.warm(mixed);
    var measurements = new ArrayList<Measurement>();
    for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
      var grouped =
          Turns.of(repeats, () -> mixed.together(threads), () -> uniform.together(threads));
      measurements.add(
          grouped.measurement("training.widths", parameters(threads), "one width, " + mean));
      var masks = Turns.of(repeats, () -> mixed.together(threads), () -> padded.together(threads));
      measurements.add(
          masks.measurement("training.widths", parameters(threads), "all padded to 144"));
    }
    return measurements;
  }

  private static LinkedHashMap<String, String> parameters(int threads) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("of", "a row and epoch of 32 configurations, 8 widths from 32 to 144, batch 64");
    parameters.put("threads", Integer.toString(threads));
    return parameters;
  }

  private static LaneWork mixed(FoldedData data) {
    var requests = new ArrayList<TrainRequest>();
    for (int i = 0; i < EACH; i++) {
      for (int width : WIDTHS) {
        var settings = LaneWork.settings(width, 1, BATCH, LaneWork.EPOCHS);
        requests.add(new TrainRequest(settings, 7 + requests.size()));
      }
    }
    return new LaneWork(data, requests);
  }

  private static LaneWork uniform(FoldedData data, int width) {
    var settings = LaneWork.settings(width, 1, BATCH, LaneWork.EPOCHS);
    return LaneWork.of(data, settings, EACH * WIDTHS.length);
  }
}
