package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What other tools keep of their runs, read.
class SourcesTest {
  private static final List<Objective> LOSS = List.of(new Objective("loss", Direction.MINIMIZE));

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private StudyView stored(StudyImport study) {
    return Fixtures.stored(study, directory.resolve("study.db"), study.name());
  }

  @Test
  void optunasJournalIsItsDatabase() throws IOException {
    var database = Fixtures.read(Fixtures.optuna(directory.resolve("optuna.db")), "mlp", List.of());
    var path = Fixtures.copy(directory, "optuna-5.0.0.journal");
    var journal = Fixtures.read(path, "mlp", List.of());
    assertThat(journal.tool()).isEqualTo("optuna");
    assertThat(journal.space()).isEqualTo(database.space());
    assertThat(journal.size()).isEqualTo(26);
    var a = Fixtures.stored(database, directory.resolve("a.db"), "mlp").trials();
    var b = Fixtures.stored(journal, directory.resolve("b.db"), "mlp").trials();
    for (int i = 0; i < 26; i++) {
      assertThat(b.get(i).state()).isEqualTo(a.get(i).state());
      assertThat(b.get(i).values()).isEqualTo(a.get(i).values());
      assertThat(b.get(i).reports()).isEqualTo(a.get(i).reports());
      assertThat(b.get(i).configuration()).isEqualTo(a.get(i).configuration());
      assertThat(b.get(i).attributes().get("list")).isEqualTo(a.get(i).attributes().get("list"));
    }
    assertThat(Fixtures.read(path, "two", List.of()).objectives()).hasSize(2);
  }

  @Test
  void aJournalThatADyingProcessCutOffIsReadToThere() throws IOException {
    var text = Fixtures.text("optuna-5.0.0.journal");
    var torn = file("torn.journal", text + "{\"op_code\":5,\"tri");
    assertThat(Fixtures.read(torn, "mlp", List.of()).remarks())
        .containsExactly("The journal's last line is cut off, as by a process that died.");
    var broken = file("broken.journal", text.replaceFirst("\n", "\n{\"op_\n"));
    assertThatThrownBy(() -> Fixtures.read(broken, "mlp", List.of()))
        .hasMessageContaining("A line of the journal cannot be read.")
        .hasMessageContaining("line 2");
    var newer = file("newer.journal", text + "{\"op_code\": 99}\n");
    assertThatThrownBy(() -> Fixtures.read(newer, "mlp", List.of()))
        .hasMessageContaining("operation 99");
  }

  @Test
  void optunasDataFrame() throws IOException {
    var path = Fixtures.copy(directory, "optuna-dataframe.csv");
    var view =
        stored(Fixtures.read(path, null, List.of(new Objective("value", Direction.MINIMIZE))));
    assertThat(view.trials()).hasSize(10);
    assertThat(view.trials().getFirst().value()).isEqualTo(4.886499075633532);
    assertThat(view.trials().getFirst().configuration().values()).containsEntry("lr/α β", 0.5);
    assertThat(view.trials().getFirst().attributes()).containsEntry("note", "n0");
    assertThat(view.trials().getFirst().startedMillis()).isPositive();
    assertThat(view.trials().get(3).state()).isEqualTo(TrialState.PRUNED);
    assertThat(view.trials().get(5).state()).isEqualTo(TrialState.FAILED);
  }

  @Test
  void whatAssayExportsComesBack() throws IOException {
    var there =
        Fixtures.stored(
            Fixtures.read(Fixtures.optuna(directory.resolve("optuna.db")), "mlp", LOSS),
            directory.resolve("a.db"),
            "mlp");
    for (var format : List.of("csv", "json")) {
      var back =
          stored(
              Fixtures.read(file("back." + format, StudyExport.text(there, format)), null, LOSS));
      assertThat(back.trials()).hasSize(26);
      for (int i = 0; i < 26; i++) {
        var before = there.trials().get(i);
        var after = back.trials().get(i);
        assertThat(after.state()).isEqualTo(before.state());
        assertThat(after.values()).isEqualTo(before.values());
        assertThat(after.cause()).isEqualTo(before.cause());
        assertThat(after.configuration().values().get("lr/α β"))
            .isEqualTo(before.configuration().values().get("lr/α β"));
        assertThat(after.attributes().get("note")).isEqualTo(before.attributes().get("note"));
        if (before.state().isFinished()) {
          assertThat(after.startedMillis()).isEqualTo(before.startedMillis());
        }
      }
      Files.delete(directory.resolve("study.db"));
    }
  }

