package dev.assay.run;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what commands in a [Mailbox] say while a study runs, and keeps the fact [#FACT] about how
/// it stands: `{"state": "running", "pid": 17, "began": "2026-01-01T00:00:00Z", "since":
/// "2026-01-01T00:05:00Z", "message": null}`, where `began` is when this run did and `since` when
/// the state did.
///
/// Commands from before are thrown away: they were meant for an earlier run.
public final class StudyControl implements AutoCloseable {
  /// The fact's key.
  public static final String FACT = "control";

  private static final Logger LOG = LoggerFactory.getLogger(StudyControl.class);
  private static final long POLL_MILLIS = 200;

  private final Study<Configuration> study;
  private final Mailbox mailbox;
  private final Thread searching;
  private final Thread reader;
  private final String began = Instant.now().toString();

  private StudyControl(Study<Configuration> study, Mailbox mailbox, Thread searching) {
    this.study = study;
    this.mailbox = mailbox;
    this.searching = searching;
    mailbox.take();
    note("running", null);
    reader = Thread.ofVirtual().name("assay-control").start(this::read);
  }

  /// Obeys from now on.
  ///
  /// @param searching the thread to interrupt when the study is to stop
  public static StudyControl start(Study<Configuration> study, Mailbox mailbox, Thread searching) {
    return new StudyControl(study, mailbox, searching);
  }

  private void read() {
    try {
      while (true) {
        Thread.sleep(POLL_MILLIS);
        mailbox.take().forEach(this::obey);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Problem e) {
      LOG.warn("Commands are not read any more: {}", e.getMessage());
    }
  }

  private void obey(ControlCommand command) {
    switch (command) {
      case ControlCommand.Pause() -> {
        study.pause();
        note("paused", null);
      }
      case ControlCommand.Resume() -> {
        study.resume();
        note("running", null);
      }
      case ControlCommand.Stop() -> {
        note("stopping", null);
        searching.interrupt();
      }
      case ControlCommand.Enqueue(var params) -> enqueue(params);
    }
  }

  private void enqueue(Map<String, @Nullable Object> params) {
    var state = study.isPaused() ? "paused" : "running";
    try {
      note(state, "Trial " + study.enqueue(params) + " waits in line.");
    } catch (Problem e) {
      note(state, e.what() + " " + e.value());
    }
  }

  private void note(String state, @Nullable String message) {
    var fact = new LinkedHashMap<String, @Nullable Object>();
    fact.put("state", state);
    fact.put("pid", ProcessHandle.current().pid());
    fact.put("began", began);
    fact.put("since", Instant.now().toString());
    fact.put("message", message);
    study.putFact(FACT, fact);
  }

  /// Whether a stored study is run by a process that lives: `running`, `paused` or `stopping`;
  /// otherwise null.
  public static @Nullable String state(Map<String, @Nullable Object> facts) {
    if (facts.get(FACT) instanceof Map<?, ?> fact
        && fact.get("state") instanceof String state
        && !state.equals("ended")
        && fact.get("pid") instanceof Number pid
        && ProcessHandle.of(pid.longValue()).map(ProcessHandle::isAlive).orElse(false)) {
      return state;
    }
    return null;
  }

  @Override
  public void close() {
    reader.interrupt();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    study.resume();
    note("ended", null);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
