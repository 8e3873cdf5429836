package dev.assay.study;

import dev.assay.internal.words.Log;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// Those who look on at a study: told one event after the other, outside the study's lock.
final class Listeners {
  private static final Logger LOG = Log.of(Listeners.class);

  private final List<StudyListener> all;
  private final ReentrantLock turn = new ReentrantLock();

  Listeners(List<StudyListener> listeners) {
    all = List.copyOf(listeners);
  }

  void announce(Consumer<StudyListener> event) {
    if (all.isEmpty()) {
      return;
    }
    turn.lock();
    try {
      all.forEach(listener -> announce(listener, event));
    } finally {
      turn.unlock();
    }
  }

  private static void announce(StudyListener listener, Consumer<StudyListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed; the study goes on.", e);
    }
  }
}
