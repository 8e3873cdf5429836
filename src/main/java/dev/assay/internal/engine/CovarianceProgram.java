package dev.assay.internal.engine;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.problem.Require;
import java.util.ArrayList;
import java.util.List;

/// A covariance function as device kernels read it: a sum of products of leaves (radial and
/// additive functions), into which every tree of sums and products multiplies out. `covariance.cuh`
/// and `CovarianceKernels` have the twins of this layout.
public final class CovarianceProgram {
  public static final int MAX_LEAVES = 8;
  public static final int MAX_TERMS = 16;

  private record Leaf(int kind, int at) {}

  private final int d;
  private final List<Leaf> leaves = new ArrayList<>();
  private final int parameters;
  private final List<Integer> terms; // bit sets of leaves

  /// @throws IllegalArgumentException for a function of more leaves or terms than kernels hold
  public CovarianceProgram(CovarianceFunction function, int d) {
    Require.atLeast("covariance", "dimension", d, 0);
    this.d = d;
    terms = expand(function, 0);
    parameters = function.roles(d).size();
    if (leaves.size() > MAX_LEAVES || terms.size() > MAX_TERMS) {
      throw new IllegalArgumentException(
          "a covariance function of "
              + leaves.size()
              + " parts and "
              + terms.size()
              + " products; the device takes "
              + MAX_LEAVES
              + " and "
              + MAX_TERMS);
    }
  }

  /// Hyperparameters in all: those of the covariance function, noise, mean.
  public int size() {
    return parameters + 2;
  }

  /// Leaves: radial and additive functions.
  public int leaves() {
    return leaves.size();
  }

  private List<Integer> expand(CovarianceFunction function, int at) {
    return switch (function) {
      case RadialCovariance radial -> leaf(kind(radial), at);
      case CovarianceFunction.Additive(int order) -> leaf(3 + order, at);
      case CovarianceFunction.Sum(var parts) -> {
        var sum = new ArrayList<Integer>();
        int from = at;
        for (var part : parts) {
          sum.addAll(expand(part, from));
          from += part.roles(d).size();
        }
        yield sum;
      }
      case CovarianceFunction.Product(var parts) -> {
        List<Integer> product = List.of(0);
        int from = at;
        for (var part : parts) {
          product = multiply(product, expand(part, from));
          from += part.roles(d).size();
        }
        yield product;
      }
      case CovarianceFunction own ->
          throw new IllegalArgumentException(own + " has no program for devices");
    };
  }

  private static List<Integer> multiply(List<Integer> left, List<Integer> right) {
    var product = new ArrayList<Integer>();
    for (int l : left) {
      for (int r : right) {
        product.add(l | r);
      }
    }
    return product;
  }

  private List<Integer> leaf(int kind, int at) {
    leaves.add(new Leaf(kind, at));
    return List.of(1 << (leaves.size() - 1));
  }

  private static int kind(RadialCovariance radial) {
    return switch (radial) {
      case RadialCovariance.Matern52 _ -> 0;
      case RadialCovariance.Matern32 _ -> 1;
      case RadialCovariance.Rbf _ -> 2;
      case RadialCovariance.RationalQuadratic _ -> 3;
    };
  }

  /// The numbers as they enter the formulas, at the indices of θ: scales, shapes and the noise
  /// variance themselves, inverse length scales, additive scales for each of their terms, the mean.
  public double[] natural(double[] theta, int from) {
    var natural = new double[size()];
    for (int i = 0; i < parameters + 1; i++) {
      natural[i] = Math.exp(theta[from + i]);
    }
    natural[parameters + 1] = theta[from + parameters + 1];
    for (var leaf : leaves) {
      int order = leaf.kind() - 3; // 1 and 2: additive
      int lengths = leaf.at() + (order == 2 ? 2 : 1);
      for (int j = lengths; j < lengths + d; j++) {
        natural[j] = Math.exp(-theta[from + j]);
      }
      if (order > 0) {
        natural[leaf.at()] /= d;
      }
      if (order == 2) {
        natural[leaf.at() + 1] = d < 2 ? 0 : natural[leaf.at() + 1] / (d * (d - 1) / 2.0);
      }
    }
    return natural;
  }

  /// The largest Euclidean norm of a leaf's inverse length scales: how steeply the covariance may
  /// depend on a coordinate's rounding.
  public double steepest(double[] theta) {
    double largest = 0;
    for (var leaf : leaves) {
      int lengths = leaf.at() + (leaf.kind() == 5 ? 2 : 1);
      double square = 0;
      for (int j = lengths; j < lengths + d; j++) {
        square += Math.exp(-2 * theta[j]);
      }
      largest = Math.max(largest, square);
    }
    return Math.sqrt(largest);
  }

  /// Leaves, terms, the kind of each leaf (0 Matérn-5/2, 1 Matérn-3/2, 2 squared exponential, 3
  /// rational quadratic, 4 and 5 additive of order 1 and 2), the index of each leaf's first
  /// hyperparameter, each term's bit set of leaves.
  public int[] words() {
    var words = new int[2 + 2 * MAX_LEAVES + MAX_TERMS];
    words[0] = leaves.size();
    words[1] = terms.size();
    for (int l = 0; l < leaves.size(); l++) {
      words[2 + l] = leaves.get(l).kind();
      words[2 + MAX_LEAVES + l] = leaves.get(l).at();
    }
    for (int t = 0; t < terms.size(); t++) {
      words[2 + 2 * MAX_LEAVES + t] = terms.get(t);
    }
    return words;
  }
}
