package dev.assay.train;

/// The port to a device that trains many lanes at once.
///
/// An engine is thread-safe: several threads may each open a session of their own. For one engine
/// and device, what a lane reports is bit-identical whatever lanes it shares a session with, in
/// whatever order, on however many threads, and whatever was advanced or retained in between.
public interface TrainEngine {
  /// What one lane of a shape takes of the device's memory, in bytes.
  long laneBytes(Shape shape);

  /// What all lanes together may take, in bytes.
  long memoryBytes();

  /// Allocates the lanes and draws their initial weights.
  TrainSession open(TrainPlan plan);
}
