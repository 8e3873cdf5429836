package dev.assay.cli;

import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Looks at a study after its last resume.
///
/// @param directory of the study
/// @param trials as they are stored
/// @param expected how many there should be
/// @param faults to add to
record DrillCheck(
    DrilledStudy study,
    Path directory,
    List<TrialRecord> trials,
    int expected,
    List<String> faults) {
  /// What a process may leave where it makes temporary files: one library's native code.
  private static final int TEMPORARY = 4;

  void run() throws IOException {
    var numbers = trials.stream().map(TrialRecord::number).toList();
    if (!numbers.equals(IntStream.range(0, expected).boxed().toList())) {
      faults.add("numbers: " + numbers);
    }
    trials.stream()
        .filter(trial ->
            trial.state() != TrialState.COMPLETE
                || trial.value() != trial.configuration().number("x"))
        .forEach(trial -> faults.add("not as its program ended: " + trial));
    if (Files.exists(ofTrials(directory).resolve("overlaps"))) {
      faults.addAll(Files.readAllLines(ofTrials(directory).resolve("overlaps")));
    }
    var temporary = names(directory.resolve("temporary"));
    if (temporary.size() > TEMPORARY) {
      faults.add("left in the temporary directory: " + temporary);
    }
    checkDatabase();
    if (study == DrilledStudy.POPULATION || study == DrilledStudy.PAUSED) {
      checkLineages();
    }
  }

  private void checkDatabase() {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("study.db"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA integrity_check")) {
      while (rows.next()) {
        if (!"ok".equals(rows.getString(1))) {
          faults.add("the database: " + rows.getString(1));
        }
      }
    } catch (SQLException e) {
      faults.add("the database: " + e);
    }
  }

  /// What is kept went on from what the study says that it went on from.
  private void checkLineages() throws IOException {
    int checked = 0;
    for (var trial : trials) {
      var checkpoint = ofTrials(directory).resolve(trial.number() + "/checkpoint");
      if (!Files.exists(checkpoint)) {
        continue;
      }
      checked++;
      var latest = study == DrilledStudy.PAUSED ? checkpoint : checkpoint.resolve("latest");
      var lineage =
          Segment.lineage(trial, trials).stream().map(t -> Integer.toString(t.number())).toList();
      if (study == DrilledStudy.POPULATION && !Files.isSymbolicLink(latest)) {
        faults.add("no link " + latest);
      } else if (!Files.readAllLines(latest.resolve("lineage")).equals(lineage)) {
        faults.add(latest + " is not of trials " + lineage);
      }
    }
    if (checked == 0) {
      faults.add("no checkpoint is left");
    }
  }

  /// With the same study that nobody killed.
  void compare(Path unkilled, List<TrialRecord> others) throws IOException {
    for (int i = 0; i < Math.max(trials.size(), others.size()); i++) {
      var here = i < trials.size() ? words(trials.get(i)) : "none";
      var there = i < others.size() ? words(others.get(i)) : "none";
      if (!here.equals(there)) {
        faults.add("trial " + i + ": " + here + ", unkilled " + there);
      }
    }
    var checkpoints = checkpoints(directory);
    if (!checkpoints.equals(checkpoints(unkilled))) {
      faults.add("checkpoints: " + checkpoints + ", unkilled " + checkpoints(unkilled));
    }
  }

  private static String words(TrialRecord trial) {
    return trial.configuration().values()
        + " "
        + trial.notes()
        + " "
        + trial.state()
        + " "
        + trial.values();
  }

  /// The files of checkpoints, below the directories of trials.
  private static TreeSet<String> checkpoints(Path directory) throws IOException {
    var trials = ofTrials(directory);
    var found = new TreeSet<String>();
    if (Files.exists(trials)) {
      try (var files = Files.walk(trials)) {
        files
            .map(file -> trials.relativize(file).toString())
            .filter(name -> name.contains("checkpoint"))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static Path ofTrials(Path directory) {
    return directory.resolve("trials").resolve("drill");
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
