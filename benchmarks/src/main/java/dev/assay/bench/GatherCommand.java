package dev.assay.bench;

import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `assay bench gather`: everything that `gpu.sh` left in a directory as one results file, with
/// what other tools measured on the same device beside Assay's figures.
@Command(name = "gather", description = "Make one results file of what gpu.sh left.")
final class GatherCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "where gpu.sh wrote")
  private Path directory = Path.of("");

  @Option(names = "--quick", description = "it measured small sizes only")
  private boolean quick;

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() {
    if (!Files.exists(directory.resolve(KitOutput.STEPS))) {
      throw new Problem(
          "There is nothing to gather.",
          directory.resolve(KitOutput.STEPS) + " is not there",
          "Run benchmarks/peers/gpu.sh DIR first.");
    }
    var output = KitOutput.read(directory);
    var provenance = ResultsFile.provenance(quick, output.device());
    provenance.put("command", "benchmarks/peers/gpu.sh " + (quick ? "--quick " : "") + "DIR");
    if (output.device() == null) {
      provenance.put(ResultsFile.GPU, false);
    }
    var measurements = output.measurements();
    var file = ResultsFile.write(destination.directory(), "gpu", measurements, provenance);
    var results = new ResultsFile(ResultsFile.FORMAT, provenance, measurements);
    ResultsTable.write(results, file);
    System.out.print(ResultsTable.markdown(results));
    System.err.println("Wrote " + file + ", with .md and .html beside it.");
    return 0;
  }
}