  @Test
  void tablesWhoseColumnsTheUserNames() throws IOException {
    var path =
        file(
            "runs.csv",
            """
            \uFEFFrun;lr;layers;opt;loss;gpu;state
            a;0.001;2;sgd;0.5;A100;finished
            b;0.1;3;adam;0.25;A100;finished
            c;0.2;3;adam;;A100;crashed
            d;0.3;1;adam;nan;A100;finished
            """);
    var study = Fixtures.read(path, null, LOSS, "lr", "layers", "opt");
    var space = study.space();
    assertThat(space.parameters().get(0).distribution()).isEqualTo(FloatRange.log(0.001, 0.3));
    assertThat(space.parameters().get(1).distribution()).isEqualTo(new IntRange(1, 3));
    assertThat(space.parameters().get(2).distribution()).isEqualTo(Choice.of("sgd", "adam"));
    var trials = stored(study).trials();
    assertThat(trials.get(0).attributes()).containsEntry("run", "a").containsEntry("gpu", "A100");
    assertThat(trials.get(1).value()).isEqualTo(0.25);
    assertThat(trials.get(2).state()).isEqualTo(TrialState.FAILED);
    assertThat(trials.get(3).cause()).isEqualTo(Cause.NOT_FINITE);
  }

  @Test
  void tablesInOtherAlphabetsAndBrokenOnes() throws IOException {
    var latin = directory.resolve("latin.csv");
    Files.write(latin, "größe,loss\n1,2\n3,4\n".getBytes(Charset.forName("windows-1252")));
    var study = Fixtures.read(latin, null, LOSS);
    assertThat(study.space().has("größe")).isTrue();
    assertThat(study.remarks()).hasSize(1);
    var ragged = file("ragged.csv", "x,loss\n1,2\n1,2,3\n");
    assertThatThrownBy(() -> Fixtures.read(ragged, null, LOSS))
        .hasMessageContaining("line 3")
        .hasMessageContaining("3 of 2");
    var open = file("open.csv", "x,loss\n\"1,2\n");
    assertThatThrownBy(() -> Fixtures.read(open, null, LOSS)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Fixtures.read(latin, null, List.of()))
        .hasMessageContaining("Nothing says which metric is the objective.");
    assertThatThrownBy(() ->
            Fixtures.read(latin, null, List.of(new Objective("los", Direction.MINIMIZE)), "größe"))
        .hasMessageContaining("There is no such metric in it.");
    assertThatThrownBy(() -> Fixtures.read(file("empty.csv", ""), null, LOSS))
        .isInstanceOf(Problem.class);
  }

  @Test
  void aCellOfManyMegabytesIsKept() throws IOException {
    var log = "x".repeat(17 << 20); // readers of CSV have 16 MiB by default
    var path = file("logs.csv", "x,loss,log\n1,2," + log + "\n2,3,short\n");
    var view = stored(Fixtures.read(path, null, LOSS, "x"));
    assertThat(view.trials().getFirst().attributes().get("log")).isEqualTo(log);
    var back = directory.resolve("back.db");
    StudyExport.write(view, "optuna", back.toString());
    var again = Fixtures.read(back, null, List.of());
    assertThat(
            Fixtures.stored(again, directory.resolve("c.db"), "again")
                .trials()
                .getFirst()
                .attributes()
                .get("log"))
        .isEqualTo(log);
  }

  @Test
  void hyperoptsTrials() throws IOException {
    var path =
        file(
            "hyperopt.json",
            """
            {"choices": {"opt": ["sgd", "adam"]}, "trials": [
              {"state": 2, "tid": 0, "result": {"loss": 0.5, "status": "ok", "note": "a"},
               "misc": {"vals": {"lr": [0.1], "opt": [1], "beta": [0.9]}},
               "book_time": "2026-01-01 10:00:00.500000", "refresh_time": "2026-01-01 10:00:02"},
              {"state": 2, "tid": 1, "result": {"loss": 0.25, "status": "ok"},
               "misc": {"vals": {"lr": [0.2], "opt": [0], "beta": []}}},
              {"state": 2, "tid": 2, "result": {"status": "fail"},
               "misc": {"vals": {"lr": [0.3], "opt": [0], "beta": []}}},
              {"state": 0, "tid": 3, "result": {"status": "new"}, "misc": {"vals": {}}}]}
            """);
    var study = Fixtures.read(path, null, List.of());
    assertThat(study.tool()).isEqualTo("hyperopt");
    assertThat(study.objectives()).isEqualTo(LOSS);
    assertThat(study.space().parameters().get(study.space().requireIndex("beta")).condition())
        .isEqualTo(Condition.when("opt", "adam"));
    var view = stored(study);
    assertThat(view.trials()).hasSize(3);
    assertThat(view.trials().getFirst().configuration().values()).containsEntry("opt", "adam");
    assertThat(view.trials().getFirst().seconds()).isEqualTo(1.5);
    assertThat(view.trials().getFirst().attributes()).containsEntry("note", "a");
    assertThat(view.trials().get(2).state()).isEqualTo(TrialState.FAILED);
  }

