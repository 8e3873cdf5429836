package dev.assay.device.cpu;

import dev.assay.train.TrainEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The lanes of one or more sessions, trained by threads that live for one call and take lane after
/// lane: the ones with most weights first, so that no thread begins a large one when the others
/// have nothing left.
final class LaneQueue {
  private final List<Item> items = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private record Item(CpuTrainSession session, int lane, int epoch) {}

  private LaneQueue(List<TrainEngine.Advance> advances) {
    for (var advance : advances) {
      var session = (CpuTrainSession) advance.session();
      for (int lane = 0; lane < session.size(); lane++) {
        items.add(new Item(session, lane, advance.epoch()));
      }
    }
    items.sort(Comparator.comparingInt((Item item) -> item.session.weight()).reversed());
  }

  /// Trains every lane; or, where a thread is interrupted, some of them.
  static void run(List<TrainEngine.Advance> advances, int threads) throws InterruptedException {
    var queue = new LaneQueue(advances);
    int workers = Math.clamp(queue.items.size(), 1, threads);
    if (workers == 1) {
      queue.work();
    } else {
      queue.fork(workers);
    }
  }

  private void fork(int workers) throws InterruptedException {
    var names = Thread.ofPlatform().daemon().name("assay-train-", 1).factory();
    try (var executor = Executors.newThreadPerTaskExecutor(names)) {
      var helpers = new ArrayList<Future<?>>();
      for (int i = 1; i < workers; i++) {
        helpers.add(executor.submit(this::work));
      }
      work();
      for (var helper : helpers) {
        helper.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training thread failed", e.getCause());
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
      var item = items.get(i);
      item.session.train(item.lane, item.epoch, cancelled);
    }
  }
}
