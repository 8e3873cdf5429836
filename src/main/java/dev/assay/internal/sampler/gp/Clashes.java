package dev.assay.internal.sampler.gp;

import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.gp.GpSampler.Judgement;
import dev.assay.internal.sampler.gp.GpSampler.Kernel;
import dev.assay.internal.sampler.gp.GpSampler.Models;
import dev.assay.internal.sampler.gp.GpSampler.Region;
import dev.assay.problem.Problem;
import dev.assay.trial.SearchTask;
import java.util.Locale;

/// Options of [GpSampler] that cannot be obeyed beside others, or for a task.
final class Clashes {
  private Clashes() {}

  /// @throws Problem where one option gainsays another
  static void refuse(
      Models model, Kernel kernel, Judgement acquisition, double noise, Noisy noisy, String cost) {
    if (model == Models.AVERAGE && kernel != Kernel.AUTO && kernel != Kernel.MATERN52) {
      throw refused(
          "kernel " + word(kernel), "the average has kernels of its own", "Use model: single.");
    }
    if (TrialCosts.isAsked(cost) && !GpSampler.weighsProbabilities(acquisition)) {
      throw refused(
          "acquisition " + word(acquisition),
          "it cannot be divided by costs",
          "Use logei, ei or pi, or leave out cost " + cost + ".");
    }
    if (noisy == Noisy.NO && noise > GpSampler.NOTICED) {
      throw refused("noisy no", "noise " + noise + " says otherwise", "Leave out one of them.");
    }
  }

  /// @throws Problem where a setting has no meaning for the task
  static void refuse(GpSampler sampler, SearchTask task) {
    var acquisition = sampler.acquisition();
    if (task.objectives().size() > 1) {
      if (sampler.model() == Models.AVERAGE) {
        throw several("model average", "Each objective has a single model: use model: single.");
      }
      if (acquisition != Judgement.AUTO) {
        throw several("acquisition " + word(acquisition), "Leave it out: the hypervolume decides.");
      }
      if (sampler.trustRegion() == Region.ALWAYS) {
        throw several("trust_region always", "Leave it out.");
      }
    } else if (!task.constraints().isEmpty() && !sampler.weighsProbabilities()) {
      throw refused(
          "acquisition " + word(acquisition),
          "it cannot be weighed with the probability that subject_to is kept",
          "Use logei, ei or pi.");
    }
  }

  private static Problem several(String option, String mend) {
    return refused(option, "there are several objectives", mend);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Problem refused(String option, String reason, String mend) {
    return new Problem(
        "The option cannot be obeyed: " + reason + ".", option + " (sampler gp)", mend);
  }
}
