package dev.assay.remote;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A worker's standing with the owner of a study: it joins, gives signs of life, and joins anew
/// where the owner was started again. Thread-safe.
final class Connection implements AutoCloseable {
  private static final Logger LOG = Log.of(Connection.class);

  /// Signs of life in a lease, and the longest time between two.
  private static final int SIGNS = 6;

  private static final long LONGEST_PAUSE_MILLIS = 5000;

  /// Between two attempts to reach the owner.
  private static final long ATTEMPT_MILLIS = 1000;

  /// Who was asked to end tries for so long to tell the owner what it has to tell.
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  /// What a worker has in its hands.
  interface Holder {
    List<Messages.Held> holds();

    /// Tells the owner what it was not told yet.
    void tellMore() throws IOException;

    /// An owner has taken the worker in.
    ///
    /// @param kept what it goes on with, of what it had
    void joined(List<Messages.Held> kept);

    /// A trial is in other hands.
    void lost(int trial);
  }

  /// What is said in a worker's name.
  interface Speech extends Function<String, Object> {}

  interface Attempt<T> {
    T run() throws IOException;
  }

  private final Uplink uplink;
  private final Messages.Join introduction;
  private final Duration patience;
  private final Runnable whenStopped;
  private final Consumer<Problem> whenLost;
  private @Nullable Thread beating;
  private volatile String worker = "";

  /// Guarded by this, as what follows.
  private boolean up;

  private boolean known;
  private boolean closed;
  private long downSince;
  private long pauseMillis = ATTEMPT_MILLIS;
  private @Nullable Problem problem;
  private @Nullable Problem loss;

  /// @param introduction of a worker that has nothing yet
  /// @param patience how long the owner may be away
  /// @param whenStopped is told, on some thread and once, that the study is stopped
  /// @param whenLost is told that the owner is gone for good
  Connection(
      Uplink uplink,
      Messages.Join introduction,
      Duration patience,
      Runnable whenStopped,
      Consumer<Problem> whenLost) {
    this.uplink = uplink;
    this.introduction = introduction;
    this.patience = patience;
    this.whenStopped = whenStopped;
    this.whenLost = whenLost;
  }

  @Override
  public String toString() {
    return uplink.toString();
  }

  /// Joins, and gives signs of life from now on.
  ///
  /// @throws Problem where the owner cannot be reached, or refuses
  void begin(Holder newHolder) {
    try {
      join(newHolder);
    } catch (IOException e) {
      throw unreachable(uplink, e);
    }
    beating = Thread.ofPlatform().daemon().name("assay-beat").start(() -> beat(newHolder));
  }

  static Problem unreachable(Uplink uplink, IOException e) {
    return new Problem(
        "The owner of the study cannot be reached.",
        uplink + ": " + e.getMessage(),
        "See that it runs and listens where this machine reaches it (`assay tune FILE --listen"
            + " 0.0.0.0:PORT`).",
        e);
  }

  private void join(Holder all) throws IOException {
    var joined =
        uplink.say(
            "join",
            new Messages.Join(
                introduction.version(),
                introduction.machine(),
                introduction.parallel(),
                all.holds()),
            Messages.Joined.class);
    worker = joined.worker();
    all.joined(joined.kept());
    synchronized (this) {
      known = true;
      up = true;
      problem = null;
      pauseMillis =
          Math.clamp((long) (joined.leaseSeconds() * 1000 / SIGNS), 20, LONGEST_PAUSE_MILLIS);
      notifyAll();
    }
  }

