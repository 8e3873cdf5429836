package dev.assay.device.cuda;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.BatchLogExpectedImprovement;
import dev.assay.internal.acquisition.ConstrainedLogExpectedImprovement;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedHypervolumeImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.acquisition.NoiseDiscount;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import java.util.ArrayList;
import java.util.List;

/// An acquisition function as the kernel reads it: a weighted sum of terms, which every nesting of
/// mixtures and constraints flattens to. `acquisition.cu` has the twin of this layout.
final class AcquisitionProgram {
  /// Numbers of a cell: lower and upper corner in up to three objectives.
  private static final int CELL = 6;

  private final List<int[]> shapes = new ArrayList<>(); // kind, model, first, count
  private final List<double[]> numbers = new ArrayList<>(); // weight, parameter
  private final List<LogExpectedImprovement> fantasies = new ArrayList<>();
  private final List<double[]> cells = new ArrayList<>();

  AcquisitionProgram(AcquisitionFunction function) {
    add(function, 1);
  }

  private void add(AcquisitionFunction function, double weight) {
    switch (function) {
      case LogExpectedImprovement(int model, double incumbent) ->
          term(0, model, 0, 0, weight, incumbent);
      case ExpectedImprovement(int model, double incumbent) ->
          term(1, model, 0, 0, weight, incumbent);
      case ProbabilityOfImprovement(int model, double incumbent, boolean logarithm) ->
          term(logarithm ? 3 : 2, model, 0, 0, weight, incumbent);
      case UpperConfidenceBound(int model, double kappa) -> term(4, model, 0, 0, weight, kappa);
      case NoiseDiscount(int model, double noise) -> term(7, model, 0, 0, weight, noise);
      case BatchLogExpectedImprovement(var members) -> {
        term(5, 0, fantasies.size(), members.size(), weight, 0);
        fantasies.addAll(members);
      }
      case LogExpectedHypervolumeImprovement hypervolume -> addCells(hypervolume, weight);
      case ConstrainedLogExpectedImprovement(var objective, var constraints) -> {
        if (objective != null) {
          add(objective, weight);
        }
        constraints.forEach(constraint -> add(constraint, weight));
      }
      case Mixture(var parts) ->
          parts.forEach(part -> add(part.function(), weight * part.weight()));
      case AcquisitionFunction own ->
          throw new IllegalArgumentException(own + " has no program for devices");
    }
  }

  private void addCells(LogExpectedHypervolumeImprovement hypervolume, double weight) {
    int objectives = hypervolume.cells().getFirst().upper().length;
    term(6, hypervolume.firstModel(), cells.size(), hypervolume.cells().size(), weight, objectives);
    for (var cell : hypervolume.cells()) {
      var corner = new double[CELL];
      System.arraycopy(cell.lower(), 0, corner, 0, objectives);
      System.arraycopy(cell.upper(), 0, corner, CELL / 2, objectives);
      cells.add(corner);
    }
  }

  private void term(int kind, int model, int first, int count, double weight, double parameter) {
    shapes.add(new int[] {kind, model, first, count});
    numbers.add(new double[] {weight, parameter});
  }

  int terms() {
    return shapes.size();
  }

  int[] shape() {
    return shapes.stream().flatMapToInt(java.util.Arrays::stream).toArray();
  }

  double[] number() {
    return numbers.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  int[] fantasyModels() {
    return fantasies.stream().mapToInt(LogExpectedImprovement::model).toArray();
  }

  double[] fantasyIncumbents() {
    return fantasies.stream().mapToDouble(LogExpectedImprovement::incumbent).toArray();
  }

  double[] cells() {
    return cells.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }
}
