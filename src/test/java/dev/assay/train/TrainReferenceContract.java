package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Streams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every engine must compute: the losses of the double-precision reference, and predictions
/// and weights that are what they are called.
public abstract class TrainReferenceContract {
  /// A fresh engine.
  protected abstract TrainEngine engine();

  /// How far losses may be from the double-precision reference, relative.
  protected double tolerance() {
    return 1e-4;
  }

  /// Epochs over which they are compared.
  protected int compared() {
    return 3;
  }

  /// What the engine makes of a number before a dense layer multiplies it.
  protected double operand(double x) {
    return x;
  }

  final FoldedData digits =
      new Validation.CrossValidation(5).apply(DataSets.bundled("digits"), new Streams(1));
  final FoldedData iris =
      new Validation.CrossValidation(3).apply(DataSets.bundled("iris"), new Streams(1));

  /// The digits' labels as quantities in thousands.
  final FoldedData numbers = new Validation.CrossValidation(5).apply(numbers(), new Streams(1));

  /// The digits as images; few of them, since the reference takes its time.
  final FoldedData images = new Validation.CrossValidation(5).apply(images(), new Streams(1));

  private static DataSet numbers() {
    var digits = DataSets.load("digits", new CsvRoles(null, null, Task.REGRESSION), Path.of(""));
    var values = ((Target.Quantity) digits.target()).values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= 1000;
    }
    var target = new Target.Quantity("thousands", values);
    return new DataSet("numbers", digits.columns(), target, digits.features());
  }

  private static DataSet images() {
    var digits = DataSets.bundled("digits");
    var rows = IntStream.range(0, 300).toArray();
    var features = Arrays.copyOf(digits.features(), 300 * 64);
    return new DataSet(
        "images", List.of(new Column.Image("pixels", 8, 8)), digits.target().of(rows), features);
  }

  /// A model's name, then key=value pairs.
  protected static TrainerSettings settings(String text) {
    var words = text.split(" ");
    Map<String, Object> parameters = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      var pair = words[i].split("=");
      parameters.put(pair[0], value(pair[1]));
    }
    return TrainerSettings.of(Model.named(words[0]), parameters);
  }

  private static Object value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    if (text.matches("[a-z]+")) {
      return text;
    }
    double number = Double.parseDouble(text);
    return number == Math.rint(number) ? (Object) (int) number : (Object) number;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp activation=tanh optimizer=sgd learning_rate=0.05 momentum=0 nesterov=false",
        "mlp activation=tanh optimizer=sgd learning_rate=0.05 momentum=0.9 nesterov=false",
        "mlp activation=tanh optimizer=sgd learning_rate=0.05 momentum=0.9 nesterov=true",
        "mlp activation=tanh optimizer=sgd learning_rate=0.05 weight_decay=0.01 hidden=100",
        "mlp activation=tanh optimizer=adam learning_rate=0.001 batch_size=64",
        "mlp activation=tanh optimizer=adamw learning_rate=0.001 weight_decay=0.1 hidden=17",
        "mlp activation=tanh optimizer=adam learning_rate=0.001 weight_decay=0.01 beta1=0.8"
            + " layers=2",
        "mlp activation=relu optimizer=sgd learning_rate=0.01 layers=2 hidden=30",
        "mlp activation=relu optimizer=adam learning_rate=0.001 beta2=0.99 batch_size=50",
        "mlp activation=tanh optimizer=sgd learning_rate=0.02 layers=4 hidden=20 batch_size=7",
        "mlp activation=gelu optimizer=sgd learning_rate=0.02 layers=2 hidden=30",
        "mlp activation=relu optimizer=adam learning_rate=0.001 dropout=0.3 hidden=40",
        "mlp activation=tanh optimizer=sgd learning_rate=0.02 dropout=0.5 layers=2 hidden=33",
        "mlp activation=gelu optimizer=adamw weight_decay=0.1 learning_rate=0.001 dropout=0.2",
        "mlp activation=tanh optimizer=sgd learning_rate=0.05 schedule=cosine epochs=4",
        "mlp activation=tanh optimizer=adamw learning_rate=0.002 weight_decay=0.1 schedule=step"
            + " epochs=3",
        "softmax optimizer=sgd learning_rate=0.05",
        "softmax optimizer=adam learning_rate=0.01 batch_size=200"
      })
  void losesWhatTheReferenceLoses(String text) throws InterruptedException {
    losesWhatTheReferenceLoses(digits, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linear optimizer=sgd learning_rate=0.01",
        "mlp activation=tanh optimizer=sgd learning_rate=0.01 hidden=20 dropout=0.2",
        "mlp activation=relu optimizer=adam learning_rate=0.001 layers=2"
      })
  void losesWhatTheReferenceLosesOnNumbers(String text) throws InterruptedException {
    losesWhatTheReferenceLoses(numbers, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cnn activation=tanh optimizer=sgd learning_rate=0.02 filters=5 hidden=20 batch_size=16",
        "cnn activation=relu optimizer=adam learning_rate=0.001 filters=4 kernel=5 hidden=12",
        "cnn activation=gelu optimizer=sgd learning_rate=0.02 filters=3 kernel=2 dropout=0.3"
      })
  void losesWhatTheReferenceLosesOnImages(String text) throws InterruptedException {
    losesWhatTheReferenceLoses(images, text);
  }

  private void losesWhatTheReferenceLoses(FoldedData data, String text)
      throws InterruptedException {
    var lane = new Lane(settings(text), 2, 77);
    var reference = new ReferenceTraining(data, lane, this::operand);
    try (var session = open(data, List.of(lane))) {
      for (int epoch = 1; epoch <= compared(); epoch++) {
        double expected = reference.epoch(epoch);
        var report = session.advance(epoch).getFirst();
        assertThat(report.epoch()).isEqualTo(epoch);
        assertThat(report.trainLoss()).isCloseTo(expected, within(expected * tolerance()));
      }
    }
  }

  @Test
  void missingValuesAreTheMeanOfTheTrainingRows() throws InterruptedException {
    var holed = iris.data().features().clone();
    for (int i = 0; i < holed.length; i += 7) {
      holed[i] = Float.NaN;
    }
    var target = iris.data().target();
    var split = new Validation.CrossValidation(3);
    var data = split.apply(new DataSet("holed", columns(4), target, holed), new Streams(1));
    var filled = holed.clone();
    var mean = data.folds().get(0).standardisation().mean();
    for (int i = 0; i < filled.length; i += 7) {
      filled[i] = mean[i % 4];
    }
    var lane = new Lane(settings("mlp epochs=3 hidden=8"), 0, 5);
    try (var session = open(data, List.of(lane))) {
      var report = session.advance(3).getFirst();
      assertThat(report.predictions()).doesNotContain(Float.NaN);
      assertThat(new ReferenceTraining(data, lane, this::operand).epoch(1)).isFinite();
    }
    var same = new FoldedData(new DataSet("filled", columns(4), target, filled), data.folds());
    try (var session = open(data, List.of(lane));
        var other = open(same, List.of(lane))) {
      assertSame(session.advance(3).getFirst(), other.advance(3).getFirst());
    }
  }

  private static List<Column> columns(int count) {
    var columns = new ArrayList<Column>();
    for (int i = 0; i < count; i++) {
      columns.add(new Column.Numeric("x" + i));
    }
    return columns;
  }

  @Test
  void numbersArePredictedInTheirOwnUnit() throws InterruptedException {
    var lane = new Lane(settings("mlp epochs=30 hidden=32 learning_rate=0.01"), 0, 5);
    try (var session = open(numbers, List.of(lane))) {
      var predictions = session.advance(30).getFirst().predictions();
      assertThat(Metric.R2.of(numbers.validationTarget(0), predictions)).isGreaterThan(0.8);
      assertThat(session.predict(0, numbers.folds().get(0).validation())).isEqualTo(predictions);
    }
  }

  @Test
  void weightsAreEveryLayersMatrixAndBias() throws InterruptedException {
    var lane = new Lane(settings("softmax epochs=2"), 1, 5);
    try (var session = open(iris, List.of(lane))) {
      session.advance(2);
      var w = session.weights(0);
      assertThat(w).hasSize(4 * 3 + 3);
      int row = iris.folds().get(1).validation()[0];
      var scale = iris.folds().get(1).standardisation();
      var logits = new double[3];
      for (int j = 0; j < 3; j++) {
        logits[j] = w[12 + j];
        for (int i = 0; i < 4; i++) {
          double x = iris.data().features()[row * 4 + i];
          logits[j] += operand((x - scale.mean()[i]) * scale.scale()[i]) * operand(w[i * 3 + j]);
        }
      }
      var predicted = session.predict(0, new int[] {row});
      var shape = Shape.of(lane.settings(), iris.data());
      assertThat(engine().predict(shape, iris, 1, w, new int[] {row})).isEqualTo(predicted);
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit);
      }
      for (int j = 0; j < 3; j++) {
        assertThat((double) predicted[j]).isCloseTo(Math.exp(logits[j]) / sum, within(1e-5));
      }
    }
  }

  @Test
  void predictionsAreProbabilities() throws InterruptedException {
    try (var session = open(iris, List.of(new Lane(settings("softmax epochs=3"), 1, 5)))) {
      var probabilities = session.advance(3).getFirst().predictions();
      assertThat(probabilities).hasSize(50 * 3);
      for (int row = 0; row < 50; row++) {
        float sum =
            probabilities[row * 3] + probabilities[row * 3 + 1] + probabilities[row * 3 + 2];
        assertThat(sum).isCloseTo(1, within(1e-5f));
      }
    }
  }

  TrainSession open(FoldedData data, List<Lane> lanes) {
    return engine().open(plan(data, lanes));
  }

  static TrainPlan plan(FoldedData data, List<Lane> lanes) {
    return new TrainPlan(Shape.of(lanes.getFirst().settings(), data.data()), data, lanes);
  }

  /// The same to the last bit, but for time and number.
  static void assertSame(LaneReport actual, LaneReport expected) {
    assertThat(actual.state()).isEqualTo(expected.state());
    assertThat(actual.epoch()).isEqualTo(expected.epoch());
    assertThat(actual.trainLoss()).isEqualTo(expected.trainLoss());
    assertThat(actual.predictions()).isEqualTo(expected.predictions());
  }
}