  private void beat(Holder all) {
    boolean stopped = false;
    try {
      while (pause()) {
        try {
          boolean isKnown;
          synchronized (this) {
            isKnown = known;
          }
          if (!isKnown) {
            join(all);
            LOG.info("The study's owner is back.");
          }
          all.tellMore();
          var answer =
              say("beat", name -> new Messages.Beat(name, all.holds()), Messages.Beaten.class);
          answer.lost().forEach(all::lost);
          isUp(true);
          if (answer.stopping() && !stopped) {
            stopped = true;
            whenStopped.run();
          }
        } catch (IOException e) {
          down(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      lose(
          e instanceof Problem refused
              ? refused
              : new Problem("The connection failed.", e.toString(), "Start the worker again."));
    }
  }

  private synchronized void isUp(boolean value) {
    if (value && !up) {
      LOG.info("The study's owner can be reached again.");
    }
    up = value;
    if (value) {
      problem = null;
    }
    notifyAll();
  }

  /// @return whether it goes on
  private synchronized boolean pause() throws InterruptedException {
    long end = System.nanoTime() + (up ? pauseMillis : ATTEMPT_MILLIS) * 1_000_000;
    boolean wasUp = up;
    for (long left = 1; left > 0 && !closed && up == wasUp; ) {
      left = (end - System.nanoTime()) / 1_000_000;
      if (left > 0) {
        wait(left);
      }
    }
    var missing = problem;
    if (!closed && missing != null && System.nanoTime() - downSince > patience.toNanos()) {
      throw missing;
    }
    return !closed;
  }

  private void lose(Problem why) {
    synchronized (this) {
      loss = why;
      up = false;
      notifyAll();
    }
    whenLost.accept(why);
  }

  synchronized boolean isUp() {
    return up && loss == null;
  }

  synchronized @Nullable Problem problem() {
    return problem;
  }

  /// The owner did not answer: trials under way go on, and it is looked for.
  synchronized void down(IOException e) {
    if (problem == null) {
      downSince = System.nanoTime();
      problem = unreachable(uplink, e);
      LOG.warn(
          "The study's owner cannot be reached ({}): trials under way go on, and it is looked for.",
          e.getMessage());
    }
    up = false;
    notifyAll();
  }

  /// Waits until the owner can be reached.
  synchronized void awaitUp(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toMillis(); !up && loss == null && !closed && left > 0; ) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  <T> T say(String name, Speech speech, Class<T> type) throws IOException {
    try {
      return uplink.say(name, speech.apply(worker), type);
    } catch (Crew.Stranger e) {
      throw forgotten(e);
    }
  }

  <T> T ask(String name, Speech speech, Class<T> type, Duration waits)
      throws IOException, InterruptedException {
    try {
      return uplink.ask(name, speech.apply(worker), type, waits);
    } catch (Crew.Stranger e) {
      throw forgotten(e);
    }
  }

  private synchronized IOException forgotten(Crew.Stranger e) {
    known = false;
    return new IOException("it was started again, or took this worker for gone", e);
  }

  /// Tries until the owner has heard it; whoever was asked to end gives up after a while.
  ///
  /// @throws Problem where the owner is gone for good
  <T> T insist(Attempt<T> attempt) {
    boolean interrupted = Thread.interrupted();
    long giveUp = interrupted ? System.nanoTime() + FAREWELL.toNanos() : Long.MAX_VALUE;
    try {
      while (true) {
        if (isUp()) {
          try {
            return attempt.run();
          } catch (IOException e) {
            down(e);
          }
        }
        try {
          awaitUp(Duration.ofMillis(ATTEMPT_MILLIS));
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (interrupted && giveUp == Long.MAX_VALUE) {
          giveUp = System.nanoTime() + FAREWELL.toNanos();
        }
        requireHope(giveUp);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void requireHope(long giveUp) {
    if (loss != null) {
      throw loss;
    }
    var missing = problem;
    if (missing != null && System.nanoTime() > giveUp) {
      throw missing;
    }
  }

  @Override
  public void close() {
    boolean leaves;
    synchronized (this) {
      leaves = up;
      closed = true;
      notifyAll();
    }
    var thread = beating;
    if (thread != null) {
      thread.interrupt();
    }
    if (leaves) {
      try {
        var _ = say("leave", Messages.Leave::new, Messages.Leave.class);
      } catch (IOException e) {
        LOG.debug("The study's owner did not hear that this worker left.", e);
      }
    }
    uplink.close();
  }
}
