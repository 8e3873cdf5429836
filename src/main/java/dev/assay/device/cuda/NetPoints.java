package dev.assay.device.cuda;

import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.Coordinate;

/// Writes a net's points on the device, from what decides them: nothing of their number is sent.
final class NetPoints {
  private final CudaStream stream;
  private final CandidateNet net;
  private final int d;
  private final DeviceArray directions;
  private final DeviceArray scrambles;
  private final DeviceArray options;
  private final DeviceArray at;
  private final DeviceArray positions;
  private final DeviceArray low;
  private final DeviceArray high;

  NetPoints(CudaStream stream, DeviceMemory.Arena arena, CandidateNet net) {
    this.stream = stream;
    this.net = net;
    var coordinates = net.box().coordinates();
    d = coordinates.size();
    var sobol = net.sobol();
    directions = stream.place(sobol.directions(), arena);
    scrambles = stream.place(sobol.scrambles(), arena);
    var counts = new int[d];
    var firsts = new int[d];
    int grids = 0;
    for (int j = 0; j < d; j++) {
      firsts[j] = grids;
      switch (coordinates.get(j)) {
        case Coordinate.Continuous _ -> counts[j] = 0;
        case Coordinate.Category(int number) -> counts[j] = -number;
        case Coordinate.Grid(var places) -> {
          counts[j] = places.length;
          grids += places.length;
        }
      }
    }
    var all = new double[grids];
    for (int j = 0; j < d; j++) {
      if (coordinates.get(j) instanceof Coordinate.Grid(var places)) {
        System.arraycopy(places, 0, all, firsts[j], places.length);
      }
    }
    options = stream.place(counts, arena);
    at = stream.place(firsts, arena);
    positions = stream.place(all, arena);
    low = stream.place(net.low(), arena);
    high = stream.place(net.high(), arena);
  }

  /// Points `first`, `first` + 1, ..., coordinate after coordinate.
  ///
  /// @param out d × m
  /// @param single out: the same in FP32
  void columns(int first, int m, DeviceArray out, DeviceArray single) {
    write(first, DeviceArray.NULL, m, out, single, 1, m);
  }

  /// The points of some indices.
  ///
  /// @param index m integers
  /// @param out m × d
  void rows(DeviceArray index, int m, DeviceArray out) {
    write(0, index, m, out, DeviceArray.NULL, d, 1);
  }

  private void write(
      int first,
      DeviceArray index,
      int m,
      DeviceArray out,
      DeviceArray single,
      int pointStride,
      int coordinateStride) {
    stream.launch(
        "net_points",
        DeviceFactor.blocks(m, 256),
        d,
        1,
        0,
        first,
        index,
        m,
        net.seed(),
        CandidateNet.stream(0),
        net.sobol().dimension(),
        directions,
        scrambles,
        options,
        at,
        positions,
        low,
        high,
        out,
        single,
        pointStride,
        coordinateStride);
  }
}
