package dev.assay.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program that [PosixSpawn] started. A thread waits for its end, as Java has one for each of its
/// own processes.
final class SpawnedProcess extends Process {
  private static final long STACK_BYTES = 1 << 17;

  private final int pid;
  private final InputStream output;
  private final InputStream errors;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int status;

  private SpawnedProcess(PosixSpawn spawn, int pid, InputStream output, InputStream errors) {
    this.pid = pid;
    this.output = output;
    this.errors = errors;
    Thread.ofPlatform()
        .daemon()
        .name("assay-reaper-" + pid)
        .stackSize(STACK_BYTES)
        .start(() -> {
          status = spawn.await(pid);
          ended.countDown();
        });
  }

  /// @param program its file
  /// @param environment all of it
  static Process start(
      PosixSpawn spawn,
      String program,
      List<String> words,
      Map<String, String> environment,
      String directory)
      throws IOException {
    var variables =
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    var out = spawn.pipe();
    try {
      var err = spawn.pipe();
      InputStream output = null;
      try {
        output = stream(out);
        var errors = stream(err);
        try {
          int pid = spawn.start(program, words, variables, directory, out.write(), err.write());
          return new SpawnedProcess(spawn, pid, output, errors);
        } catch (IOException | RuntimeException e) {
          errors.close();
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        if (output != null) {
          output.close();
        }
        throw e;
      } finally {
        spawn.close(err.read());
        spawn.close(err.write());
      }
    } finally {
      spawn.close(out.read());
      spawn.close(out.write());
    }
  }

  /// Java has no stream for a descriptor, but opens a pipe anew by its name under /proc.
  private static InputStream stream(PosixSpawn.Pipe pipe) throws IOException {
    return new FileInputStream("/proc/self/fd/" + pipe.read());
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  @Override
  public InputStream getErrorStream() {
    return errors;
  }

  @Override
  public int waitFor() throws InterruptedException {
    ended.await();
    return status;
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    return ended.await(timeout, unit);
  }

  @Override
  public int exitValue() {
    if (isAlive()) {
      throw new IllegalThreadStateException("the process has not ended");
    }
    return status;
  }

  @Override
  public boolean isAlive() {
    return ended.getCount() > 0;
  }

  @Override
  public void destroy() {
    if (isAlive()) {
      Signals.sendTo(pid, Signals.TERM);
    }
  }

  @Override
  public Process destroyForcibly() {
    if (isAlive()) {
      Signals.sendTo(pid, Signals.KILL);
    }
    return this;
  }
}
