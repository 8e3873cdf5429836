package dev.assay.device;

/// One numerical self-check of a back end.
///
/// @param name what was checked
/// @param error the largest relative error against the reference
/// @param tolerance the error allowed
/// @param milliseconds what one run took
public record Check(String name, double error, double tolerance, double milliseconds) {
  public boolean passed() {
    return error <= tolerance;
  }
}
