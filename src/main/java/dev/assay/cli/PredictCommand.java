package dev.assay.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.train.Metric;
import dev.assay.train.ModelFiles;
import dev.assay.train.NewRows;
import dev.assay.train.Task;
import dev.assay.train.TrainedModel;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Applies a saved model to new rows.
@Command(name = "predict", description = "Apply a saved model to new rows.")
final class PredictCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", description = "the directory that refit wrote")
  private Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "DATA", description = "a CSV file, or IDX images")
  private Path data = Path.of("");

  @Option(names = "--labels", paramLabel = "FILE", description = "IDX labels, to compare with")
  private @Nullable Path labels;

  @Option(names = "--out", paramLabel = "FILE", description = "a CSV file; else standard output")
  private @Nullable Path out;

  @Option(names = "--json", description = "print the scores as one JSON document; needs labels")
  private boolean json;

  PredictCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var trained = ModelFiles.read(model);
    boolean images = trained.columns().getFirst() instanceof dev.assay.train.Column.Image;
    if (labels != null && !images) {
      throw new Problem(
          "Labels of a CSV file stand in the file itself.",
          "--labels " + labels,
          "Leave it out; the column " + trained.label() + " is compared with, where it is there.");
    }
    var rows = images ? NewRows.images(data, labels, trained) : NewRows.csv(data, trained);
    int cores = Runtime.getRuntime().availableProcessors();
    var engine = new BackendSelector().choose("cpu").trainEngine(cores);
    var predictions = trained.predict(engine, rows.data());
    if (rows.unseen() > 0) {
      console.note(rows.unseen() + " cells hold a text that the model never saw.");
    }
    if (json && !rows.labelled()) {
      throw new Problem(
          "There are no labels to compare with.",
          data.toString(),
          "Add the column " + trained.label() + ", or leave out --json.");
    }
    if (out != null || !json) {
      write(trained, rows, predictions);
    }
    if (rows.labelled()) {
      score(trained, rows, predictions);
    }
    return ExitCode.DONE;
  }

  private void score(TrainedModel trained, NewRows rows, float[] predictions) {
    var scores = new LinkedHashMap<String, @Nullable Object>();
    for (var metric : Metric.of(trained.task())) {
      double score = metric.of(rows.data().target(), predictions);
      scores.put(metric.key(), Double.isFinite(score) ? score : null);
    }
    if (json) {
      scores.put("rows", rows.data().rows());
      console.json(scores);
    } else {
      scores.forEach((name, value) -> console.note(name + " " + value));
    }
  }

  private void write(TrainedModel trained, NewRows rows, float[] predictions) {
    var text = new StringWriter();
    try (var writer = out == null ? text : Files.newBufferedWriter(out)) {
      write(trained, rows.data().rows(), predictions, writer);
    } catch (IOException e) {
      throw new Problem(
          "The predictions cannot be written.", out + ": " + e, "Name another file.", e);
    }
    console.text(text.toString());
  }

  private static void write(TrainedModel trained, int rows, float[] predictions, Writer writer)
      throws IOException {
    var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(writer);
    var classes = trained.classes();
    var cells = new ArrayList<String>(List.of(trained.label()));
    classes.forEach(name -> cells.add("p(" + name + ")"));
    csv.writeRecord(cells);
    int c = trained.shape().outputs();
    for (int i = 0; i < rows; i++) {
      cells.clear();
      if (trained.task() == Task.REGRESSION) {
        cells.add(Float.toString(predictions[i]));
      } else {
        int best = 0;
        for (int j = 0; j < c; j++) {
          best = predictions[i * c + j] > predictions[i * c + best] ? j : best;
        }
        cells.add(classes.get(best));
        for (int j = 0; j < c; j++) {
          cells.add(String.format(Locale.ROOT, "%.6g", predictions[i * c + j]));
        }
      }
      csv.writeRecord(cells);
    }
    csv.flush(); // It has a buffer of its own; closing `writer` does not empty it.
  }
}
