package dev.assay.track;

import dev.assay.internal.words.Log;
import dev.assay.study.StudyListener;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Logs a study to one tracker while it runs, on a thread of its own.
///
/// The study never waits: what happens goes into a queue of bounded size, and what does not fit is
/// left out. Nothing is lost by that as long as the tracker works again before the end, or the
/// study is run again: trials that ended and are not logged there are found by comparing, since the
/// tracker itself knows what it has. So a resumed study logs no trial twice.
public final class Tracking implements StudyListener, AutoCloseable {
  private static final Logger LOG = Log.of(Tracking.class);

  private static final int EVENTS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// What happened in the study.
  private sealed interface Event {
    record Started(TrialRecord trial) implements Event {}

    record Reported(int trial, Report report) implements Event {}

    record Ended(TrialRecord trial) implements Event {}

    record Closing() implements Event {}
  }

  private final Supplier<Tracker> tracker;
  private final Consumer<String> notes;
  private final Duration patience;
  private final BlockingQueue<Event> events;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private @Nullable TrackedStudy study;
  private Supplier<List<TrialRecord>> trials = List::of;

  /// Used by the thread alone.
  private @Nullable Tracker open;

  private final Set<Integer> logged = new HashSet<>();
  private Duration pause = FIRST_PAUSE;
  private boolean said;

  /// Whether events were left out, so that trials have to be compared.
  private volatile boolean behind;

  private final AtomicInteger done = new AtomicInteger();
  private volatile String place = "";

  /// @param tracker makes one that was not opened; again after one that failed
  /// @param notes for the user, from any thread
  public Tracking(Supplier<Tracker> tracker, Consumer<String> notes) {
    this(tracker, notes, EVENTS, PATIENCE);
  }

  /// @param capacity how many events may wait
  /// @param patience how long [#close] waits for what is still to be logged
  Tracking(Supplier<Tracker> tracker, Consumer<String> notes, int capacity, Duration patience) {
    this.tracker = tracker;
    this.notes = notes;
    this.patience = patience;
    events = new ArrayBlockingQueue<>(capacity);
    thread = Thread.ofPlatform().daemon().name("tracker").unstarted(this::run);
  }

  /// Begins to log; what happened before waits.
  ///
  /// @param all the study's trials as they are now, from any thread
  public void begin(TrackedStudy tracked, Supplier<List<TrialRecord>> all) {
    study = tracked;
    trials = all;
    thread.start();
  }

  @Override
  public void started(TrialRecord trial) {
    offer(new Event.Started(trial));
  }

  @Override
  public void reported(int trial, Report report) {
    offer(new Event.Reported(trial, report));
  }

  @Override
  public void ended(TrialRecord trial) {
    offer(new Event.Ended(trial));
  }

  private void offer(Event event) {
    if (!events.offer(event)) {
      behind = true;
    }
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = attempt();
      }
    } catch (InterruptedException e) {
      LOG.debug("The tracker's thread was ended.", e);
    } finally {
      leave();
    }
  }

  /// Logs until the study closes or the tracker fails.
  ///
  /// @return whether to go on
  private boolean attempt() throws InterruptedException {
    try {
      begin();
      while (true) {
        if (behind && events.isEmpty()) {
          behind = false;
          catchUp();
        }
        var event = closing.getCount() == 0 ? events.poll() : events.take();
        if (event == null) {
          if (!behind) {
            return false;
          }
        } else {
          log(event);
        }
      }
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while logging");
      }
      say(e);
      leave();
      behind = true;
      if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return lastAttempt();
      }
      var doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      return true;
    }
  }

  /// The study is over: one try more, by comparing alone.
  private boolean lastAttempt() {
    try {
      begin();
      catchUp();
    } catch (IOException | RuntimeException e) {
      LOG.debug("The tracker does not work at the end either.", e);
    }
    return false;
  }

  private void begin() throws IOException {
    var own = java.util.Objects.requireNonNull(study);
    var opened = tracker.get();
    open = opened;
    place = opened.place();
    logged.clear();
    logged.addAll(opened.open(own));
    catchUp();
    pause = FIRST_PAUSE;
  }

  /// Logs what ended and is not there.
  private void catchUp() throws IOException {
    var own = java.util.Objects.requireNonNull(open);
    for (var trial : trials.get()) {
      if (trial.state().isFinished() && !logged.contains(trial.number())) {
        own.ended(trial);
        logged.add(trial.number());
      }
    }
    done.set(logged.size());
  }

  private void log(Event event) throws IOException {
    var own = java.util.Objects.requireNonNull(open);
    switch (event) {
      case Event.Started(var trial) -> {
        if (!logged.contains(trial.number())) {
          own.started(trial);
        }
      }
      case Event.Reported(var trial, var report) -> {
        if (!logged.contains(trial)) {
          own.reported(trial, report);
        }
      }
      case Event.Ended(var trial) -> {
        if (!logged.contains(trial.number())) {
          own.ended(trial);
          logged.add(trial.number());
          done.set(logged.size());
        }
      }
      case Event.Closing() -> {
        // looked at where the next event is taken
      }
    }
  }

  private void say(Exception error) {
    LOG.debug("The tracker failed.", error);
    if (!said) {
      said = true;
      var reason = error.getMessage();
      notes.accept(
          "Logging to "
              + place
              + " does not work: "
              + (reason == null ? error.toString() : reason)
              + ". The study goes on; what is missing there is logged once it works.");
    }
  }

  private void leave() {
    var own = open;
    open = null;
    if (own != null) {
      try {
        own.close();
      } catch (IOException | RuntimeException e) {
        LOG.debug("The tracker was not closed.", e);
      }
    }
  }

  /// Waits for what is still to be logged, but not long; says what is missing then.
  @Override
  public void close() {
    if (study == null) {
      return;
    }
    closing.countDown();
    offer(new Event.Closing()); // wakes the thread; one that has no room for it is awake
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(patience);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    thread.interrupt();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    long ended = trials.get().stream().filter(trial -> trial.state().isFinished()).count();
    long missing = ended - done.get();
    if (missing > 0) {
      notes.accept(
          missing
              + (missing == 1 ? " trial is" : " trials are")
              + " not logged to "
              + (place.isEmpty() ? "a tracker that was not reached yet" : place)
              + ": the same command does it once that works.");
    }
  }
}
