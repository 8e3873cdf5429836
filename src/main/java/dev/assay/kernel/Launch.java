package dev.assay.kernel;

import java.util.List;

/// How a kernel is launched.
///
/// @param grid blocks (work groups) along x, y, z
/// @param block threads (work items) of a block along x, y, z
/// @param sharedBytes dynamic shared memory of a block; 0: none
public record Launch(List<Long> grid, List<Long> block, long sharedBytes) {
  public Launch {
    grid = List.copyOf(grid);
    block = List.copyOf(block);
  }

  /// Threads of a block.
  public long threads() {
    return block.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }
}
