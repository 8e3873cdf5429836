package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Workers on other hosts, each under an ssh of this process. They are told to end by the end of
/// their input: also where this process is killed, or the connection breaks. The token goes that
/// way too, so that nobody sees it among the words of a command.
///
/// @param work the command, for a POSIX shell
/// @param token null: none is needed
record SshWorkers(Console console, List<String> hosts, String work, @Nullable String token) {
  /// On the host: the token is the first line; when the input ends the worker is asked to end. Who
  /// watches the input has no output: ssh ends when nobody has any more.
  private static final String REMOTE =
      "IFS= read -r ASSAY_TOKEN; [ -n \"$ASSAY_TOKEN\" ] && export ASSAY_TOKEN || unset"
          + " ASSAY_TOKEN; exec 3<&0; %s </dev/null 3<&- & worker=$!; { cat <&3; kill -TERM"
          + " $worker; } >/dev/null 2>&1 & watch=$!; exec 3<&-; wait $worker; code=$?; kill $watch"
          + " 2>/dev/null; exit $code";

  private record Started(String host, Process process, Thread reader) {}

  /// @return the worst of the workers' exit codes
  int run() throws InterruptedException {
    if (hosts.stream().anyMatch(host -> !host.matches("[A-Za-z0-9_][A-Za-z0-9_.@:%-]*"))) {
      throw new Problem(
          "That is no list of hosts.", String.join(",", hosts), "Write --ssh host1,me@host2.");
    }
    var started = new ArrayList<Started>();
    try (var _ = new Interruption(Thread.currentThread(), () -> kill(started), console)) {
      for (var host : hosts) {
        started.add(start(host));
      }
      return await(started);
    } catch (InterruptedException e) {
      started.forEach(one -> endInput(one.process));
      int _ = await(started);
      return ExitCode.INTERRUPTED;
    } catch (IOException e) {
      kill(started);
      throw new Problem(
          "ssh cannot be started.", String.valueOf(e.getMessage()), "Install an ssh client.", e);
    }
  }

  private Started start(String host) throws IOException {
    var process =
        new ProcessBuilder("ssh", "-o", "BatchMode=yes", host, REMOTE.formatted(work))
            .redirectErrorStream(true)
            .start();
    var in = process.getOutputStream(); // open as long as the worker is to work
    in.write(((token == null ? "" : token) + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
    var reader = Thread.ofVirtual().start(() -> print(host, process));
    return new Started(host, process, reader);
  }

  private void print(String host, Process process) {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(line -> console.note(host + ": " + line));
    } catch (IOException e) {
      console.note(host + ": " + e.getMessage());
    }
  }

  private int await(List<Started> started) throws InterruptedException {
    int worst = ExitCode.DONE;
    for (var one : started) {
      int code = one.process.waitFor();
      endInput(one.process);
      one.reader.join();
      if (code != ExitCode.DONE) {
        console.note(one.host + ": the worker ended with " + code + ".");
      }
      worst = Math.max(worst, code);
    }
    return worst;
  }

  private static void endInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy(); // it has ended, or cannot be told otherwise
    }
  }

  private static void kill(List<Started> started) {
    started.forEach(one -> one.process.destroyForcibly());
  }
}
