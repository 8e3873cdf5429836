package dev.assay.internal.surrogate;

import dev.assay.acquisition.Acquisition;
import dev.assay.internal.acquisition.AcquisitionOfBeliefs;
import dev.assay.internal.acquisition.Mixture;
import java.util.ArrayList;
import java.util.List;

/// What an acquisition wants to know beside the objective.
///
/// @param models of those that say anything
/// @param sources one for each surrogate: which model, and how its standardised outputs are read
record Surrogates(List<FittedModels.Weighted> models, List<AcquisitionOfBeliefs.Source> sources) {
  /// @param fitted objective first, then the surrogates
  /// @param first number of the first surrogate's model
  static Surrogates of(Acquisition acquisition, FittedOutputs fitted, Known known, int first) {
    var models = new ArrayList<FittedModels.Weighted>();
    var sources = new ArrayList<AcquisitionOfBeliefs.Source>();
    var surrogates = acquisition.surrogates();
    for (int j = 0; j < surrogates.size(); j++) {
      var values = known.objectives()[j + 1];
      var fits = fitted.objectives().get(j + 1).models();
      if (fits.isEmpty()) {
        sources.add(new AcquisitionOfBeliefs.Source(surrogates.get(j), -1, 1, values[0]));
        continue;
      }
      var model = fits.getFirst();
      var order = SurrogateModels.order(values);
      int low = order[0];
      int high = order[values.length - 1];
      double unit = (values[high] - values[low]) / (model.outputs()[high] - model.outputs()[low]);
      double offset = values[low] - unit * model.outputs()[low];
      sources.add(
          new AcquisitionOfBeliefs.Source(surrogates.get(j), first + models.size(), unit, offset));
      models.add(model);
    }
    return new Surrogates(models, sources);
  }

  /// The acquisition by each model of the objective, weighted.
  Mixture mixture(
      Acquisition acquisition, List<FittedModels.Weighted> chosen, double[] incumbents) {
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    var parts = new ArrayList<Mixture.Part>();
    for (int k = 0; k < chosen.size(); k++) {
      parts.add(
          new Mixture.Part(
              chosen.get(k).weight() / total,
              new AcquisitionOfBeliefs(acquisition, k, incumbents[k], sources)));
    }
    return new Mixture(parts);
  }
}
