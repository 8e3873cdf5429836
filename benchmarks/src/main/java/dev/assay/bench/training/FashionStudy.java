package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.Metric;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainedModel;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A search of the examples on Fashion-MNIST, and how good what it found is on the test images,
/// which it never saw. The cost is counted in epochs, and given in full trials.
final class FashionStudy {
  private final Path images;

  /// @param images the directory of the four files
  FashionStudy(Path images) {
    this.images = images.toAbsolutePath();
  }

  /// @param name of a study file of the examples
  List<Measurement> measure(String name) throws InterruptedException {
    var run =
        StudyRun.of(
            StudyRun.examples().resolve(name + ".yaml"),
            List.of(
                "objective.data.images=" + images.resolve("train-images-idx3-ubyte.gz"),
                "objective.data.labels=" + images.resolve("train-labels-idx1-ubyte.gz")));
    var best = run.best().getFirst();
    var settings = run.runner().settings(best.configuration());
    var seed = new Streams(run.file().seed()).seed(best.number(), Purpose.OBJECTIVE);
    var engine = StudyRun.backend().trainEngine(Runtime.getRuntime().availableProcessors());
    long start = System.nanoTime();
    var model =
        TrainedModel.train(
            engine, run.runner().data().data(), new TrainRequest(settings, seed), Map.of());
    double refit = (System.nanoTime() - start) * 1e-9;
    var unseen =
        DataSets.images(
            images.resolve("t10k-images-idx3-ubyte.gz"),
            images.resolve("t10k-labels-idx1-ubyte.gz"));
    double accuracy = Metric.ACCURACY.of(unseen.target(), model.predict(engine, unseen));

    var parameters = new LinkedHashMap<String, String>();
    parameters.put("study", "examples/" + name + ".yaml");
    parameters.put("trials", Integer.toString(run.trials().size()));
    parameters.put("pruned", Integer.toString(run.count(TrialState.PRUNED)));
    parameters.put("full trials", words("%.1f", (double) run.epochs() / settings.epochs()));
    parameters.put("seconds", words("%.0f", run.wall()));
    parameters.put("seconds of the refit", words("%.0f", refit));
    parameters.put("validation accuracy", words("%.4f", best.value()));
    parameters.put("best", String.valueOf(best.configuration().values()));
    return List.of(
        new Measurement(
            "training." + name + ".testAccuracy",
            parameters,
            accuracy,
            null,
            "of 10,000 images",
            accuracy,
            accuracy,
            null,
            null));
  }

  private static String words(String format, @Nullable Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
