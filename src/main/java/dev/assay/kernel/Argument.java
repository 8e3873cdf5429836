package dev.assay.kernel;

/// An argument of a kernel, in numbers.
///
/// @param kind what it is
/// @param type of its elements
/// @param name as people know it
/// @param count elements; 1 for a scalar
/// @param value a scalar's
/// @param fill what a buffer holds before the kernel runs
public record Argument(
    Kind kind, ElementType type, String name, long count, double value, Fill fill) {
  public enum Kind {
    /// Memory of the device that the host fills and reads.
    BUFFER,
    /// A number.
    SCALAR,
    /// Local memory of a work group (OpenCL only), whose size the host says.
    LOCAL
  }

  public long bytes() {
    return Math.multiplyExact(count, type.bytes());
  }
}
