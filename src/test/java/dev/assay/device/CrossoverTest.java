package dev.assay.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /// Calculates as the processor does; each session takes some milliseconds, the first ones more.
  private record Slow(AtomicLong clock, AtomicInteger opened, int first, long then, int slowOpens)
      implements GpEngine {
    @Override
    public String id() {
      return "slow";
    }

    @Override
    public GpSession open(Box box) {
      clock.addAndGet(1_000_000 * (opened.incrementAndGet() <= slowOpens ? first : then));
      return CPU.open(box);
    }
  }

  private static DeviceCache cache(Path file, Instant now) {
    return new DeviceCache(file, InstantSource.fixed(now));
  }

  @Test
  void aDeviceThatFailsIsLeftOutAndAskedAgainTheNextTime(@TempDir Path directory) {
    var file = directory.resolve("deep/crossover.properties");
    var broken = new Broken(new AtomicInteger());
    for (int run = 1; run <= 2; run++) {
      assertThat(new Crossover(file).between(CPU, broken, "a card, a driver"))
          .isEqualTo(Crossover.NEVER);
      assertThat(broken.opened()).hasValue(run);
    }
    assertThat(file).doesNotExist();
  }

  /// Opening, loading and compiling take longer than any measurement would wait.
  @ParameterizedTest
  @CsvSource({"15000, 1", "3000, 2", "60000, 3"})
  void whatFirstUseTakesIsNotCounted(int millis, int opens) {
    var clock = new AtomicLong();
    var processor = new Slow(clock, new AtomicInteger(), 0, 20, 0);
    var device = new Slow(clock, new AtomicInteger(), millis, 10, opens);
    var crossover = new Crossover(new DeviceCache(null, InstantSource.system()), clock::get);
    assertThat(crossover.between(processor, device, "a card")).isEqualTo(32);
  }

  /// A device that takes seconds for the least is not asked for more.
  @Test
  void patienceEndsWithARunThatTakesLong() {
    var clock = new AtomicLong();
    var processor = new Slow(clock, new AtomicInteger(), 0, 20, 0);
    var device = new Slow(clock, new AtomicInteger(), 0, 1500, 0);
    var crossover = new Crossover(new DeviceCache(null, InstantSource.system()), clock::get);
    assertThat(crossover.between(processor, device, "a card")).isEqualTo(Crossover.NEVER);
    assertThat(device.opened()).hasValue(4);
  }

  @Test
  void findingsAgeThoseOfNeverFirst(@TempDir Path directory) throws Exception {
    var file = directory.resolve("crossover.properties");
    var now = Instant.parse("2026-05-01T12:00:00Z");
    cache(file, now).put("good", "96");
    cache(file, now).put("bad", Integer.toString(Crossover.NEVER));
    var device = new Broken(new AtomicInteger());
    var later = new Crossover(cache(file, now.plus(Duration.ofHours(20))));
    assertThat(later.between(CPU, device, "good")).isEqualTo(96);
    assertThat(later.between(CPU, device, "bad")).isEqualTo(Crossover.NEVER);
    assertThat(device.opened()).hasValue(0);
    var nextWeek = new Crossover(cache(file, now.plus(Duration.ofDays(7))));
    assertThat(nextWeek.between(CPU, device, "good")).isEqualTo(96);
    nextWeek.between(CPU, device, "bad");
    assertThat(device.opened()).hasValue(1);
    new Crossover(cache(file, now.plus(Duration.ofDays(90)))).between(CPU, device, "good");
    assertThat(device.opened()).hasValue(2);
    new Crossover(cache(file, now.minus(Duration.ofDays(1)))).between(CPU, device, "good");
    assertThat(device.opened()).hasValue(3);
  }

  @Test
  void whatIsKeptOfAnotherIdentityOrIsRubbishIsMeasuredAnew(@TempDir Path directory)
      throws Exception {
    var file = directory.resolve("crossover.properties");
    var now = Instant.parse("2026-05-01T12:00:00Z");
    var rubbish =
        List.of(
            "card=96",
            "card=many 2026-05-01T11\\:00\\:00Z",
            "card=96 yesterday",
            "card=",
            "\\u00zz");
    for (int i = 0; i < rubbish.size(); i++) {
      Files.writeString(file, rubbish.get(i) + "\n");
      var device = new Broken(new AtomicInteger());
      new Crossover(cache(file, now)).between(CPU, device, "card");
      assertThat(device.opened()).as(rubbish.get(i)).hasValue(1);
    }
    cache(file, now).put("card, driver 1", "96");
    var device = new Broken(new AtomicInteger());
    new Crossover(cache(file, now)).between(CPU, device, "card, driver 2");
    assertThat(device.opened()).hasValue(1);
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
