package dev.assay.internal.engine;

import java.util.ServiceLoader;

/// Something that computes Gaussian processes: a processor, a graphics card. Thread-safe.
public interface GpEngine {
  /// As in `--backend`.
  String id();

  /// The engine that is used where none is named: the service whose id is `cpu`.
  static GpEngine standard() {
    for (var engine : ServiceLoader.load(GpEngine.class, GpEngine.class.getClassLoader())) {
      if (engine.id().equals("cpu")) {
        return engine;
      }
    }
    throw new IllegalStateException("the processor's engine is not on the class path");
  }

  /// The engine that a problem of so many observations goes to: this one, unless it sends problems
  /// elsewhere.
  default GpEngine forSize(int observations) {
    return this;
  }

  /// Begins beside the caller what the first session would wait for; returns at once.
  default void prepare() {}

  /// Opens a session for points of a box; the caller closes it.
  GpSession open(Box box);
}
