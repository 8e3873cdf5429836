package dev.assay.run.command;

import dev.assay.internal.words.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/// Carries a program's output to its log and its values to the trial, as it comes. Nothing is held
/// but the end of each stream, and nothing is waited for: a pipe that somebody else still holds
/// open delays nobody.
final class TrialOutput implements AutoCloseable {
  private static final Logger LOG = Log.of(TrialOutput.class);

  /// Bytes taken from one stream before others have their turn.
  private static final int TURN = 1 << 20;

  private final OutputStream log;
  private final ReportFile reports;
  private final TrialWatcher watcher;
  private final List<Source> sources = new ArrayList<>();
  private final ReadBuffer buffer = new ReadBuffer();
  private boolean logFailed;

  /// One of the program's streams.
  private static final class Source {
    final InputStream stream;
    final LineSplitter lines;
    final Tail tail = new Tail();

    Source(InputStream stream, LineSplitter lines) {
      this.stream = stream;
      this.lines = lines;
    }
  }

  /// @param log closed with this
  TrialOutput(
      Process process,
      TrialValues values,
      OutputStream log,
      ReportFile reports,
      TrialWatcher watcher) {
    this.log = log;
    this.reports = reports;
    this.watcher = watcher;
    sources.add(
        new Source(
            process.getInputStream(),
            new LineSplitter((line, cut) -> values.line(line, cut, "stdout"))));
    sources.add(
        new Source(
            process.getErrorStream(),
            new LineSplitter((line, cut) -> values.line(line, cut, "stderr"))));
  }

  /// Takes what there is.
  ///
  /// @return whether there was anything
  boolean pump() {
    boolean any = false;
    for (var source : sources) {
      any |= pump(source);
    }
    return any | reports.pump(false);
  }

  private boolean pump(Source source) {
    int taken = 0;
    try {
      for (int ready = source.stream.available();
          ready > 0 && taken < TURN;
          ready = source.stream.available()) {
        var bytes = buffer.bytes();
        int count = source.stream.read(bytes, 0, Math.min(ready, bytes.length));
        if (count <= 0) {
          break;
        }
        taken += count;
        toLog(bytes, count);
        watcher.printed(bytes, count);
        source.tail.accept(bytes, count);
        source.lines.accept(bytes, count);
        buffer.filled(count);
      }
    } catch (IOException e) {
      LOG.debug("A program's stream is closed.", e);
    }
    return taken > 0;
  }

  /// A full disk ends the log and not the trial.
  private void toLog(byte[] bytes, int count) {
    if (logFailed) {
      return;
    }
    try {
      log.write(bytes, 0, count);
    } catch (IOException e) {
      logFailed = true;
      LOG.warn("The log of trial output cannot be written: {}", e.getMessage());
    }
  }

  /// Takes the rest, after everything that could write has ended.
  void finish() {
    while (pump()) {}
    sources.forEach(source -> source.lines.end());
    reports.finish();
  }

  /// The line that says why the program failed.
  String saying() {
    return LastWords.of(lastLines(Integer.MAX_VALUE).lines().map(TerminalText::of).toList());
  }

  /// The last lines of stderr; of stdout where stderr is empty.
  String lastLines(int count) {
    var lines = sources.get(1).tail.lines(count);
    return lines.isEmpty() ? sources.get(0).tail.lines(count) : lines;
  }

  /// The end of both streams.
  String end() {
    return sources.get(0).tail.text() + "\n" + sources.get(1).tail.text();
  }

  @Override
  public void close() {
    try {
      log.close();
    } catch (IOException e) {
      LOG.warn("The log of trial output cannot be closed: {}", e.getMessage());
    }
    for (var source : sources) {
      try {
        source.stream.close();
      } catch (IOException e) {
        LOG.debug("A program's stream cannot be closed.", e);
      }
    }
  }
}
