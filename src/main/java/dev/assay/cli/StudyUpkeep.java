package dev.assay.cli;

import dev.assay.files.Trees;
import dev.assay.problem.Problem;
import dev.assay.report.Notes;
import dev.assay.run.control.ControlCommand;
import dev.assay.serve.StudyKeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the commands and the dashboard do to a stored study as a whole.
record StudyUpkeep(NamedStudy named) implements StudyKeeper {
  @Override
  public Path trials() {
    return named.trials();
  }

  @Override
  public void note(@Nullable Integer trial, String text) {
    if (trial != null) {
      TrialArgument.of(named.view(), trial);
    }
    var checked = Notes.checked(text);
    named.change(storage -> storage.putFact(named.name(), Notes.key(trial), checked));
  }

  @Override
  public void discard(int trial, boolean discarded) {
    boolean runs = !named.standings().isEmpty();
    named.change(storage -> storage.discard(named.name(), trial, discarded));
    if (runs) {
      Steering.leave(named, new ControlCommand.Discard(trial, discarded));
    }
  }

  /// The directory goes last: one that still has the old name is found by that, whatever is in it.
  @Override
  public void rename(String name) {
    StudyPlace.requireFitting(name);
    if (name.isBlank()) {
      throw new Problem("The study has no name.", "a blank one", "Write one that says what it is.");
    }
    var from = named.directory();
    var to = StudyPlace.current().directory(name);
    if (from != null && Files.exists(to)) {
      throw new Problem(
          "There is a study of that name already.", name + " in " + to, "Choose another name.");
    }
    named.change(storage -> storage.rename(named.name(), name));
    try {
      if (from != null) {
        Files.move(from, to);
      } else if (Files.isDirectory(named.trials())) {
        Files.move(named.trials(), named.trials().resolveSibling(StudyPlace.encoded(name)));
      }
    } catch (IOException e) {
      throw new Problem(
          "The study has its new name, but its files could not be moved.",
          String.valueOf(e.getMessage()),
          "Make the directory writable, and move them by hand.",
          e);
    }
  }

  @Override
  public void delete() {
    var mailbox = named.mailbox();
    var letters = mailbox == null ? null : mailbox.directory();
    named.change(storage -> storage.delete(named.name()));
    remove(named.trials());
    if (letters != null) {
      remove(letters);
    }
    var directory = named.directory();
    if (directory != null && isLast()) {
      remove(directory);
    }
  }

  /// Studies that were put aside live in the same file.
  private boolean isLast() {
    try (var storage = named.url().open()) {
      return storage.names().isEmpty();
    }
  }

  private static void remove(Path directory) {
    try {
      Trees.remove(directory);
    } catch (IOException | UncheckedIOException e) {
      throw new Problem(
          "The study is removed, but not all of its files.",
          e.getMessage() == null ? directory.toString() : e.getMessage(),
          "Remove " + directory + " by hand.",
          e);
    }
  }
}
