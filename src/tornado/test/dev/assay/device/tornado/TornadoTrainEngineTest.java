package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.Lane;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;
import dev.assay.train.TrainPlan;
import dev.assay.train.Validation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TornadoTrainEngineTest extends TrainEngineContract {
  @Override
  protected TrainEngine engine() {
    return new TornadoTrainEngine(Device.accelerator());
  }

  @Test
  void oneSetOfTaskGraphsTrainsEveryShape() throws InterruptedException {
    var accelerator = new Accelerator(Device.accelerator().facts());
    var engine = new TornadoTrainEngine(accelerator);
    var data = new Validation.CrossValidation(3).apply(DataSets.bundled("iris"), new Streams(1));
    for (var text :
        List.of(
            "mlp hidden=8",
            "mlp hidden=100 layers=4 activation=gelu",
            "mlp hidden=30 dropout=0.2 batch_size=100 optimizer=sgd",
            "softmax batch_size=1")) {
      var settings = settings(text + " epochs=2");
      var lanes = List.of(new Lane(settings, 0, 1), new Lane(settings, 1, 2));
      var shape = Shape.of(settings, data.data());
      try (var session = engine.open(new TrainPlan(shape, data, lanes))) {
        session.advance(2);
      }
    }
    assertThat(accelerator.lanes().built()).isEqualTo(1);
  }

  @Test
  void largerArraysTakeOverWhatSessionsOwn() throws InterruptedException {
    var accelerator = new Accelerator(Device.accelerator().facts());
    var engine = new TornadoTrainEngine(accelerator);
    var data = new Validation.CrossValidation(3).apply(DataSets.bundled("iris"), new Streams(1));
    var settings = settings("mlp hidden=8 epochs=4");
    var plan =
        new TrainPlan(Shape.of(settings, data.data()), data, List.of(new Lane(settings, 0, 1)));
    float[] alone;
    try (var session = engine.open(plan)) {
      session.advance(4);
      alone = session.weights(0);
    }
    var wide = settings("mlp hidden=1024 layers=2 epochs=1");
    try (var session = engine.open(plan)) {
      session.advance(2);
      var other = new TrainPlan(Shape.of(wide, data.data()), data, List.of(new Lane(wide, 0, 1)));
      try (var larger = engine.open(other)) {
        larger.advance(1);
        session.advance(4);
      }
      assertThat(session.weights(0)).isEqualTo(alone);
    }
    assertThat(accelerator.lanes().built()).isEqualTo(2);
  }
}
