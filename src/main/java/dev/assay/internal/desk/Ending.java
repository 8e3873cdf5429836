package dev.assay.internal.desk;

import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.StoppingRule;
import org.jspecify.annotations.Nullable;

/// Why a search proposes nothing more. Guarded by the study's lock, but for [#ask].
final class Ending {
  private final SearchTask task;
  private final @Nullable StoppingRule rule;
  private final Proposals proposals;

  /// What the stopping rule said, and of how many trials.
  private boolean stopped;

  private int judged = -1;

  Ending(SearchTask task, @Nullable StoppingRule rule, Proposals proposals) {
    this.task = task;
    this.rule = rule;
    this.proposals = proposals;
  }

  /// Why the search has ended; null while it may propose.
  @Nullable StopReason reason(Books books, Budget budget) {
    if (books.confirmations.areLate()) {
      return StopReason.TIME;
    }
    if (proposals.isExhausted()) {
      return proposals.exhaustion();
    }
    if (budget.trials() != null && books.ledger.searched() >= budget.trials()) {
      return StopReason.TRIALS;
    }
    if (!books.ledger.mayPropose()) {
      return null;
    }
    var reached = books.reached(budget);
    return reached == null && stopped && !isToBeJudged(books) ? StopReason.STOPPING_RULE : reached;
  }

  /// What is answered instead of a proposal; null where there may be one.
  ///
  /// @param reason why the search has ended; null where it has not
  static @Nullable Answer refusal(Books books, @Nullable StopReason reason) {
    return switch (reason) {
      case null -> books.ledger.mayPropose() ? null : new Answer.Wait();
      case TARGET, NO_IMPROVEMENT, FAILURES, FAILED_ALIKE, STOPPING_RULE, TIME ->
          new Answer.Finished(reason);
      // Trials that others run may still come back, should those be gone: whoever is left waits
      // for them, so that the study is whole when its last process ends.
      case TRIALS, SPACE_EXHAUSTED, NOTHING_FOUND, TRAINED, INTERRUPTED ->
          books.others.areBusy() ? new Answer.Wait() : new Answer.Finished(reason);
    };
  }

  /// Whether the stopping rule has not been asked since something ended.
  boolean isToBeJudged(Books books) {
    return rule != null && books.ledger.settledSize() != judged;
  }

  /// What the stopping rule says; without the lock.
  ///
  /// @param settled how many trials it is told of
  boolean ask(int settled, History history) {
    return rule != null
        && Faults.named(
            "stopping rule", "after " + settled + " trials", () -> rule.reached(task, history));
  }

  /// Keeps what [#ask] said.
  void keep(boolean reached, int settled) {
    stopped = reached;
    judged = settled;
  }

  /// Trials were discarded, or taken back.
  void judgeAnew() {
    judged = -1;
  }
}
