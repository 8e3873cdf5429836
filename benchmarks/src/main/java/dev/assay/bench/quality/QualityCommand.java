package dev.assay.bench.quality;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.study.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// `assay bench quality`: samplers on test problems, many seeds, beside the figures of other tools.
@Command(
    name = "quality",
    description = "How close samplers come to the optimum, beside other tools.")
public final class QualityCommand implements Callable<Integer> {
  @Option(
      names = "--samplers",
      split = ";",
      paramLabel = "NAME",
      description = "names, separated by ';', with options as JSON: gp;gp{\"model\":\"single\"}")
  private List<String> samplers =
      List.of("auto", "gp", "gp{\"model\":\"single\"}", "tpe", "cmaes", "random");

  @Option(
      names = "--problems",
      split = ",",
      paramLabel = "NAME",
      description = "problems or groups of them: reference, rotated, holdout")
  private List<String> problems = List.of("reference", "rotated");

  @Option(names = "--seeds", description = "how many searches of each kind")
  private int seeds = 20;

  @Option(names = "--trials", split = ",", description = "budgets, ascending")
  private List<Integer> budgets = List.of(50, 100);

  @Option(names = "--jobs", description = "searches at a time; default: the processor's cores")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Limits.atLeast(1, "--seeds", seeds);
    Limits.atLeast(1, "--jobs", jobs);
    budgets.forEach(trials -> Limits.atLeast(1, "--trials", trials));
    var chosen = samplers.stream().map(NamedSampler::parse).toList();
    var tasks = SearchProblems.named(problems);
    var report =
        new QualityReport(
            run(chosen, tasks),
            tasks.stream().map(SearchProblem::name).toList(),
            samplers,
            budgets,
            Peers.read());
    var file = destination.write("quality", report.measurements());
    var table = Path.of(file.toString().replaceFirst("json$", "md"));
    Files.writeString(table, "# Quality of search, " + seeds + " seeds\n\n" + report.markdown());
    System.out.println(report.markdown());
    return 0;
  }

  /// A sampler with its options, and the text it was given by.
  private record NamedSampler(String label, Sampler sampler) {
    static NamedSampler parse(String text) {
      int brace = text.indexOf('{');
      if (brace < 0) {
        return new NamedSampler(text, Samplers.create(text, Map.of()));
      }
      Map<String, @Nullable Object> options =
          JsonMapper.shared().readValue(text.substring(brace), new TypeReference<>() {});
      return new NamedSampler(text, Samplers.create(text.substring(0, brace), options));
    }
  }

  private List<SearchRun> run(List<NamedSampler> chosen, List<SearchProblem> tasks)
      throws InterruptedException {
    int trials = budgets.getLast();
    var runs = new ArrayList<SearchRun>();
    try (var pool = Executors.newFixedThreadPool(jobs)) {
      var futures = new ArrayList<Future<SearchRun>>();
      for (var task : tasks) {
        for (var sampler : chosen) {
          for (long seed = 1; seed <= seeds; seed++) {
            long s = seed;
            futures.add(
                pool.submit(
                    () -> SearchRun.of(sampler.label(), sampler.sampler(), task, s, trials)));
          }
        }
      }
      for (var future : futures) {
        runs.add(future.get());
        progress(runs);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    }
    return runs;
  }

  /// A line whenever a sampler is through with a problem: the whole takes minutes.
  private void progress(List<SearchRun> runs) {
    if (runs.size() % seeds == 0) {
      var last = runs.getLast();
      var one = List.of(last.sampler());
      var report = new QualityReport(runs, List.of(last.problem()), one, budgets, Peers.read());
      var medians =
          report.measurements().stream().map(m -> String.format("%.3g", m.p50())).toList();
      System.err.println(last.problem() + " " + last.sampler() + " " + medians);
    }
  }
}
