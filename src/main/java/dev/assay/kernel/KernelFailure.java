package dev.assay.kernel;

/// A kernel that gives no result: failure as data, not a fault of the program.
public final class KernelFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Invalidity invalidity;

  /// @param message for people: the compiler's words, the launch that the device refused
  public KernelFailure(Invalidity invalidity, String message) {
    super(message);
    this.invalidity = invalidity;
  }

  public Invalidity invalidity() {
    return invalidity;
  }

  /// The message, never null.
  public String detail() {
    return String.valueOf(getMessage());
  }
}
