package dev.assay.remote;

import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import dev.assay.ship.Depot;
import dev.assay.space.Configuration;
import dev.assay.storage.StudyDefinition;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A study that another process owns, for a worker that is about to join it.
public final class RemoteStudy {
  private static final String OBJECTIVE = "objective";

  private final Uplink uplink;
  private final Messages.StudyAnswer answer;

  private RemoteStudy(Uplink uplink, Messages.StudyAnswer answer) {
    this.uplink = uplink;
    this.answer = answer;
  }

  /// Asks the owner what it owns.
  ///
  /// @throws Problem where it cannot be reached, is of another version, or owns another study than
  ///   the address names
  public static RemoteStudy at(Uplink uplink) {
    Messages.StudyAnswer answer;
    try {
      answer = uplink.say("study", Map.of(), Messages.StudyAnswer.class);
    } catch (IOException e) {
      throw Connection.unreachable(uplink, e);
    }
    var own = BuildInfo.current().version();
    if (!answer.version().equals(own)) {
      throw new Problem(
          "The study is run by another version of Assay.",
          answer.name() + ": " + answer.version() + ", here " + own,
          "Install that version here; or let everybody go on with this one.");
    }
    var wanted = uplink.study();
    if (wanted != null && !wanted.equals(answer.name())) {
      throw new Problem(
          "Another study is owned there.",
          answer.name() + " at " + uplink + ", asked for: " + wanted,
          "Leave out the name behind the port, or name the other owner.");
    }
    return new RemoteStudy(uplink, answer);
  }

  public String name() {
    return answer.name();
  }

  /// The text of its study file.
  public @Nullable String file() {
    return answer.file();
  }

  /// Where that is on the machine that owns the study.
  public @Nullable String path() {
    return answer.path();
  }

  /// The `--set`s applied to it, in order.
  public List<String> overrides() {
    return answer.overrides();
  }

  /// What was noted of it that workers are to have a look at.
  public Map<String, @Nullable Object> facts() {
    return answer.facts();
  }

  /// Where the files are that travel with it.
  public Depot files() {
    return new Depot() {
      @Override
      public boolean has(String sha256) {
        return true;
      }

      @Override
      public void put(String sha256, Path file) {
        throw new IllegalStateException("files come from the study's owner");
      }

      @Override
      public void get(String sha256, Path file) throws IOException {
        uplink.fetch(CrewHandler.FILE, new Messages.Content(sha256), file);
      }
    };
  }

  /// What is different about the objective on this machine, one line each.
  ///
  /// @param objective as this machine describes it
  public List<String> differences(Map<String, @Nullable Object> objective) {
    var there = answer.definition().get(OBJECTIVE);
    if (there instanceof Map<?, ?> map && map.containsKey("ask and tell")) {
      return List.of(); // whoever owns it does not run it
    }
    return new StudyDefinition(name(), Map.of(OBJECTIVE, Objects.requireNonNull(there)))
        .differences(new StudyDefinition(name(), Map.of(OBJECTIVE, objective)));
  }

  /// Joins.
  ///
  /// @param builder of the study file
  /// @param machine where this worker runs, as JSON values
  /// @param parallel how many trials it runs at once
  /// @param patience how long the owner may be away
  /// @param whenStopped is told, on some thread and once, that the study is stopped
  /// @throws Problem where the owner refuses
  public Study<Configuration> join(
      StudyBuilder<Configuration> builder,
      Map<String, @Nullable Object> machine,
      int parallel,
      Duration patience,
      Runnable whenStopped) {
    var definition = new StudyDefinition(name(), answer.definition());
    var log = new RemoteLog(definition);
    var introduction =
        new Messages.Join(BuildInfo.current().version(), machine, parallel, List.of());
    var connection = new Connection(uplink, introduction, patience, whenStopped, log::lose);
    return builder.openAt(definition, log, task -> new RemoteDesk(task, connection));
  }
}
