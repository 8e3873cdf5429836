package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.study.Study;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Looks after the storage of a study that is served: once it is taken away this is said at once,
/// and the thread that serves is interrupted.
final class Loss implements AutoCloseable {
  private final AtomicReference<@Nullable Problem> problem = new AtomicReference<>();
  private final Study.Registration registration;

  private Loss(Study<?> study, Thread serving, Console console) {
    registration =
        study.whenLost(lost -> {
          problem.set(lost);
          console.problem(lost, false);
          serving.interrupt();
        });
  }

  static Loss of(Study<?> study, Thread serving, Console console) {
    return new Loss(study, serving, console);
  }

  /// @param otherwise where nothing was lost
  int exitCode(int otherwise) {
    return problem.get() == null ? otherwise : ExitCode.BAD_INPUT;
  }

  @Override
  public void close() {
    registration.close();
  }
}
