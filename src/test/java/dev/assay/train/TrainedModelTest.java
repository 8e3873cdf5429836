package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cpu.CpuTrainEngine;
import dev.assay.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model is trained on all rows, written, read and applied.
class TrainedModelTest {
  private final TrainEngine engine = new CpuTrainEngine(1);

  @TempDir Path directory;

  private TrainedModel trained(DataSet data, String model, Map<String, Object> parameters)
      throws InterruptedException {
    var settings = TrainerSettings.of(Model.named(model), parameters);
    return TrainedModel.train(engine, data, new TrainRequest(settings, 3), Map.of("study", "s"));
  }

  @Test
  void whatWasReadPredictsTheSameBits() throws InterruptedException {
    var iris = DataSets.bundled("iris");
    var model = trained(iris, "mlp", Map.of("layers", 2, "hidden", 9, "epochs", 40));
    ModelFiles.write(directory, model);
    var read = ModelFiles.read(directory);
    assertThat(read.weights()).isEqualTo(model.weights());
    assertThat(read.columns()).isEqualTo(model.columns());
    assertThat(read.provenance()).isEqualTo(Map.of("study", "s"));
    assertThat(read.predict(engine, iris)).isEqualTo(model.predict(engine, iris));
    assertThat(Metric.ACCURACY.of(iris.target(), read.predict(engine, iris))).isGreaterThan(0.95);
  }

