package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.util.List;

/// A way to devices: a service.
public interface KernelBackend {
  /// `opencl`, `cuda`.
  String id();

  /// The devices' names, in the order of their numbers.
  ///
  /// @throws Problem when there are none, with the reason and what to do
  List<String> devices();

  /// @param index of [#devices]
  KernelDevice open(int index);
}
