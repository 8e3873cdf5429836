package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Searches in processes of their own that share a study and its budget, as Optuna's in
/// `benchmarks/peers/cluster.py`: started and connected first, then let loose at once.
final class SearchProcesses {
  private static final String READY = "ready";
  private static final String RAN = "ran";

  /// What was measured.
  ///
  /// @param seconds from their start together until the last one has ended
  /// @param ran trials that they counted themselves
  record Seen(double seconds, int ran) {}

  private SearchProcesses() {}

  /// Lets so many processes use up a budget of trials of no length.
  ///
  /// @param url of the storage, without the study
  static Seen run(String url, int processes, int trials) throws IOException, InterruptedException {
    var all = new ArrayList<Process>();
    try (var _ = new OnExit(() -> all.forEach(Process::destroyForcibly))) {
      for (int i = 0; i < processes; i++) {
        all.add(start(url, trials));
      }
      for (var process : all) {
        var _ = said(process, READY);
      }
      long start = System.nanoTime();
      for (var process : all) {
        var go = process.outputWriter(StandardCharsets.UTF_8);
        go.write("\n");
        go.flush();
      }
      int ran = 0;
      for (var process : all) {
        ran += Integer.parseInt(said(process, RAN).strip());
        if (process.waitFor() != 0) {
          throw failed(process);
        }
      }
      return new Seen((System.nanoTime() - start) * 1e-9, ran);
    }
  }

  private static Process start(String url, int trials) throws IOException {
    var command =
        OwnJvm.command(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED"),
            SearchProcesses.class,
            url,
            trials);
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }

  /// What stands behind a word that a process says; what it logs is passed over.
  private static String said(Process process, String word) throws IOException {
    var lines = process.inputReader(StandardCharsets.UTF_8);
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(word)) {
        return line.substring(word.length());
      }
    }
    throw failed(process);
  }

  private static Problem failed(Process process) {
    return new Problem(
        "A process of the benchmark failed.", process.toString(), "See the messages above.");
  }

  /// One of them: the storage's URL, and the budget of all.
  static void main(String[] words) throws IOException {
    try (var storage = Storages.at(words[0]);
        var study = HostedWorkers.study(storage).openOrCreate()) {
      System.out.println(READY);
      System.out.flush();
      if (System.in.read() < 0) {
        return;
      }
      var own = new ArrayList<Integer>();
      var _ =
          study.run(
              (_, trial) -> {
                own.add(trial.number());
                return Outcome.complete(0.5);
              },
              Budget.trials(Integer.parseInt(words[1])));
      System.out.println(RAN + " " + own.size());
    }
  }
}
