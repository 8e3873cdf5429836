package dev.assay.engine;

/// Something that computes Gaussian processes: a processor, a graphics card. Thread-safe.
public interface GpEngine {
  /// As in `--backend`.
  String id();

  /// Opens a session for points of a box; the caller closes it.
  GpSession open(Box box);
}
