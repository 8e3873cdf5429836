package research;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.ParameterBelief;
import dev.assay.gp.ParameterRole;
import java.util.List;

/// a exp(-2 Σⱼ sin²(π(xⱼ - x'ⱼ)/p)/ℓ²): values that come back after a period (MacKay 1998).
/// Parameters, as logarithms: a, ℓ, p. Derivatives are left to central differences.
public record Periodic() implements CovarianceFunction {
  @Override
  public List<ParameterRole> roles(int d) {
    return List.of(ParameterRole.SCALE, ParameterRole.OTHER, ParameterRole.OTHER);
  }

  /// A smoothness of about 1; a period of about a third of the range.
  @Override
  public ParameterBelief belief(int parameter, int d) {
    return switch (parameter) {
      case 1 -> ParameterBelief.about(1, 1);
      case 2 -> ParameterBelief.about(0.3, 0.5);
      default -> null; // its role says all
    };
  }

  @Override
  public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
    double period = Math.exp(theta[at + 2]);
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      double sine =
          Math.sin(Math.PI * CovarianceFunction.difference(x, y, categorical, j) / period);
      sum += sine * sine;
    }
    return Math.exp(theta[at] - 2 * sum * Math.exp(-2 * theta[at + 1]));
  }
}
