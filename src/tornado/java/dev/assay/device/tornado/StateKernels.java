package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// How the states of lanes move: within the device, from the host, to the host.
final class StateKernels {
  private StateKernels() {}

  /// states[to ...] := states[from ...], or zeros.
  static void copy(KernelContext context, IntArray control, FloatArray states) {
    int from = control.get(LaneControl.FROM);
    int to = control.get(LaneControl.TO);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      float value = 0f;
      if (from >= 0) {
        value = states.get(from + e);
      }
      states.set(to + e, value);
    }
  }

  /// states[to ...] := what the host sends.
  static void receive(
      KernelContext context, IntArray control, FloatArray incoming, FloatArray states) {
    int to = control.get(LaneControl.TO);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      states.set(to + e, incoming.get(e));
    }
  }

  /// What the host gets := states[from ...].
  static void send(
      KernelContext context, IntArray control, FloatArray states, FloatArray outgoing) {
    int from = control.get(LaneControl.FROM);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      outgoing.set(e, states.get(from + e));
    }
  }
}
