package dev.assay.cli;

import dev.assay.compare.Comparison;
import dev.assay.compare.ComparisonResult;
import dev.assay.compare.Contender;
import dev.assay.compare.RunLog;
import dev.assay.compare.SearchCase;
import dev.assay.device.BackendSelector;
import dev.assay.files.OwnerOnly;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.ComparisonDocument;
import dev.assay.report.ComparisonPage;
import dev.assay.report.ComparisonWords;
import dev.assay.run.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Samplers side by side: the same problems, the same seeds, and tests of the difference.
@Command(name = "compare", description = "Compare samplers: paired seeds, tests, a page.")
final class CompareCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Console console;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "study files, tables (.csv, .csv.gz), functions (hartmann6)")
  private List<String> problems = new ArrayList<>();

  @Option(
      names = "--suite",
      paramLabel = "standard",
      description = "13 functions, and --data's tables")
  private @Nullable String suite;

  @Option(names = "--data", paramLabel = "DIR", description = "every table below it")
  private @Nullable Path data;

  @Option(
      names = "--samplers",
      paramLabel = "A,B",
      defaultValue = "auto,tpe,random",
      description = "names, or NAME={gp: {model: single}}; default auto,tpe,random")
  private String samplers = "";

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10",
      description = "runs of each; 10")
  private int seeds = 10;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "the first seed; 0")
  private long firstSeed;

  @Option(names = "--trials", paramLabel = "N", description = "trials a run")
  private @Nullable Integer trials;

  @Option(names = "--parallel", paramLabel = "W", description = "runs at once")
  private @Nullable Integer parallel;

  @Option(
      names = "--at",
      paramLabel = "cost",
      description = "judge where all runs have cost the same: cost (time), or a metric's name")
  private @Nullable String at;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change every study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(names = "--out", paramLabel = "DIR", description = "where runs and the page go")
  private @Nullable Path out;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  @Option(names = "--quiet", description = "no progress, no summary")
  private boolean quiet;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requirePositive("--seeds", seeds);
    requirePositive("--trials", trials);
    requirePositive("--parallel", parallel);
    if (at != null && at.isBlank()) {
      throw new Problem(
          "The cost has no name.", "--at", "Say --at cost, or a metric that trials report.");
    }
    var contenders = Contender.parse(samplers);
    var cases = cases();
    var directory = directory(cases);
    var selector = new BackendSelector();
    try (var log = RunLog.open(directory.resolve("runs.jsonl"))) {
      var comparison =
          new Comparison(
              contenders,
              new Comparison.Settings(
                  seeds, firstSeed, trials, parallel, at, directory.resolve("trials")),
              log,
              selector.trainer(backend),
              selector.gpEngine(backend),
              Beginning::warmStarts);
      var progress =
          new ComparisonProgress(console, quiet, cases.size() * contenders.size() * seeds);
      try (var _ = new Interruption(Thread.currentThread(), comparison::kill, console)) {
        return finish(comparison.run(cases, progress), directory);
      } catch (InterruptedException e) {
        console.note("What is finished is kept; the same command goes on.");
        return ExitCode.INTERRUPTED;
      }
    }
  }

  private static void requirePositive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new Problem(
          "The number must be 1 or more.", option + " " + value, "Give a whole number from 1.");
    }
  }

  private List<SearchCase> cases() {
    if (suite == null && problems.isEmpty()) {
      throw new Problem(
          "There is nothing to search.",
          "neither FILE nor --suite",
          "Name a study file, a table or a function, or say --suite standard.");
    }
    if (suite != null && !suite.equals("standard")) {
      throw new Problem(
          "There is no such suite.",
          "--suite " + suite,
          Nearest.suggest(suite, List.of("standard")));
    }
    if (suite == null && data != null) {
      throw new Problem(
          "Tables of a directory belong to a suite.", "--data " + data, "Add --suite standard.");
    }
    var cases = new ArrayList<SearchCase>();
    problems.forEach(argument -> cases.add(SearchCase.of(argument, settings)));
    if (suite != null) {
      cases.addAll(SearchCase.standard(data, settings));
    }
    return cases;
  }

  private Path directory(List<SearchCase> cases) {
    if (out != null) {
      return out;
    }
    var name = suite != null ? "suite-" + suite : cases.getFirst().name();
    return Path.of("results", "comparisons", name.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  private int finish(ComparisonResult result, Path directory) {
    Map<String, @Nullable Object> document = ComparisonDocument.of(result, Provenance.now());
    var page = directory.resolve("comparison.html");
    try {
      OwnerOnly.write(
          directory.resolve("comparison.json"), JSON.writeValueAsString(document) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ComparisonPage.write(document, page);
    if (json) {
      console.json(document);
    } else if (!quiet) {
      for (var one : result.cases()) {
        ComparisonWords.lines(one, seeds).forEach(console::line);
        console.line("");
      }
      if (result.cases().size() > 1 || result.seeds() < result.seedsNeeded()) {
        overall(result);
      }
      console.line("Page: " + page);
    }
    boolean any =
        result.cases().stream()
            .anyMatch(one -> one.standings().stream().anyMatch(s -> s.median() != null));
    return any ? ExitCode.DONE : ExitCode.NO_TRIAL_COMPLETED;
  }

  private void overall(ComparisonResult result) {
    if (result.cases().size() > 1) {
      for (var standing : result.standings()) {
        console.line(
            "%s: mean rank %s over %d problems"
                .formatted(
                    standing.sampler(),
                    String.format(Locale.ROOT, "%.2f", standing.meanRank()),
                    result.cases().size()));
      }
      ComparisonWords.verdict(result).forEach(console::line);
    } else {
      console.line(ComparisonWords.verdict(result).getFirst());
    }
  }
}