  @Test
  void picklesAndOtherFilesAreRefused() throws IOException {
    var pickle = Files.write(directory.resolve("trials.bin"), new byte[] {(byte) 0x80, 4, 0x2e});
    assertThatThrownBy(() -> Fixtures.read(pickle, null, LOSS))
        .hasMessageContaining("A pickle is not read")
        .hasMessageContaining("json.dump");
    assertThatThrownBy(() -> Fixtures.read(file("t.pkl", "(lp0"), null, LOSS))
        .hasMessageContaining("A pickle is not read");
    var other = Files.write(directory.resolve("x.png"), new byte[] {1, 2, 0, 4});
    assertThatThrownBy(() -> Fixtures.read(other, null, LOSS))
        .hasMessageContaining("no format that is known");
    assertThatThrownBy(() -> Fixtures.read(file("x.db", "garbage\n"), null, LOSS))
        .hasMessageContaining("neither a SQLite database nor a journal");
    assertThatThrownBy(() -> Fixtures.read(file("x.json", "{\"a\": 1}"), null, LOSS))
        .hasMessageContaining("no tool that is known");
    assertThatThrownBy(() -> Fixtures.read(file("y.json", "{\"runs\": ["), null, LOSS))
        .hasMessageContaining("The file is no JSON.");
    assertThatThrownBy(() -> Fixtures.read(directory.resolve("none"), null, LOSS))
        .hasMessageContaining("There is nothing to import.");
  }

  /// A number that is read as a text would be an option of its own, or a failure.
  @Test
  void decimalCommasAreRefused() throws IOException {
    for (var table : List.of("params_lr;loss\n0.1;0,5\n", "params_lr\tloss\n0,0125\t0.5\n")) {
      var path = file("t.csv", table);
      assertThatThrownBy(() -> Fixtures.read(path, null, LOSS))
          .hasMessageContaining("decimal comma")
          .hasMessageContaining("line 2");
    }
    assertThatThrownBy(() -> Fixtures.read(file("u.csv", "lr,loss\n1,\"0,5\"\n"), null, LOSS))
        .hasMessageContaining("decimal comma");
    var widths = Fixtures.read(file("w.csv", "w,loss\n\"64,32\",1\n\"8,8\",2\n"), null, LOSS);
    assertThat(stored(widths).trials()).hasSize(2);
  }

  @Test
  void aLineOfAJournalThatIsNoneIsNamed() throws IOException {
    var begin = "{\"op_code\":0,\"worker_id\":\"w\",\"study_name\":\"s\",\"directions\":[1]}\n";
    assertThatThrownBy(() -> Fixtures.read(file("j.log", begin + "{\"op_c\n" + begin), null, LOSS))
        .hasMessageContaining("line 2: it is no JSON");
    var bytes = Files.write(directory.resolve("k.log"), begin.getBytes(StandardCharsets.UTF_8));
    Files.write(bytes, new byte[] {'{', (byte) 0xff, (byte) 0xfe, '\n'}, StandardOpenOption.APPEND);
    assertThatThrownBy(() -> Fixtures.read(bytes, null, LOSS)).hasMessageContaining("no UTF-8");
  }

