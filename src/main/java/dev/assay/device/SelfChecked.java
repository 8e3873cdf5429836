package dev.assay.device;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/// Which back ends are known to calculate rightly: each is checked once for a device, driver and
/// build, and only that it passed is kept.
final class SelfChecked {
  private static final Logger LOG = Log.of(SelfChecked.class);
  private static final Duration KEPT = Duration.ofDays(365);
  private static final String PASSED = "passed";

  private final DeviceCache cache;

  SelfChecked(DeviceCache cache) {
    this.cache = cache;
  }

  /// Whether it calculates rightly; the log says what it does not.
  boolean passes(Backend backend) {
    try {
      var key = backend.id() + ": " + backend.identity() + ", " + DeviceCache.build();
      if (PASSED.equals(cache.get(key, KEPT))) {
        return true;
      }
      LOG.info("Back end {} is checked before it is used: {}", backend.id(), backend.identity());
      var wrong =
          backend.selfCheck().stream()
              .filter(check -> !check.passed())
              .map(check ->
                  String.format(
                      Locale.ROOT,
                      "%s is off by %.1e, more than %.1e",
                      check.name(),
                      check.error(),
                      check.tolerance()))
              .collect(Collectors.joining("; "));
      if (wrong.isEmpty()) {
        cache.put(key, PASSED);
        return true;
      }
      LOG.warn("Back end {} calculates wrongly, and is passed over: {}", backend.id(), wrong);
    } catch (RuntimeException e) {
      LOG.warn(
          "Back end {} failed its self-check, and is passed over: {}",
          backend.id(),
          e instanceof Problem ? e.getMessage() : e.toString());
    }
    return false;
  }
}
