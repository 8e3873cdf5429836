package dev.assay.run.kernel;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/// The devices of a study, by the words that name them; the processes that run kernels on them; and
/// whose turn it is on each.
final class DevicePool implements AutoCloseable {
  private static final String INDEX = "index";

  private final String backend;
  private final Path base;
  private final Collection<String> clocks;
  private final Set<WorkerProcess> all = ConcurrentHashMap.newKeySet();
  private final Map<String, Device> devices = new ConcurrentHashMap<>();

  /// One at a time measures.
  private record Device(
      Map<String, Object> facts, Semaphore turn, ConcurrentLinkedDeque<WorkerProcess> idle) {}

  /// Devices whose clocks a process left behind that is gone.
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  /// @param base what processes are started in
  /// @param clocks names of what jobs set
  DevicePool(String backend, Path base, Collection<String> clocks) {
    this.backend = backend;
    this.base = base;
    this.clocks = List.copyOf(clocks);
  }

  /// Starts a process on each device.
  ///
  /// @param wanted numbers, or parts of names; an empty one: the first
  /// @return what each of them is
  /// @throws Problem where one of them is not there, or named twice
  Map<String, Map<String, Object>> open(List<String> wanted) throws InterruptedException {
    var facts = new LinkedHashMap<String, Map<String, Object>>();
    for (var word : wanted) {
      var worker = start(word);
      for (var other : facts.entrySet()) {
        if (Objects.equals(worker.device().get(INDEX), other.getValue().get(INDEX))) {
          throw new Problem(
              "Two values of the context are the same device.",
              other.getKey() + " and " + word + ": " + worker.device().get("device"),
              "Name each device once, by its number.");
        }
      }
      facts.put(word, worker.device());
      var device =
          new Device(worker.device(), new Semaphore(1, true), new ConcurrentLinkedDeque<>());
      device.idle.push(worker);
      devices.put(word, device);
    }
    return facts;
  }

  private WorkerProcess start(String word) throws InterruptedException {
    var worker = WorkerProcess.start(backend, word, base, clocks);
    all.add(worker);
    return worker;
  }

  private Device device(String word) {
    var device = devices.get(word);
    if (device == null) {
      throw new IllegalStateException("device " + word);
    }
    return device;
  }

  /// What people call a device.
  String name(String word) {
    return String.valueOf(device(word).facts.get("device"));
  }

  Semaphore turn(String word) {
    return device(word).turn;
  }

  WorkerProcess take(String word) throws InterruptedException {
    var worker = device(word).idle.poll();
    return worker == null ? start(word) : worker;
  }

  /// A process that is as good as new.
  void give(String word, WorkerProcess worker) {
    device(word).idle.push(worker);
  }

  /// A process that a kernel spoiled.
  void drop(String word, WorkerProcess worker) {
    if (!clocks.isEmpty()) {
      held.add(word);
    }
    worker.close();
    all.remove(worker);
  }

  /// At once and from any thread.
  void kill() {
    all.forEach(WorkerProcess::kill);
  }

  @Override
  public void close() {
    for (var word : held) {
      try {
        take(word); // its end sets them free
      } catch (Problem e) {
        // The device is gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    held.clear();
    all.forEach(WorkerProcess::close);
    all.clear();
    devices.clear();
  }
}
