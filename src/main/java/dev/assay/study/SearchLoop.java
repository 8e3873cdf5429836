package dev.assay.study;

import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/// Runs an objective in this process until the budget is used.
///
/// Interrupting the thread that called [#run] interrupts the workers: trials under way go back to
/// waiting, and the loop returns with [StopReason#INTERRUPTED].
final class SearchLoop<C> {
  private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

  private final Study<C> study;
  private final ObjectiveFunction<C> objective;
  private final Budget budget;
  private final Workers workers;
  private final long deadlineNanos;
  private final AtomicReference<@Nullable StopReason> reason = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private final DoubleAdder idleSeconds = new DoubleAdder();

  /// One permit for each trial that started since the last proposal ahead.
  private final Semaphore started = new Semaphore(0);

  SearchLoop(Study<C> study, ObjectiveFunction<C> objective, Budget budget, Workers workers) {
    this.study = study;
    this.objective = objective;
    this.budget = budget;
    this.workers = workers;
    deadlineNanos =
        budget.time() == null ? Long.MAX_VALUE : System.nanoTime() + budget.time().toNanos();
  }

  Result<C> run() {
    try (var _ = study.whenLost(this::fail)) {
      return search();
    }
  }

  private Result<C> search() {
    long start = System.nanoTime();
    var ahead =
        workers.ahead() ? Thread.ofPlatform().name("assay-ahead").start(this::prepare) : null;
    if (workers.count() == 1 && !workers.virtual()) {
      threads.add(Thread.currentThread());
      work();
    } else {
      Thread.Builder kind = workers.virtual() ? Thread.ofVirtual() : Thread.ofPlatform();
      for (int i = 0; i < workers.count(); i++) {
        threads.add(kind.name("assay-worker-" + i).unstarted(this::work));
      }
      threads.forEach(Thread::start);
      threads.forEach(this::join);
    }
    if (ahead != null) {
      started.release(); // a proposal under way ends first
      join(ahead);
    }
    spend((System.nanoTime() - start) * 1e-9);
    var failed = failure.get();
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
    if (failed instanceof Error error) {
      throw error;
    }
    var why = reason.get();
    return study.result(why == null ? StopReason.TRIALS : why);
  }

  /// What ended the search says more than that the time cannot be stored either.
  private void spend(double seconds) {
    try {
      study.spend(seconds, idleSeconds.sum() / workers.count());
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  /// All at once are interrupted: each may take its time to end its trial.
  private void join(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        stop(StopReason.INTERRUPTED);
        threads.forEach(Thread::interrupt);
      }
    }
  }

  /// Has the next proposal made whenever one was taken.
  private void prepare() {
    try {
      while (reason.get() == null) {
        started.acquireUninterruptibly();
        int _ = started.drainPermits();
        if (reason.get() == null) {
          study.prepare(budget);
        }
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void work() {
    try {
      while (reason.get() == null) {
        if (Thread.interrupted()) { // an objective that never waits does not notice
          stop(StopReason.INTERRUPTED);
          return;
        }
        long start = System.nanoTime();
        boolean late = start >= deadlineNanos;
        if (late && !study.endByTime()) {
          stop(StopReason.TIME);
          return;
        }
        switch (study.tryAsk(budget)) {
          case Asked.Ready<C>(var trial) -> {
            started.release();
            evaluate(trial);
          }
          case Asked.Finished<C>(var why) -> {
            stop(why);
            return;
          }
          case Asked.Wait<C>() -> {
            long most = late ? Long.MAX_VALUE : deadlineNanos - start;
            study.awaitChange(Duration.ofNanos(Math.min(most, LONGEST_WAIT_NANOS)));
            idleSeconds.add((System.nanoTime() - start) * 1e-9);
          }
        }
      }
    } catch (InterruptedException e) {
      stop(StopReason.INTERRUPTED);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /// Nothing more can be told, so nothing more needs to run.
  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    stop(StopReason.INTERRUPTED);
    for (var thread : threads) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
  }

  private void evaluate(Trial<C> trial) throws InterruptedException {
    Outcome outcome;
    try {
      outcome = objective.evaluate(trial.configuration(), trial);
    } catch (InterruptedException e) {
      study.release(trial);
      throw e;
    } catch (OutOfMemoryError e) {
      outcome = Outcome.failed(Cause.OUT_OF_MEMORY, String.valueOf(e.getMessage()));
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      outcome = Outcome.failed(Cause.ERROR, e.toString());
    }
    study.tellIfHeld(trial, outcome);
  }

  private void stop(StopReason why) {
    reason.compareAndSet(null, why);
  }
}
