package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cannot be trained is refused before the first trial, in three parts.
class BadTrainingTest {
  @TempDir static Path directory;

  private static final byte[] PIXELS = new byte[40 * 8 * 8];
  private static final byte[] LABELS = new byte[40];

  @BeforeAll
  static void files() throws IOException {
    for (int i = 0; i < LABELS.length; i++) {
      LABELS[i] = (byte) (i % 4);
    }
    var table = new StringBuilder("a,b,label\n");
    var late = new StringBuilder("a,label\n");
    for (int i = 0; i < 40; i++) {
      table
          .append(i * 0.1)
          .append(',')
          .append(i % 7)
          .append(',')
          .append(i % 2 == 0 ? "x\n" : "y\n");
      late.append(i).append(',').append(i < 30 ? "x\n" : "y\n");
    }
    write("good.csv", table.toString());
    write("nan.csv", table + "NaN,1,x\n");
    write("infinite.csv", table + "1,-inf,x\n");
    write("unlabelled.csv", table + "1,2,\n");
    write("rare.csv", table + "1,2,z\n");
    write("late.csv", late.toString());
    write("quantity.csv", "a,label\n" + "1,0.5\n2,0.7\n".repeat(9) + "3,\n");
    write("text.csv", "a,label\n" + "1,0.5\n2,0.7\n".repeat(9) + "3,much\n");

    idx("images", 0x803, PIXELS, 40, 8, 8);
    idx("labels", 0x801, LABELS, 40);
    idx("cut", 0x803, Arrays.copyOf(PIXELS, 2000), 40, 8, 8);
    idx("magic", 0x804, PIXELS, 40, 8, 8);
    idx("header", 0x803, new byte[2], 40);
    idx("more", 0x803, Arrays.copyOf(PIXELS, PIXELS.length + 1), 40, 8, 8);
    idx("none", 0x803, new byte[0], 0, 8, 8);
    idx("huge", 0x803, PIXELS, 60_000, 28_000, 28_000);
    idx("fewer", 0x801, Arrays.copyOf(LABELS, 39), 39);
    var wild = LABELS.clone();
    wild[5] = (byte) 250;
    idx("wild", 0x801, wild, 40);
    Files.write(directory.resolve("nothing.idx"), new byte[0]);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(Files.readAllBytes(directory.resolve("images.idx")));
    }
    Files.write(directory.resolve("packed.idx"), Arrays.copyOf(packed.toByteArray(), 30));
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static void idx(String name, int magic, byte[] elements, int... dimensions)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int dimension : dimensions) {
      out.writeInt(dimension);
    }
    out.write(elements);
    Files.write(directory.resolve(name + ".idx"), bytes.toByteArray());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train: mlp, data: digits, cv: 5, fixed: {hidden: 16384, layers: 4} | does not fit | hidden: 16384, layers: 4 on 5 folds of digits | fewer units
          train: mlp, data: digits, fixed: {hidden: 20000}                   | wrong value  | hidden: 20000      | to 16384
          train: mlp, data: iris, fixed: {hidden: 0}                         | wrong value  | hidden: 0          | from 1
          train: mlp, data: iris, fixed: {layers: 0}                         | wrong value  | layers: 0          | from 1
          train: mlp, data: iris, fixed: {dropout: 1.0}                      | wrong value  | dropout: 1.0       | below 1
          train: mlp, data: iris, fixed: {batch_size: 0}                     | wrong value  | batch_size: 0      | from 1
          train: mlp, data: iris, fixed: {batch_size: 121}                   | larger than  | batch_size: 121    | at most 120
          train: mlp, data: iris, fixed: {batch_size: 110, patience: 2}      | larger than  | batch_size: 110    | at most 108
          train: mlp, data: iris, precision: fp64                            | no such precision | "fp64"        | fp32
          train: mlp, data: iris, precision: tf32                            | cpu trains in FP32 only | precision: tf32 | compute capability 8.0
          train: mlp, data: rare.csv, cv: 5                                  | fewer rows   | class "z"          | fewer folds
          train: mlp, data: rare.csv                                         | fewer rows   | 1 of 2 rows        | Add rows
          train: mlp, data: late.csv, time_series: 4                         | no training row of a class | class "y" in fold 1 | fewer folds
          train: mlp, data: nan.csv                                          | finite       | "NaN" in column a, line 42 | Write a number
          train: mlp, data: infinite.csv                                     | finite       | "-inf" in column b | Write a number
          train: mlp, data: unlabelled.csv                                   | no label     | column label, line 42 | Fill the cells
          train: cnn, data: good.csv                                         | not for this data | cnn           | mlp
          train: cnn, data: {images: cut.idx, labels: labels.idx}            | incomplete   | cut.idx: 2000 of 2560 | again
          train: cnn, data: {images: packed.idx, labels: labels.idx}         | incomplete   | packed.idx         | again
          train: cnn, data: {images: header.idx, labels: labels.idx}         | incomplete   | header.idx         | again
          train: cnn, data: {images: nothing.idx, labels: labels.idx}        | incomplete   | nothing.idx        | again
          train: cnn, data: {images: magic.idx, labels: labels.idx}          | not IDX      | begins with 00000804 | 3 dimensions
          train: cnn, data: {images: labels.idx, labels: images.idx}         | not IDX      | begins with 00000803 | 1 dimension
          train: cnn, data: {images: more.idx, labels: labels.idx}           | not IDX      | more follows the 2560 | unsigned bytes
          train: cnn, data: {images: none.idx, labels: labels.idx}           | not IDX      | dimension 1 is 0   | unsigned bytes
          train: cnn, data: {images: huge.idx, labels: labels.idx}           | not IDX      | dimension          | unsigned bytes
          train: cnn, data: {images: images.idx, labels: fewer.idx}          | as many labels | 40 images         | belong together
          train: cnn, data: {images: images.idx, labels: wild.idx}           | no images    | class 4, though image 6 has 250 | gap
          """)
  void whatCannotBeTrainedIsRefused(String objective, String what, String value, String mend) {
    refused(objective, "maximize: accuracy", what, value, mend);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train: mlp, data: quantity.csv | no label | column label, line 20 | Fill the cells
          train: mlp, data: text.csv     | finite   | "much" in column label, line 20 | Write a number
          train: cnn, data: {images: images.idx, labels: labels.idx} | have classes | a metric of regression | accuracy
          """)
  void whatHasNoQuantityIsRefused(String objective, String what, String value, String mend) {
    refused(objective, "minimize: rmse", what == null ? "" : what, value, mend);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dropout: {float: [0, 1.0]}          | dropout: 1.0    | below 1
          hidden: {int: [0, 64]}              | hidden: 0       | from 1
          batch_size: {choice: [32, 512]}     | batch_size: 512 | at most 120
          learning_rate: {float: [0, 0.1]}    | learning_rate: 0 | above 0
          """)
  void aSpaceThatReachesTooFarIsRefused(String space, String value, String mend) {
    var file = "{train: mlp, data: iris}\nmaximize: accuracy\nspace: {" + space + "}\n";
    refused(file, "", value, mend);
  }

  private static void refused(
      String objective, String metric, String what, String value, String mend) {
    var file =
        "{" + objective + "}\n" + metric + "\nspace: {learning_rate: {float: [0.001, 0.01]}}\n";
    refused(file, what, value, mend);
  }

  private static void refused(String file, String what, String value, String mend) {
    var path = directory.resolve("study.yaml");
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> {
          Files.writeString(path, "objective: " + file + "budget: {trials: 1}\n");
          var assembly = new Assembly(StudyFile.read(path, List.of()));
          assembly.runner(new BackendSelector().choose("cpu"));
        })
        .satisfies(problem -> {
          assertThat(problem.what()).contains(what);
          assertThat(problem.value()).contains(value);
          assertThat(problem.mend()).contains(mend);
        });
  }
}
