package dev.assay.run.gpu;

/// One GPU, or a part of one.
///
/// @param id as in CUDA_VISIBLE_DEVICES with CUDA_DEVICE_ORDER=PCI_BUS_ID: an index, `GPU-...` or
///   `MIG-...`
/// @param index the driver's; -1: not known to it
/// @param uuid `GPU-...` in full; empty: not known
/// @param name of the model; empty: not known
/// @param totalBytes of its memory; 0: not known
public record Gpu(String id, int index, String uuid, String name, long totalBytes) {
  /// One that is named by the driver's index.
  public Gpu(int index, String name, long totalBytes) {
    this(Integer.toString(index), index, "", name, totalBytes);
  }

  /// One of which nothing is known but how it is named.
  static Gpu named(String id, long totalBytes) {
    return new Gpu(id, -1, "", "", totalBytes);
  }

  Gpu called(String newId) {
    return new Gpu(newId, index, uuid, name, totalBytes);
  }

  Gpu with(long newTotalBytes) {
    return new Gpu(id, index, uuid, name, newTotalBytes);
  }

  /// Whether it is an instance of a GPU that is partitioned: a program can use one of them.
  boolean isInstance() {
    return GpuNames.isInstance(id);
  }

  /// The id as a JSON value: a number where it is an index.
  Object value() {
    return GpuNames.isIndex(id) ? (Object) GpuNames.index(id) : id;
  }

  /// For people: `GPU 0`, `GPU-8932f937`.
  String words() {
    int index = GpuNames.isIndex(id) ? GpuNames.index(id) : this.index;
    return index >= 0 ? "GPU " + index : id.length() > 16 ? id.substring(0, 16) + "…" : id;
  }
}
