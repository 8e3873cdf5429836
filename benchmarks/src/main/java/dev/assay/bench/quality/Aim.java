package dev.assay.bench.quality;

/// What a sampler is to reach on one problem.
///
/// @param sampler by the name that the command takes
/// @param figure of which the median over seeds counts
/// @param limit the figure's least or most
record Aim(String sampler, int trials, Figure figure, double limit) {
  /// What is looked at after some trials of a search.
  enum Figure {
    /// The true value of what would be recommended, less the optimum.
    REGRET("regret", true),
    /// Trials that crashed.
    CRASHES("crashes", true),
    /// Configurations that differ.
    DISTINCT("distinct configurations", false);

    private final String words;
    private final boolean small;

    Figure(String words, boolean small) {
      this.words = words;
      this.small = small;
    }

    String words() {
      return words;
    }
  }

  static Aim regret(String sampler, int trials, double most) {
    return new Aim(sampler, trials, Figure.REGRET, most);
  }

  static Aim crashes(String sampler, int trials, double most) {
    return new Aim(sampler, trials, Figure.CRASHES, most);
  }

  static Aim distinct(String sampler, int trials, double least) {
    return new Aim(sampler, trials, Figure.DISTINCT, least);
  }

  boolean isMet(double median) {
    return figure.small ? median <= limit : median >= limit;
  }

  String bound() {
    return figure.small ? "at most" : "at least";
  }
}
