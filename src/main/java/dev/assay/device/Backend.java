package dev.assay.device;

import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.train.TrainEngine;
import java.util.List;

/// Something that calculates: a service, found by [java.util.ServiceLoader], blind to its siblings.
public interface Backend {
  /// `cpu`, `cuda` or `tornado`.
  String id();

  /// Which back end the automatic choice tries first: larger before smaller.
  int preference();

  /// Whether it can be used on this machine. Cheap after the first call.
  Availability availability();

  /// The same back end on one of its devices.
  ///
  /// @param device as its [#devices] number or name them
  /// @throws Problem when it has no devices to choose from
  default Backend on(String device) {
    throw new Problem(
        "The back end " + id() + " has no devices to choose from.",
        "--device " + device,
        "Leave --device out, or name a back end that has: --backend cuda, --backend tornado.");
  }

  /// Every device that it sees, in words; empty where there is nothing to choose.
  default List<String> devices() {
    return List.of();
  }

  /// What a measurement of it holds for: its device and driver, and the program that it runs there.
  default String identity() {
    return availability() instanceof Availability.Available available ? available.device() : id();
  }

  /// What was loaded onto its device so far; none where there is nothing to load.
  default List<LoadedModule> modules() {
    return List.of();
  }

  /// Whether whoever works with it may go on after a failure, from then on with what takes over:
  /// what [#gpEngine] and [#trainEngine] give from now on. One that was named never falls back.
  default boolean goesOnAfter(Problem failure) {
    return false;
  }

  /// Compares what it calculates with a plain reference, on random inputs.
  List<Check> selfCheck();

  /// Times of single operations that the engines' ports do not show, for benchmarks; none by
  /// default.
  ///
  /// @param quick whether small sizes will do
  default List<Timing> timings(boolean quick) {
    return List.of();
  }

  /// An engine of Gaussian processes.
  GpEngine gpEngine();

  /// Whether it can train models at all.
  boolean trains();

  /// Whether `auto` may train on it: only where training there is known to be faster than on the
  /// processor.
  default boolean trainsUnasked() {
    return trains();
  }

  /// An engine that trains models.
  ///
  /// @param threads how many threads of the host it may use
  TrainEngine trainEngine(int threads);

  /// The same in a precision that was asked for.
  ///
  /// @throws Problem where it, or its device, has none
  default TrainEngine trainEngine(int threads, TrainEngine.Precision precision) {
    return switch (precision) {
      case FP32 -> trainEngine(threads);
      case TF32, BF16 ->
          throw new Problem(
              "The back end " + id() + " trains in FP32 only.",
              "precision: " + precision.key(),
              "Use precision: fp32, or --backend cuda on a card of compute capability 8.0 or"
                  + " later.");
    };
  }
}
