package dev.assay.cli;

import dev.assay.compare.Comparison;
import dev.assay.compare.FinishedRun;
import dev.assay.report.Figures;

/// Says on stderr how far a comparison is, every few seconds.
final class ComparisonProgress implements Comparison.Listener {
  private static final double SECONDS = 5;

  private final Console console;
  private final boolean quiet;
  private final int total;
  private final long startNanos = System.nanoTime();
  private long saidNanos = startNanos;
  private int found;
  private int fresh;
  private boolean saidFound;

  ComparisonProgress(Console console, boolean quiet, int total) {
    this.console = console;
    this.quiet = quiet;
    this.total = total;
  }

  @Override
  public synchronized void ended(FinishedRun run, boolean isFresh) {
    if (!isFresh) {
      found++;
      return;
    }
    fresh++;
    long now = System.nanoTime();
    if (quiet || (now - saidNanos) * 1e-9 < SECONDS) {
      return;
    }
    saidNanos = now;
    if (found > 0 && !saidFound) {
      saidFound = true;
      console.note("Going on: " + found + " runs are there from before.");
    }
    double each = (now - startNanos) * 1e-9 / fresh;
    int left = total - found - fresh;
    console.note(
        "%d/%d runs, %s with %s".formatted(found + fresh, total, run.problem(), run.sampler())
            + (left > 0 ? ", about " + Figures.duration(left * each) + " left" : ""));
  }
}
