package embed;

import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.space.Range;
import dev.assay.space.Scale;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.time.Duration;

/// Assay inside another program, by its three faces: a typed study, ask and tell, and
/// define-by-run.
public final class Embed {
  // README begin
  sealed interface Optimizer {
    record Sgd(boolean nesterov) implements Optimizer {}

    record Adam(@Range(low = 0.9, high = 0.9999) double beta2) implements Optimizer {}
  }

  record Mlp(@Range(low = 1e-4, high = 1, log = true) double learningRate, Optimizer optimizer) {}

  static Mlp search() {
    try (var study =
        Study.of(Mlp.class)
            .named("mlp")
            .maximize("accuracy")
            .start(new Mlp(0.01, new Optimizer.Sgd(true)))
            .sampler(Samplers.gp())
            .pruner(Pruners.asha(1, 27, 3))
            .batch(4) // the same trials on any number of workers
            .seed(42)
            .open()) {
      Result<Mlp> result =
          study.run(Embed::train, Budget.trials(40).within(Duration.ofHours(8)), Workers.of(4));

      Trial<Mlp> asked = study.ask(); // ask and tell
      study.tell(asked, Outcome.complete(fit(asked.configuration(), 27)));
      return result.best().configuration();
    }
  }

  /// May throw: the trial has failed then, and the study goes on.
  static Outcome train(Mlp mlp, Trial<Mlp> trial) {
    for (int epoch = 1; ; epoch++) {
      double accuracy = fit(mlp, epoch);
      if (epoch == 27) {
        return Outcome.complete(accuracy);
      }
      if (trial.report(epoch, accuracy).prune()) {
        return Outcome.pruned();
      }
    }
  }

  // README end

  /// Stands for training: best near a rate of 0.03 with Adam.
  private static double fit(Mlp mlp, int epoch) {
    double miss = Math.log10(mlp.learningRate()) + 1.5;
    double choice =
        switch (mlp.optimizer()) {
          case Optimizer.Sgd(boolean nesterov) -> nesterov ? 0.05 : 0.1;
          case Optimizer.Adam(double beta2) -> Math.abs(beta2 - 0.99);
        };
    return 1 - miss * miss / 10 - choice - 0.5 / (epoch + 1);
  }

  private static double deep(FreeConfiguration x) {
    int layers = x.suggestInt("layers", 1, 4);
    double loss = Math.abs(layers - 2);
    for (int i = 0; i < layers; i++) {
      loss += Math.abs(Math.log(x.suggestInt("width" + i, 8, 256, Scale.LOG) / 64.0)) / layers;
    }
    return loss;
  }

  public static void main(String[] args) {
    System.out.println("Typed: " + search());
    try (var free = Study.defineByRun().minimize("loss").seed(42).open()) {
      var result = free.run((x, trial) -> Outcome.complete(deep(x)), Budget.trials(50));
      System.out.println("Define-by-run: " + result.best().configuration());
    }
  }

  private Embed() {}
}
