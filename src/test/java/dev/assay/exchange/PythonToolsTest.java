package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.report.StudyView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written, read by the tools that it is written for. They are looked for in the Python
/// that the environment variable ASSAY_TEST_PYTHON names, else `python3`.
class PythonToolsTest {
  @TempDir Path directory;
  private Path database = Path.of("");
  private List<StudyView> views = List.of();

  @BeforeEach
  void bring() throws IOException {
    database = Fixtures.optuna(directory.resolve("optuna.db"));
    views =
        List.of(
            Fixtures.stored(
                Fixtures.read(database, "mlp", List.of()), directory.resolve("s.db"), "mlp"));
  }

  private int python(Path log, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Objects.requireNonNullElse(System.getenv("ASSAY_TEST_PYTHON"), "python3"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  private void require(String... modules) throws InterruptedException {
    for (var module : modules) {
      int code;
      try {
        code = python(directory.resolve("log"), "-c", "import " + module);
      } catch (IOException e) {
        code = -1;
      }
      assumeTrue(code == 0, "Python has no " + module + " here.");
    }
  }

  private void runs(String script) throws IOException, InterruptedException {
    var log = directory.resolve("log");
    int code = python(log, "-W", "ignore", "-c", script);
    assertThat(code).as("%s", Files.readString(log)).isZero();
  }

  @Test
  void optunaReadsTheSameTrials() throws Exception {
    require("optuna");
    StudyExport.write(views.getFirst(), "optuna", directory.resolve("back.db").toString());
    runs(
        """
        import optuna
        a, b = [optuna.load_study(study_name="mlp", storage="sqlite:///" + f) for f in ("optuna.db", "back.db")]
        assert len(a.trials) == len(b.trials) == 26
        assert a.directions == b.directions and a.user_attrs == b.user_attrs
        for x, y in zip(a.trials, b.trials):
            for key in ("number", "state", "values", "params", "distributions", "intermediate_values",
                        "user_attrs", "system_attrs", "datetime_start", "datetime_complete"):
                u, v = getattr(x, key), getattr(y, key)
                if isinstance(u, dict):
                    u, v = sorted(u.items()), sorted(v.items())
                assert repr(u) == repr(v), (x.number, key, u, v)
        b.optimize(lambda t: t.suggest_float("lr/α β", 1e-5, 1, log=True), n_trials=2)
        """);
  }

  @Test
  void pyarrowAndPandasReadTheTable() throws Exception {
    require("pyarrow.parquet", "pandas");
    StudyExport.write(views.getFirst(), "parquet", directory.resolve("t.parquet").toString());
    runs(
        """
        import json, pandas, pyarrow.parquet as pq
        table = pq.read_table("t.parquet")
        assert table.num_rows == 26
        frame = table.to_pandas()
        assert list(frame["id"]) == list(range(26))
        assert frame["value_value"][0] == 4.886499075633532 and frame["param_lr/α β"][0] == 0.5
        assert str(frame["param_layers"].dtype) in ("int64", "float64")
        assert frame["param_optimizer"].isna().sum() == 0 and "null" in set(frame["param_optimizer"])
        assert frame["started"].dtype.kind == "M" or "datetime" in str(frame["started"].dtype)
        assert json.loads(frame["reports"][0])[0]["step"] == 0
        """);
  }

  @Test
  void tensorBoardReadsCurvesAndHParams() throws Exception {
    require("tensorboard.backend.event_processing.event_accumulator");
    StudyExport.write(views.getFirst(), "tensorboard", directory.resolve("runs").toString());
    runs(
        """
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from tensorboard.plugins.hparams import plugin_data_pb2
        def plugin(run, tag):
            data = plugin_data_pb2.HParamsPluginData()
            data.ParseFromString(run.SummaryMetadata(tag).plugin_data.content)
            return data
        run = EventAccumulator("runs/mlp/trial-00000").Reload()
        scalars = run.Scalars("value")
        assert [s.step for s in scalars] == [0, 10, 20, 21], scalars
        assert abs(scalars[-1].value - 4.886499075633532) < 1e-6
        start = plugin(run, "_hparams_/session_start_info").session_start_info
        assert start.hparams["lr/α β"].number_value == 0.5
        assert plugin(run, "_hparams_/session_end_info").session_end_info.status == 1
        study = EventAccumulator("runs/mlp").Reload()
        experiment = plugin(study, "_hparams_/experiment").experiment
        assert "momentum" in [info.name for info in experiment.hparam_infos]
        assert experiment.metric_infos[0].name.tag == "value"
        """);
  }
}
