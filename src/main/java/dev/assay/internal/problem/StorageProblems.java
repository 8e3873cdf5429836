package dev.assay.internal.problem;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every storage refuses in the same words.
public final class StorageProblems {
  private StorageProblems() {}

  public static Problem taken(String name) {
    return new Problem(
        "There is a study of that name already.", name, "Go on with it, or choose another name.");
  }

  public static Problem absent(String name, List<String> names) {
    return new Problem("There is no study of that name.", name, Nearest.suggest(name, names));
  }

  /// @param pid the process that has the study; null where it is not known
  public static Problem claimed(String name, @Nullable Long pid) {
    boolean own = pid != null && pid == ProcessHandle.current().pid();
    var who = own ? "this process itself" : "process " + (pid == null ? "unknown" : pid);
    return new Problem(
        "The study is being run already.",
        name + ", by " + who,
        own ? "Close the study first." : "Let it end or stop it, then try again.");
  }

  public static Problem notEnded(String name, int trial) {
    return new Problem(
        "There is no trial of that number that has ended.",
        name + ", trial " + trial,
        "`assay trials` lists them; one that runs is to end first.");
  }

  public static Problem closed(String name) {
    return new Problem("The study is closed.", name, "Open it again.");
  }

  public static IllegalStateException notBegun(int trial) {
    return new IllegalStateException("trial " + trial + " was not begun, or ended before");
  }
}
