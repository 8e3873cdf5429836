package dev.assay.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.engine.Box;
import dev.assay.engine.GpEngine;
import dev.assay.engine.GpSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossoverTest {
  private static final GpEngine CPU = GpEngine.standard();

  /// Fails at once, as a device whose driver is broken.
  private record Broken(AtomicInteger opened) implements GpEngine {
    @Override
    public String id() {
      return "broken";
    }

    @Override
    public GpSession open(Box box) {
      opened.incrementAndGet();
      throw new IllegalStateException("no answer");
    }
  }

  @Test
  void aDeviceThatFailsIsNeverUsedAndNotAskedAgain(@TempDir Path directory) {
    var file = directory.resolve("deep/crossover.properties");
    var broken = new Broken(new AtomicInteger());
    assertThat(new Crossover(file).between(CPU, broken, "a card, a driver"))
        .isEqualTo(Crossover.NEVER);
    assertThat(new Crossover(file).between(CPU, broken, "a card, a driver"))
        .isEqualTo(Crossover.NEVER);
    assertThat(broken.opened()).hasValue(1);
    new Crossover(file).between(CPU, broken, "another card");
    assertThat(broken.opened()).hasValue(2);
  }

  @Test
  void whatIsKeptIsUsedAndRubbishIsMeasuredAnew(@TempDir Path directory) throws Exception {
    var file = directory.resolve("crossover.properties");
    var broken = new Broken(new AtomicInteger());
    Files.writeString(file, "card=96\nrubbish=many\n");
    assertThat(new Crossover(file).between(CPU, broken, "card")).isEqualTo(96);
    assertThat(broken.opened()).hasValue(0);
    assertThat(new Crossover(file).between(CPU, broken, "rubbish")).isEqualTo(Crossover.NEVER);
    Files.writeString(file, "\\u00zz");
    assertThat(new Crossover(file).between(CPU, broken, "card")).isEqualTo(Crossover.NEVER);
  }

  @Test
  void problemsGoWhereTheyAreFaster() {
    var measured = new AtomicInteger();
    var device = new Broken(new AtomicInteger());
    var routed =
        new RoutedGpEngine(
            CPU,
            device,
            () -> {
              measured.incrementAndGet();
              return 100;
            });
    assertThat(measured).hasValue(0);
    assertThat(routed.forSize(99)).isSameAs(CPU);
    assertThat(routed.forSize(100)).isSameAs(device);
    assertThat(measured).hasValue(1);
  }
}
