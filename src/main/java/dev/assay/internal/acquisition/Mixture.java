package dev.assay.internal.acquisition;

import java.util.List;

/// Σ wᵢ aᵢ: several models' judgement of one point, weighted by how far each is believed.
public record Mixture(List<Part> parts) implements AcquisitionFunction.BuiltIn {
  public record Part(double weight, AcquisitionFunction function) {}

  public Mixture {
    parts = List.copyOf(parts);
  }

  @Override
  public boolean isOptimistic() {
    return parts.stream().allMatch(part -> part.weight() >= 0 && part.function().isOptimistic());
  }

  @Override
  public double value(double[] mean, double[] sd) {
    double sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum += parts.get(i).weight * parts.get(i).function.value(mean, sd);
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      sum += part.weight * part.function.differentiate(mean, sd, weight * part.weight, dMean, dSd);
    }
    return sum;
  }
}
