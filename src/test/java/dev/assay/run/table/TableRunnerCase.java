package dev.assay.run.table;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;

/// Recorded tables: curves and a grid.
abstract class TableRunnerCase {
  static final String CURVES =
      """
      config,lr,act,status,loss_1,loss_2,loss_3,time_s_1,time_s_2,time_s_3
      0,0.001,relu,ok,0.9,0.8,0.7,10,20,30
      1,0.1,relu,ok,0.8,0.5,0.4,1,2,3
      2,0.001,tanh,diverged,0.9,,,10,,
      3,0.1,tanh,ok,0.7,0.6,,2,5,
      """;

  static final String CURVES_JSON =
      """
      {"parameters": {"lr": {"type": "float", "min": 0.0001, "max": 1, "log": true},
                      "act": {"type": "categorical", "values": ["relu", "tanh"]}},
       "metric": "loss (nats)", "direction": "minimize"}
      """;

  @TempDir Path directory;

  ReplayTable table(String csv, String json) {
    try {
      try (var out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("t.csv.gz")))) {
        out.write(csv.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      Files.writeString(directory.resolve("t.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ReplayTable.read(directory.resolve("t.csv.gz"));
  }

  static Study<Configuration> study(ReplayTable table, int batch, Object... starts) {
    var builder =
        Study.over(around(table))
            .objective(new Objective(table.metric(), table.direction()))
            .sampler(Samplers.random())
            .batch(batch);
    for (int i = 0; i < starts.length; i += 2) {
      builder.start(Map.of("lr", starts[i], "act", starts[i + 1]));
    }
    return builder.open();
  }

  /// The table's parameters in a space of its own, so that configurations lie between the rows.
  static SearchSpace around(ReplayTable table) {
    var builder = SearchSpace.builder();
    table.space().parameters().forEach(builder::add);
    return builder.build();
  }

  static TableRunner runner(ReplayTable table) {
    return new TableRunner(
        "t.csv.gz", table, List.of(new Objective(table.metric(), table.direction())), "mean");
  }
}
