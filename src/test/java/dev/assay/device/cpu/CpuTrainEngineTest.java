package dev.assay.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Metric;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainResult;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The engine as users get it, on two threads.
class CpuTrainEngineTest extends TrainEngineContract {
  @Override
  protected TrainEngine engine() {
    return new CpuTrainEngine(2);
  }

  @Test
  void threadsAndArithmeticChangeNoBit() throws InterruptedException {
    var expected = train(new CpuTrainEngine(1, new VectorLaneMath()));
    assertThat(train(new CpuTrainEngine(2, new VectorLaneMath()))).isEqualTo(expected);
    assertThat(train(new CpuTrainEngine(5, new VectorLaneMath()))).isEqualTo(expected);
    assertThat(train(new CpuTrainEngine(2, new JavaLaneMath()))).isEqualTo(expected);
  }

  private static List<List<Double>> train(TrainEngine engine) throws InterruptedException {
    var data = new Validation.CrossValidation(3).apply(DataSets.bundled("wine"), new Streams(9));
    var requests = new ArrayList<TrainRequest>();
    for (var text :
        List.of(
            "mlp hidden=20 epochs=6 activation=tanh",
            "mlp hidden=20 epochs=6 optimizer=sgd layers=3",
            "softmax epochs=9 batch_size=11",
            "mlp hidden=100 epochs=6 patience=1")) {
      requests.add(new TrainRequest(settings(text), requests.size()));
    }
    var values = new ArrayList<List<Double>>();
    for (TrainResult result : new FusedTrainer(engine, data).train(requests)) {
      for (var fold : result.folds()) {
        values.add(List.of(fold.trainLoss(), fold.score(Metric.LOG_LOSS)));
      }
    }
    return values;
  }

  @Test
  void digitsReachTheAccuracyOfTheField() throws InterruptedException {
    var data = new Validation.CrossValidation(5).apply(DataSets.bundled("digits"), new Streams(42));
    var requests =
        List.of(
            new TrainRequest(settings("mlp hidden=100 batch_size=64 learning_rate=0.005"), 1),
            new TrainRequest(settings("mlp hidden=64 batch_size=32 learning_rate=0.003"), 2));
    for (var result : new FusedTrainer(engine(), data).train(requests)) {
      assertThat(result.mean(Metric.ACCURACY)).isBetween(0.975, 0.99);
      assertThat(result.deviation(Metric.ACCURACY)).isBetween(0.0, 0.02);
      assertThat(result.fitSeconds()).isPositive();
    }
  }
}
