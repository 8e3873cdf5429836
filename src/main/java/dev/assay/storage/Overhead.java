package dev.assay.storage;

/// Where the time of a study went, in seconds. Sums over all runs of the study.
///
/// @param wall from the first to the last moment of every run
/// @param suggest inside the sampler, proposals and hyperparameter fits
/// @param storage inside the storage
/// @param idle of a worker that had nothing to run while the search went on, averaged over workers
public record Overhead(double wall, double suggest, double storage, double idle) {
  public static final Overhead NONE = new Overhead(0, 0, 0, 0);

  public Overhead plus(Overhead other) {
    return new Overhead(
        wall + other.wall, suggest + other.suggest, storage + other.storage, idle + other.idle);
  }

  /// The search's own share of the wall time: suggest and storage; 0 for a study without time.
  public double share() {
    return wall <= 0 ? 0 : Math.min(1, (suggest + storage) / wall);
  }
}
