package dev.assay.run.trainer;

import dev.assay.internal.words.Log;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;

/// What a disk is told while training goes on, in order, by one thread: making a directory and a
/// file takes as long as an epoch of a small model. A failure is thrown to whoever gives the next
/// task, or settles. Belongs to one thread but for its own.
final class BesideTraining implements AutoCloseable {
  private static final Logger LOG = Log.of(BesideTraining.class);

  /// Tasks that may wait, each with a copy of a model's weights.
  private static final int MOST = 64;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("checkpoints").factory());

  private final Deque<Future<?>> waiting = new ArrayDeque<>();

  /// Has a task done, sooner or later; waits where many are.
  void add(Runnable task) {
    waiting.add(thread.submit(task));
    while (waiting.size() > MOST || !waiting.isEmpty() && waiting.element().isDone()) {
      await(waiting.remove());
    }
  }

  /// Waits until all is done.
  void settle() {
    while (!waiting.isEmpty()) {
      await(waiting.remove());
    }
  }

  /// An interrupt is kept for later: a disk is quick, and half of what was told is of no use.
  private static void await(Future<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (Objects.requireNonNullElse(e.getCause(), e)) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable failure -> throw new IllegalStateException(failure);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Does what waits. What fails now is only said: whoever closes has another reason to.
  @Override
  public void close() {
    while (!waiting.isEmpty()) {
      try {
        await(waiting.remove());
      } catch (RuntimeException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
    thread.shutdown();
  }
}
