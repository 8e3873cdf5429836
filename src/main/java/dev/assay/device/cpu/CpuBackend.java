package dev.assay.device.cpu;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.internal.engine.GpEngine;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.LaneReport;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The processor: always available.
public final class CpuBackend implements Backend {
  /// The engines promise the same bits whatever the vectors, so that a difference is a defect.
  private static final double TRAIN_TOLERANCE = 0;

  @Override
  public String id() {
    return "cpu";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Availability availability() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Availability.Available(
        () -> cores + (cores == 1 ? " core, " : " cores, ") + LaneMath.best().words());
  }

  @Override
  public GpEngine gpEngine() {
    return new CpuGpEngine();
  }

  @Override
  public boolean trains() {
    return true;
  }

  @Override
  public TrainEngine trainEngine(int threads) {
    return new CpuTrainEngine(threads);
  }

  @Override
  public List<Check> selfCheck() {
    var data = new Validation.HoldOut(0.2).apply(DataSets.bundled("iris"), new Streams(1));
    var checks = new ArrayList<Check>();
    for (var optimizer : List.of("sgd", "adam", "adamw")) {
      checks.add(trainCheck(optimizer, data));
    }
    return checks;
  }

  private static Check trainCheck(String optimizer, FoldedData data) {
    var settings =
        TrainerSettings.of(
            Model.MLP, Map.of("optimizer", optimizer, "hidden", 24, "layers", 2, "epochs", 5));
    var plan =
        new TrainPlan(Shape.of(settings, data.data()), data, List.of(new Lane(settings, 0, 7)));
    long start = System.nanoTime();
    var vectors = train(new CpuTrainEngine(1), plan);
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    var scalars = train(new CpuTrainEngine(1, new JavaLaneMath()), plan);
    double error = Math.abs(vectors.trainLoss() - scalars.trainLoss()) / scalars.trainLoss();
    for (int i = 0; i < vectors.predictions().length; i++) {
      error = Math.max(error, Math.abs(vectors.predictions()[i] - scalars.predictions()[i]));
    }
    return new Check(
        "train mlp, " + optimizer + ", against scalars", error, TRAIN_TOLERANCE, milliseconds);
  }

  private static LaneReport train(TrainEngine engine, TrainPlan plan) {
    try (var session = engine.open(plan)) {
      return session.advance(Integer.MAX_VALUE).getFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during the self-check", e);
    }
  }
}
