package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.device.cpu.CpuBackend;
import dev.assay.internal.engine.GpEngine;
import dev.assay.random.Streams;
import dev.assay.run.trainer.TrainerRunner;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Model;
import dev.assay.train.TrainEngine;
import dev.assay.train.Validation;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A whole search, its trials trained on the device.
class SearchTest {
  private static final int TRIALS = 12;
  private static final FoldedData DATA =
      new Validation.CrossValidation(3).apply(DataSets.bundled("iris"), new Streams(1));

  /// The back end of the tests' device.
  private record OnDevice() implements Backend {
    @Override
    public String id() {
      return "tornado";
    }

    @Override
    public int preference() {
      return 0;
    }

    @Override
    public Availability availability() {
      return new Availability.Available("the tests' device");
    }

    @Override
    public List<Check> selfCheck() {
      return List.of();
    }

    @Override
    public GpEngine gpEngine() {
      return GpEngine.standard();
    }

    @Override
    public boolean trains() {
      return true;
    }

    @Override
    public TrainEngine trainEngine(int threads) {
      return new TornadoTrainEngine(Device.accelerator());
    }
  }

  private static Study<Configuration> study() {
    var space =
        SearchSpace.builder()
            .add("learning_rate", new FloatRange(0.001, 0.1))
            .add("hidden", new IntRange(4, 40))
            .add("dropout", new FloatRange(0, 0.4))
            .add("optimizer", Choice.of("sgd", "adam"))
            .add("activation", Choice.of("relu", "tanh"));
    return Study.over(space.build())
        .named("search")
        .minimize("log_loss")
        .sampler(Samplers.create("random", Map.of(), GpEngine.standard()))
        .batch(4)
        .seed(7)
        .storage(new InMemoryStorage())
        .openOrCreate();
  }

  private static List<TrialRecord> trials(Backend backend) {
    var metrics = TrainerRunner.metrics(List.of(Objective.minimize("log_loss")));
    var runner =
        new TrainerRunner(
            Model.named("mlp"),
            DATA,
            Map.of("epochs", 5),
            metrics,
            backend,
            false,
            false,
            null,
            dev.assay.run.Repeats.NONE,
            dev.assay.train.TrainEngine.Precision.FP32);
    try (var study = study()) {
      runner.run(study, Budget.trials(TRIALS), 4);
      return study.trials();
    }
  }

  private static int best(List<TrialRecord> trials) {
    return trials.stream().min(Comparator.comparingDouble(SearchTest::loss)).orElseThrow().number();
  }

  private static double loss(TrialRecord trial) {
    return trial.values().getFirst();
  }

  @Test
  void theSameTrialsComeToWhatTheyComeToOnTheProcessor() {
    var device = trials(new OnDevice());
    var processor = trials(new CpuBackend());
    assertThat(device).hasSize(TRIALS);
    for (int i = 0; i < TRIALS; i++) {
      assertThat(device.get(i).configuration()).isEqualTo(processor.get(i).configuration());
      double expected = loss(processor.get(i));
      assertThat(loss(device.get(i))).isCloseTo(expected, within(1e-3 * expected));
    }
    assertThat(best(device)).isEqualTo(best(processor));
  }
}