  @Test
  void rayTunesDirectories() throws IOException {
    for (int i = 0; i < 3; i++) {
      var trial = Files.createDirectories(directory.resolve("exp/train_%d_lr".formatted(i)));
      Files.writeString(
          trial.resolve("params.json"),
          "{\"lr\": 0.%d, \"opt\": {\"name\": \"sgd\"}}".formatted(i + 1));
      var lines = new StringBuilder();
      for (int step = 1; step <= 3; step++) {
        lines.append(
            """
            {"loss": %s, "acc": 0.5, "training_iteration": %d, "timestamp": %d, "time_total_s": %d, \
            "trial_id": "t%d", "done": %s, "config": {"lr": 1}}
            """
                .formatted(
                    i == 2 && step == 3 ? "NaN" : 1.0 / step,
                    step,
                    1000 + 10 * i + step,
                    step,
                    i,
                    step == 3));
      }
      Files.writeString(trial.resolve("result.json"), lines);
    }
    var failed = Files.createDirectories(directory.resolve("exp/train_9_lr"));
    Files.writeString(failed.resolve("params.json"), "{\"lr\": 0.9, \"opt\": {\"name\": \"sgd\"}}");
    Files.writeString(failed.resolve("error.txt"), "Traceback\nValueError: no");
    var study = Fixtures.read(directory.resolve("exp"), null, LOSS);
    assertThat(study.tool()).isEqualTo("ray");
    assertThat(study.name()).isEqualTo("exp");
    assertThat(study.space().has("opt/name")).isTrue();
    var trials = stored(study).trials();
    assertThat(trials).hasSize(4);
    assertThat(trials.getFirst().detail()).isEqualTo("Traceback\nValueError: no");
    assertThat(trials.get(1).value()).isEqualTo(1.0 / 3);
    assertThat(trials.get(1).reports()).hasSize(3);
    assertThat(trials.get(1).seconds()).isEqualTo(3);
    assertThat(trials.get(3).cause()).isEqualTo(Cause.NOT_FINITE);
    assertThatThrownBy(() -> Fixtures.read(directory, null, LOSS))
        .hasMessageContaining("no trials of Ray Tune");
  }

  @Test
  void weightsAndBiasesRuns() throws IOException {
    var path =
        file(
            "wandb.json",
            """
            [{"id": "a1", "name": "swift-1", "state": "finished", "created_at": "2026-01-01T10:00:00Z",
              "config": {"lr": {"value": 0.1}, "model": {"depth": 3}, "_wandb": {}},
              "summary": {"loss": 0.5, "acc": 0.9, "_runtime": 12.5},
              "history": [{"_step": 0, "loss": 0.8}, {"_step": 1, "loss": 0.5, "gnorm": 2}]},
             {"id": "b2", "state": "crashed", "config": {"lr": 0.2, "model": {"depth": 4}}, "summary": {}}]
            """);
    var view = stored(Fixtures.read(path, null, LOSS));
    var first = view.trials().getFirst();
    assertThat(first.configuration().values()).isEqualTo(Map.of("lr", 0.1, "model/depth", 3L));
    assertThat(first.value()).isEqualTo(0.5);
    assertThat(first.reports()).hasSize(2);
    assertThat(first.seconds()).isEqualTo(12.5);
    assertThat(first.attributes()).containsEntry("name", "swift-1");
    assertThat(first.attributes().get("metrics")).isEqualTo(Map.of("acc", 0.9));
    assertThat(view.trials().get(1).state()).isEqualTo(TrialState.FAILED);
  }

  @Test
  void mlflowsRunsAsJsonAndAsATable() throws IOException {
    var json =
        file(
            "runs.json",
            """
            {"runs": [{"info": {"run_id": "r1", "status": "FINISHED", "start_time": 1000, "end_time": 3500},
              "data": {"params": [{"key": "lr", "value": "0.1"}, {"key": "opt", "value": "sgd"}],
                       "metrics": [{"key": "loss", "value": 0.5, "step": 3}],
                       "tags": [{"key": "note", "value": "good"}]}}]}
            """);
    var csv =
        file(
            "table.csv",
            """
            run_id,status,start_time,end_time,metrics.loss,params.lr,params.opt,tags.note
            r1,FINISHED,1970-01-01 00:00:01+00:00,1970-01-01 00:00:03.500000+00:00,0.5,0.1,sgd,good
            """);
    for (var path : List.of(json, csv)) {
      var study = Fixtures.read(path, null, LOSS);
      var trial =
          Fixtures.stored(study, directory.resolve("m.db"), study.name()).trials().getFirst();
      assertThat(trial.configuration().values()).isEqualTo(Map.of("lr", 0.1, "opt", "sgd"));
      assertThat(trial.value()).isEqualTo(0.5);
      assertThat(trial.startedMillis()).isEqualTo(1000);
      assertThat(trial.seconds()).isEqualTo(2.5);
      assertThat(trial.attributes()).containsEntry("note", "good").containsEntry("run_id", "r1");
    }
  }
}
