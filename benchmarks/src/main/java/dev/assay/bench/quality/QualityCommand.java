package dev.assay.bench.quality;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.trial.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
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
      description =
          "names, separated by ';', with options as JSON: gp;gp{\"model\":\"single\"}. Default:"
              + " each problem's own")
  private @Nullable List<String> samplers;

  @Option(
      names = "--problems",
      split = ",",
      paramLabel = "NAME",
      description =
          "problems or groups of them: reference, rotated, holdout, noisy, steps, plateaus,"
              + " crashes, rates, dimensions, branches, priors, batches, many, time; world: all"
              + " from noisy on. Default: reference,rotated,world")
  private List<String> problems = List.of("reference", "rotated", "world");

  @Option(
      names = "--seeds",
      description = "how many searches of each kind; default: each problem's own, 5 to 40")
  private @Nullable Integer seeds;

  @Option(
      names = "--trials",
      split = ",",
      description = "budgets, ascending; default: each problem's own")
  private @Nullable List<Integer> budgets;

  @Option(
      names = "--quick",
      description = "three searches of each kind, to the first budget of each problem")
  private boolean quick;

  @Option(names = "--jobs", description = "searches at a time; default: the processor's cores")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (seeds != null) {
      Limits.atLeast(1, "--seeds", seeds);
    }
    Limits.atLeast(1, "--jobs", jobs);
    if (budgets != null) {
      budgets.forEach(trials -> Limits.atLeast(1, "--trials", trials));
    }
    var sets = ProblemSet.of(SearchProblems.named(problems), this::plan);
    var report = new QualityReport(new SearchRuns(run(sets)), sets, Peers.read());
    var file = destination.write("quality", report.measurements());
    var table = Path.of(file.toString().replaceFirst("json$", "md"));
    Files.writeString(table, "# Quality of search\n\n" + report.markdown());
    System.out.println(report.markdown());
    return 0;
  }

  private SearchPlan plan(SearchPlan usual) {
    var plan = quick ? usual.quick() : usual;
    return new SearchPlan(
        budgets == null ? plan.budgets() : budgets.stream().sorted().distinct().toList(),
        seeds == null ? plan.seeds() : seeds,
        seeds == null ? plan.more() : 1,
        plan.pending(),
        plan.trialMilliseconds(),
        samplers == null ? plan.samplers() : samplers);
  }

  private static Sampler parse(String text) {
    int brace = text.indexOf('{');
    if (brace < 0) {
      return Samplers.create(text, Map.of());
    }
    Map<String, @Nullable Object> options =
        JsonMapper.shared().readValue(text.substring(brace), new TypeReference<>() {});
    return Samplers.create(text.substring(0, brace), options);
  }

  /// Searches that differ in their seed alone.
  private record Work(String sampler, SearchProblem problem, List<Future<SearchRun>> runs) {}

  private List<SearchRun> run(List<ProblemSet> sets) throws InterruptedException {
    for (var set : sets) {
      set.samplers().forEach(QualityCommand::parse); // what is wrong is said before anything runs
    }
    var all = new ArrayList<SearchRun>();
    try (var pool = Executors.newFixedThreadPool(jobs)) {
      var works = new ArrayList<Work>();
      for (var set : sets) {
        for (var problem : set.problems()) {
          problem.plan().samplers().forEach(s -> works.add(submit(s, parse(s), problem, pool)));
        }
      }
      try {
        for (var work : works) {
          for (var run : work.runs()) {
            all.add(run.get());
          }
          progress(work, new SearchRuns(all));
        }
      } catch (ExecutionException e) {
        pool.shutdownNow();
        if (e.getCause() instanceof Problem refused) {
          throw refused;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    return all;
  }

  private static Work submit(
      String label, Sampler sampler, SearchProblem problem, ExecutorService pool) {
    int trials = problem.plan().budgets().getLast();
    var runs = new ArrayList<Future<SearchRun>>();
    for (int seed = 1; seed <= problem.plan().seedsOf(label); seed++) {
      long s = seed;
      runs.add(pool.submit(() -> SearchRun.of(label, sampler, problem, s, trials)));
    }
    return new Work(label, problem, runs);
  }

  /// A line whenever a sampler is through with a problem: the whole takes minutes.
  private static void progress(Work work, SearchRuns runs) {
    var problem = work.problem();
    var medians =
        problem.plan().budgets().stream()
            .map(n -> "%.3g".formatted(runs.median(work.sampler(), problem.name(), n)))
            .toList();
    System.err.println(problem.name() + " " + work.sampler() + " " + medians);
  }
}
