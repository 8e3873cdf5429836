package dev.assay.run.control;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Does what commands in a [Mailbox] say while a study runs, and notes with the storage how this
/// process stands: see [Standing].
///
/// Every process that runs the study obeys every command to pause, go on and stop that is sent
/// while it runs; a configuration is put in line by one of them. Who joins others is paused where
/// they are. Whoever begins alone forgets what was sent to an earlier run, but for configurations,
/// which nobody has put in line yet.
///
/// Whatever cannot be read or written at the moment is tried again at the next look.
public final class StudyControl implements AutoCloseable {
  private static final Logger LOG = Log.of(StudyControl.class);
  private static final long POLL_MILLIS = 200;

  private final Study<Configuration> study;
  private final Mailbox mailbox;
  private final Thread searching;
  private final String began = Instant.now().toString();

  /// Commands that were obeyed, and those that were there before.
  private final Set<String> known = new HashSet<>();

  /// The pause or its end that was obeyed last: it is kept for those who join.
  private @Nullable String level;

  private Map<String, @Nullable Object> standing;
  private @Nullable Thread reader;
  private boolean isNoted;
  private boolean hasBegun;
  private String trouble = "";

  private StudyControl(Study<Configuration> study, Mailbox mailbox, Thread searching) {
    this.study = study;
    this.mailbox = mailbox;
    this.searching = searching;
    standing = Standing.note("running", began, null);
  }

  /// Obeys whenever [#attempt] is called.
  static StudyControl stepwise(Study<Configuration> study, Mailbox mailbox, Thread searching) {
    var control = new StudyControl(study, mailbox, searching);
    control.attempt();
    return control;
  }

  /// Obeys from now on.
  ///
  /// @param searching the thread to interrupt when the study is to stop
  public static StudyControl start(Study<Configuration> study, Mailbox mailbox, Thread searching) {
    var control = stepwise(study, mailbox, searching);
    control.attempt(); // what waits in line comes before the first proposal
    control.reader = Thread.ofPlatform().daemon().name("assay-control").start(control::read);
    return control;
  }

  private void read() {
    try {
      while (true) {
        Thread.sleep(POLL_MILLIS);
        attempt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks once, and does what is to be done.
  void attempt() {
    try {
      if (hasBegun) {
        look();
      } else {
        begin();
      }
      if (!isNoted) {
        study.stand(standing);
        isNoted = true;
      }
      trouble = "";
    } catch (RuntimeException e) {
      if (!trouble.equals(e.toString())) { // said once for all looks that meet it
        LOG.warn("Commands are looked for again in a moment: {}", e.toString());
      }
      trouble = e.toString();
    }
  }

  /// The commands are listed before it is asked who else obeys: those sent to somebody who began
  /// meanwhile are not among them.
  private void begin() {
    var names = mailbox.names();
    var claimed = mailbox.claimed();
    var facts = study.facts();
    boolean alone =
        study.otherRunners().stream().noneMatch(runner -> Standing.of(runner, facts).obeys());
    if (alone) {
      for (var name : claimed) {
        mailbox.putBack(name); // whoever claimed it is gone
      }
    }
    for (var name : names) {
      var command = mailbox.read(name);
      if (command instanceof ControlCommand.Enqueue) {
        continue; // nobody has done it yet
      }
      known.add(name);
      if (alone) {
        mailbox.remove(name); // it was meant for an earlier run
      } else if (command != null) {
        join(command, name);
      }
    }
    hasBegun = true;
  }

  /// Who joins stands as the others do, who may be about to end.
  private void join(ControlCommand command, String name) {
    switch (command) {
      case ControlCommand.Pause() -> setPaused(true, name);
      case ControlCommand.Resume() -> setPaused(false, name);
      case ControlCommand.Stop() -> { // its file stays for those whom it was sent to
        study.resume();
        say("running", null);
      }
      case ControlCommand.Enqueue _ -> {}
      case ControlCommand.Discard _ -> {} // the storage told
    }
  }

  /// What cannot be done now keeps nothing else from being done.
  private void look() {
    RuntimeException failure = null;
    for (var name : mailbox.names()) {
      if (!known.contains(name)) {
        var command = mailbox.read(name);
        try {
          if (command != null) {
            obey(command, name);
          }
          known.add(name);
        } catch (RuntimeException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void obey(ControlCommand command, String name) {
    switch (command) {
      case ControlCommand.Pause() -> setPaused(true, name);
      case ControlCommand.Resume() -> setPaused(false, name);
      case ControlCommand.Stop() -> {
        say("stopping", null);
        searching.interrupt();
      }
      case ControlCommand.Enqueue(var params) -> enqueue(name, params);
      case ControlCommand.Discard(int trial, boolean discarded) -> study.discard(trial, discarded);
    }
  }

  private void setPaused(boolean paused, String name) {
    if (paused) {
      study.pause();
    } else {
      study.resume();
    }
    say(paused ? "paused" : "running", null);
    if (level != null) {
      mailbox.remove(level); // overtaken
    }
    level = name;
  }

  /// Done by one of all processes.
  private void enqueue(String name, Map<String, @Nullable Object> params) {
    var claimed = mailbox.claim(name, ProcessHandle.current().pid() + "-" + study.runner());
    if (claimed == null) {
      return;
    }
    var message = refusal(params);
    try {
      if (message == null) {
        message = "Trial " + study.enqueue(params) + " waits in line.";
      }
    } catch (RuntimeException e) { // of the storage
      mailbox.putBack(claimed);
      throw e;
    }
    say(study.isPaused() ? "paused" : "running", message);
    mailbox.remove(claimed);
  }

  private @Nullable String refusal(Map<String, @Nullable Object> params) {
    try {
      var _ = study.space().configuration(params);
      return null;
    } catch (Problem e) {
      return e.what() + " " + e.value();
    }
  }

  private void say(String state, @Nullable String message) {
    standing = Standing.note(state, began, message);
    isNoted = false;
  }

  /// Ends the obedience, and a pause: what is left of the run goes its way.
  @Override
  public void close() {
    boolean interrupted = false;
    if (reader != null) {
      reader.interrupt();
      while (reader.isAlive()) {
        try {
          reader.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    study.resume();
    try {
      study.stand(Standing.note("ended", began, null));
    } catch (RuntimeException e) {
      LOG.warn(
          "That this process obeys no more cannot be noted: {}",
          e instanceof Problem problem ? problem.what() : e.toString());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
