package dev.assay.bench;

/// Something to do if this process is ended (Ctrl-C, SIGTERM) before [#close].
final class OnExit implements AutoCloseable {
  private final Thread hook;

  OnExit(Runnable task) {
    hook = new Thread(task);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the task runs.
    }
  }
}