  @Test
  void newRowsAreEncodedAsTheOldOnes() throws IOException, InterruptedException {
    var training = directory.resolve("train.csv");
    var text = new StringBuilder("size,colour,price\n");
    for (int i = 0; i < 60; i++) {
      var colour = i % 3 == 0 ? "red" : "blue";
      text.append(i % 7 == 0 ? "" : String.valueOf(i)).append(',').append(colour);
      text.append(',').append(1000 + 10 * i + (i % 3 == 0 ? 500 : 0)).append('\n');
    }
    Files.writeString(training, text);
    var roles = new CsvRoles(null, null, Task.REGRESSION);
    var data = DataSets.csv(training, roles);
    var model =
        trained(data, "linear", Map.of("epochs", 300, "learning_rate", 0.05, "batch_size", 20));
    var all = model.predict(engine, data);
    assertThat(Metric.R2.of(data.target(), all)).isGreaterThan(0.8);

    var fresh = directory.resolve("new.csv");
    Files.writeString(fresh, "colour,other,size\nblue,x,5\nred,y,\ngreen,z,8\n");
    var rows = NewRows.csv(fresh, model);
    assertThat(rows.labelled()).isFalse();
    assertThat(rows.unseen()).isEqualTo(1);
    var predicted = model.predict(engine, rows.data());
    assertThat(predicted[0]).isEqualTo(all[5]);
    assertThat(predicted).hasSize(3).doesNotContain(Float.NaN);

    assertThat(NewRows.csv(training, model).labelled()).isTrue();
    Files.writeString(fresh, "colour,other\nblue,x\n");
    assertThatThrownBy(() -> NewRows.csv(fresh, model))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("\"size\""));
    Files.writeString(fresh, "colour,size\nblue,x\n");
    assertThatThrownBy(() -> NewRows.csv(fresh, model))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("line 2"));
    Files.write(fresh, "colour;size\nbl\u00fc;5\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(NewRows.csv(fresh, model).unseen()).isEqualTo(1);
  }

  @Test
  void datesAndDroppedColumnsOfNewRowsAreReadAlike() throws IOException, InterruptedException {
    var training = directory.resolve("train.csv");
    var text = new StringBuilder("id,day,amount,kind\n");
    for (int i = 0; i < 40; i++) {
      text.append("c").append(i).append(",2024-01-").append(10 + i % 20).append(",\"1,0");
      text.append(10 + i).append("\",").append(i % 20 < 10 ? "early" : "late").append('\n');
    }
    Files.writeString(training, text);
    var roles =
        new CsvRoles(null, null, java.util.List.of("id"), java.util.List.of(), Task.CLASSIFICATION);
    var data = DataSets.csv(training, roles);
    ModelFiles.write(directory, trained(data, "softmax", Map.of("epochs", 20)));
    var model = ModelFiles.read(directory);
    assertThat(model.columns()).isEqualTo(data.columns());
    assertThat(NewRows.csv(training, model).data().features()).isEqualTo(data.features());
    var fresh = Files.writeString(directory.resolve("new.csv"), "day,amount\n2024-13-01,5\n");
    assertThatThrownBy(() -> NewRows.csv(fresh, model))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("2024-13-01", "line 2"));
  }

  @Test
  void aDamagedModelIsRefused() throws IOException, InterruptedException {
    ModelFiles.write(directory, trained(DataSets.bundled("iris"), "softmax", Map.of("epochs", 1)));
    var weights = directory.resolve(ModelFiles.WEIGHTS);
    var bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 8));
    assertThatThrownBy(() -> ModelFiles.read(directory)).isInstanceOf(Problem.class);
    Files.write(weights, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ModelFiles.read(directory)).isInstanceOf(Problem.class);
    Files.writeString(directory.resolve(ModelFiles.DESCRIPTION), "{}");
    assertThatThrownBy(() -> ModelFiles.read(directory)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> ModelFiles.read(directory.resolve("nowhere")))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.mend()).contains("assay refit"));
  }

  @Test
  void imagesAreReadWithTheirLabels() throws IOException, InterruptedException {
    var images = idx("images.gz", new int[] {6, 4, 5}, 6 * 20);
    var labels = idx("labels", new int[] {6}, 6);
    var data = DataSets.images(images, labels);
    assertThat(data.rows()).isEqualTo(6);
    assertThat(data.image()).isEqualTo(new Column.Image("pixels", 4, 5));
    assertThat(data.features()[21]).isEqualTo(21);
    assertThat(((Target.Classes) data.target()).labels()).containsExactly(0, 1, 2, 3, 4, 5);

    var model =
        trained(data, "cnn", Map.of("filters", 2, "hidden", 3, "epochs", 2, "batch_size", 2));
    ModelFiles.write(directory, model);
    var read = ModelFiles.read(directory);
    var rows = NewRows.images(images, null, read);
    assertThat(read.predict(engine, rows.data())).isEqualTo(model.predict(engine, data));

    assertThatThrownBy(() -> DataSets.images(labels, labels))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.what()).contains("not IDX"));
    var fewer = idx("fewer", new int[] {5}, 5);
    assertThatThrownBy(() -> DataSets.images(images, fewer)).isInstanceOf(Problem.class);
    var cut = idx("cut", new int[] {6, 4, 5}, 50);
    assertThatThrownBy(() -> DataSets.images(cut, labels))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.what()).contains("incomplete"));
  }

  /// Bytes 0, 1, 2, ...; gzip where the name ends so.
  private Path idx(String name, int[] dimensions, int count) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out =
        new DataOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes)) {
      out.writeInt(8 << 8 | dimensions.length);
      for (int size : dimensions) {
        out.writeInt(size);
      }
      for (int i = 0; i < count; i++) {
        out.writeByte(i);
      }
    }
    var file = directory.resolve(name);
    Files.write(file, bytes.toByteArray());
    return file;
  }

  @Test
  void aColumnWithoutANameIsFoundByItsPlace() throws IOException, InterruptedException {
    var text = new StringBuilder("size,,kind\n");
    for (int i = 0; i < 20; i++) {
      text.append(i).append(',').append(i % 2).append(i % 2 == 0 ? ",even\n" : ",odd\n");
    }
    var file = Files.writeString(directory.resolve("unnamed.csv"), text);
    var data = DataSets.csv(file, CsvRoles.CLASSES);
    var model = trained(data, "softmax", Map.of("epochs", 2, "batch_size", 5));
    assertThat(NewRows.csv(file, model).data().features()).isEqualTo(data.features());
  }
}
