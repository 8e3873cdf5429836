package dev.assay.device;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.train.TrainEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A device that `auto` chose: used once it was seen to calculate rightly, and left for the
/// processor should it fail.
final class UnaskedBackend implements Backend {
  private static final Logger LOG = Log.of(UnaskedBackend.class);

  private final Backend device;
  private final Backend processor;
  private final SelfChecked checked;
  private final Crossover crossover;
  private @Nullable Boolean usable; // null: not known yet

  UnaskedBackend(Backend device, Backend processor, SelfChecked checked, Crossover crossover) {
    this.device = device;
    this.processor = processor;
    this.checked = checked;
    this.crossover = crossover;
  }

  @Override
  public String id() {
    return device.id();
  }

  @Override
  public int preference() {
    return device.preference();
  }

  @Override
  public Availability availability() {
    return device.availability();
  }

  @Override
  public String identity() {
    return device.identity();
  }

  @Override
  public List<Check> selfCheck() {
    return device.selfCheck();
  }

  private synchronized boolean isUsable() {
    if (usable == null) {
      usable = checked.passes(device);
    }
    return usable && device.availability() instanceof Availability.Available;
  }

  @Override
  public synchronized boolean goesOnAfter(Problem failure) {
    LOG.warn("The processor takes over. {} {}", failure.what(), failure.value());
    usable = false;
    return true;
  }

  @Override
  public GpEngine gpEngine() {
    var small = processor.gpEngine();
    var large = device.gpEngine();
    var identity =
        String.join(
            " | ",
            device.id() + ": " + device.identity(),
            processor.id() + ": " + processor.identity(),
            DeviceCache.build());
    return new RoutedGpEngine(
        small,
        new RescuedGpEngine(large, small),
        () -> isUsable() ? crossover.between(small, large, identity) : Crossover.NEVER);
  }

  @Override
  public boolean trains() {
    return device.trains();
  }

  @Override
  public boolean trainsUnasked() {
    return device.trainsUnasked();
  }

  @Override
  public TrainEngine trainEngine(int threads) {
    return (isUsable() ? device : processor).trainEngine(threads);
  }

  @Override
  public TrainEngine trainEngine(int threads, TrainEngine.Precision precision) {
    return (isUsable() ? device : processor).trainEngine(threads, precision);
  }
}
