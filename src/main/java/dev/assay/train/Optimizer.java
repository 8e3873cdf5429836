package dev.assay.train;

import dev.assay.internal.problem.Require;

/// How a gradient g (of the mini-batch's mean loss) moves the weights w. η: learning rate, λ:
/// weight decay (never applied to biases), t: the number of the step, from 1.
public sealed interface Optimizer {
  /// g ← g + λ w; v ← μ v + g; w ← w - η v, or with Nesterov w ← w - η (g + μ v). (Sutskever et al.
  /// 2013, in the form where v does not hold the learning rate.)
  ///
  /// @param momentum μ in [0, 1)
  record Sgd(double momentum, boolean nesterov) implements Optimizer {
    public Sgd {
      Require.inRange("optimizer", "momentum", momentum, 0, Math.nextDown(1.0));
    }
  }

  /// Kingma and Ba 2015, Algorithm 1: g ← g + λ w; m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²; w
  /// ← w - η m̂ / (√v̂ + ε) with m̂ = m / (1 - β1^t), v̂ = v / (1 - β2^t).
  record Adam(double beta1, double beta2) implements Optimizer {
    public Adam {
      Require.inRange("optimizer", "beta1", beta1, 0, Math.nextDown(1.0));
      Require.inRange("optimizer", "beta2", beta2, 0, Math.nextDown(1.0));
    }
  }

  /// Loshchilov and Hutter 2019: as Adam, but the decay passes the moments by: w ← w - η λ w first,
  /// and g stays as it is.
  record AdamW(double beta1, double beta2) implements Optimizer {
    public AdamW {
      Require.inRange("optimizer", "beta1", beta1, 0, Math.nextDown(1.0));
      Require.inRange("optimizer", "beta2", beta2, 0, Math.nextDown(1.0));
    }
  }

  /// ε of Adam and AdamW.
  double EPSILON = 1e-8;
}
