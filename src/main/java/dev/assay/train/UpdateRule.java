package dev.assay.train;

/// The numbers of one optimiser step, FP32, kept up to date from step to step. Belongs to a lane.
/// Every engine steps by them.
public final class UpdateRule {
  private final Optimizer optimizer;
  private final double peak;
  private final double weightDecay;
  private final Schedule schedule;
  private final int epochs;
  private final boolean adaptive;
  private final boolean nesterov;
  private final float coupledDecay;
  private final double[] decays;
  private final float beta1;
  private final float beta2;
  private final float rest1;
  private final float rest2;

  /// η of the current epoch.
  private double learningRate;

  private double power1 = 1;
  private double power2 = 1;
  private float shrinkage;
  private float rate;
  private float epsilon;

  /// Before the first step of the first epoch.
  public UpdateRule(TrainerSettings settings) {
    optimizer = settings.optimizer();
    peak = settings.learningRate();
    schedule = settings.schedule();
    epochs = settings.epochs();
    adaptive = !(optimizer instanceof Optimizer.Sgd);
    nesterov = optimizer instanceof Optimizer.Sgd sgd && sgd.nesterov();
    weightDecay = settings.weightDecay();
    coupledDecay = optimizer instanceof Optimizer.AdamW ? 0 : (float) weightDecay;
    decays = betas(optimizer);
    beta1 = (float) decays[0];
    beta2 = (float) decays[1];
    rest1 = (float) (1 - decays[0]);
    rest2 = (float) (1 - decays[1]);
    epoch(1);
  }

  private static double[] betas(Optimizer optimizer) {
    return switch (optimizer) {
      case Optimizer.Sgd(double momentum, boolean _) -> new double[] {momentum, 0};
      case Optimizer.Adam(double beta1, double beta2) -> new double[] {beta1, beta2};
      case Optimizer.AdamW(double beta1, double beta2) -> new double[] {beta1, beta2};
    };
  }

  /// How many arrays of moments the optimiser keeps.
  public int moments() {
    return adaptive ? 2 : 1;
  }

  /// Takes the learning rate of an epoch.
  public void epoch(int epoch) {
    learningRate = peak * schedule.factor(epoch, epochs);
    shrinkage = optimizer instanceof Optimizer.AdamW ? (float) (learningRate * weightDecay) : 0;
    rate = (float) learningRate;
  }

  /// Goes on to the next step; before the first one too.
  public void next() {
    switch (optimizer) {
      case Optimizer.Sgd _ -> {}
      case Optimizer.Adam(double b1, double b2) -> correct(b1, b2);
      case Optimizer.AdamW(double b1, double b2) -> correct(b1, b2);
    }
  }

  /// Goes on as many steps, whose numbers somebody else makes of [#learningRate], [#decays] and the
  /// powers before them: the first step's powers are the products of these and the decays, and so
  /// on.
  public void skip(int steps) {
    for (int step = 0; step < steps && adaptive; step++) {
      power1 *= decays[0];
      power2 *= decays[1];
    }
  }

  /// η of the current epoch.
  public double learningRate() {
    return learningRate;
  }

  /// β₁ and β₂; μ and 0.
  public double[] decays() {
    return decays.clone();
  }

  /// The product of β₁ over all steps so far.
  public double power1() {
    return power1;
  }

  /// The product of β₂ over all steps so far.
  public double power2() {
    return power2;
  }

  /// Goes on after steps that were made elsewhere.
  ///
  /// @param power1 the product of their β₁
  /// @param power2 the product of their β₂
  public void resume(double power1, double power2) {
    this.power1 = power1;
    this.power2 = power2;
  }

  private void correct(double b1, double b2) {
    power1 *= b1;
    power2 *= b2;
    double root = Math.sqrt(1 - power2);
    rate = (float) (learningRate * root / (1 - power1));
    epsilon = (float) (Optimizer.EPSILON * root);
  }

  /// Whether the step is Adam's or AdamW's.
  public boolean adaptive() {
    return adaptive;
  }

  public boolean nesterov() {
    return nesterov;
  }

  /// What is added to the gradient: λ w.
  public float coupledDecay() {
    return coupledDecay;
  }

  /// What is taken from the weight first: η λ w.
  public float shrinkage() {
    return shrinkage;
  }

  /// μ, or β1.
  public float beta1() {
    return beta1;
  }

  public float beta2() {
    return beta2;
  }

  /// 1 - β1.
  public float rest1() {
    return rest1;
  }

  /// 1 - β2.
  public float rest2() {
    return rest2;
  }

  /// η; Adam: η √(1 - β2^t) / (1 - β1^t).
  public float rate() {
    return rate;
  }

  /// ε √(1 - β2^t): with it and the rate above, m and v need no correction of their own (Kingma and
  /// Ba 2015, end of section 2).
  public float epsilon() {
    return epsilon;
  }
}
