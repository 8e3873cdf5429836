package dev.assay.run.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/// Shows another one what a program does without values that are not to be shown.
final class HidingWatcher implements TrialWatcher {
  private final TrialWatcher watcher;
  private final HiddenValues hidden;
  private final OutputStream lines;

  private HidingWatcher(TrialWatcher watcher, HiddenValues hidden) {
    this.watcher = watcher;
    this.hidden = hidden;
    lines = HidingStream.of(new Printed(), hidden);
  }

  private final class Printed extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      if (count > 0) {
        watcher.printed(Arrays.copyOfRange(bytes, from, from + count), count);
      }
    }
  }

  static TrialWatcher of(TrialWatcher watcher, HiddenValues hidden) {
    return watcher == TrialWatcher.NONE || hidden.isEmpty()
        ? watcher
        : new HidingWatcher(watcher, hidden);
  }

  @Override
  public void starting(String command, Path directory, Path own) {
    watcher.starting(hidden.in(command), directory, own);
  }

  @Override
  public void printed(byte[] bytes, int count) {
    try {
      lines.write(bytes, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void ended(FoundValues found) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    watcher.ended(hidden.in(found));
  }
}
