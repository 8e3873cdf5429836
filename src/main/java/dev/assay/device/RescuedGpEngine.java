package dev.assay.device;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import org.slf4j.Logger;

/// A device's engine whose work another one takes over when the device fails: sessions that are
/// open go on there, and new ones are opened there. Where only memory was too small for one session
/// the device serves the next ones again.
final class RescuedGpEngine implements GpEngine {
  private static final Logger LOG = Log.of(RescuedGpEngine.class);

  private final GpEngine device;
  private final GpEngine rescue;
  private volatile boolean lost;

  RescuedGpEngine(GpEngine device, GpEngine rescue) {
    this.device = device;
    this.rescue = rescue;
  }

  @Override
  public String id() {
    return lost ? rescue.id() : device.id();
  }

  @Override
  public GpSession open(Box box) {
    if (!lost) {
      try {
        return new RescuedGpSession(device.open(box), () -> rescue.open(box), this::note);
      } catch (DeviceFailure | DeviceTooSmall e) {
        note(e);
      }
    }
    return rescue.open(box);
  }

  private void note(Problem failure) {
    if (!lost) {
      LOG.warn("The processor takes over. {} {}", failure.what(), failure.value());
    }
    lost |= failure instanceof DeviceFailure;
  }
}
