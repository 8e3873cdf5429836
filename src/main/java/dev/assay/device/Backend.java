package dev.assay.device;

import dev.assay.engine.GpEngine;
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

  /// An engine that trains models.
  ///
  /// @param threads how many threads of the host it may use
  TrainEngine trainEngine(int threads);
}
