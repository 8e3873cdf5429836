package dev.assay.cli;

import dev.assay.report.LargeStudy;
import dev.assay.report.ReportData;
import dev.assay.storage.StoredStudy;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A study that somebody looks at again and again while it grows. Of a large one only what may have
/// changed is read each time; what else may have (somebody discarded an old trial, or added to it)
/// is found by reading all of it now and then. Thread-safe.
final class FollowedStudy {
  /// All of it takes at most this share of the time.
  private static final int RARITY = 20;

  private final int small;
  private final LongSupplier clock;
  private final Function<Function<StoredStudy, LargeStudy>, LargeStudy> reading;
  private @Nullable LargeStudy known;

  /// Whether a part only was read since all was.
  private boolean partly;

  private int wholeReads;
  private long wholeNanos;
  private long wholeEnd;

  /// @param reading applies a reader to the study as it is stored now
  FollowedStudy(Function<Function<StoredStudy, LargeStudy>, LargeStudy> reading) {
    this(reading, 5000, System::nanoTime);
  }

  /// @param small studies of fewer trials are read whole
  /// @param clock nanoseconds
  FollowedStudy(
      Function<Function<StoredStudy, LargeStudy>, LargeStudy> reading,
      int small,
      LongSupplier clock) {
    this.reading = reading;
    this.small = small;
    this.clock = clock;
  }

  /// As it stands now. Trials that did not change are the same objects each time.
  synchronized ReportData.Source source() {
    var before = known;
    LargeStudy now;
    if (before != null && before.source().whole().size() >= small && !mayBeReadWhole()) {
      known = null; // should the reading fail
      now = reading.apply(before::since);
      partly = true;
    } else {
      long start = clock.getAsLong();
      now =
          reading.apply(
              before == null ? LargeStudy::of : stored -> LargeStudy.again(before, stored));
      wholeEnd = clock.getAsLong();
      wholeNanos = wholeEnd - start;
      wholeReads++;
      partly = false;
    }
    known = now;
    return now.source();
  }

  private boolean mayBeReadWhole() {
    return clock.getAsLong() - wholeEnd >= RARITY * wholeNanos;
  }

  /// The version of what is seen: another one than before also when all is to be read again.
  ///
  /// @param stored what the storage says
  synchronized long version(long stored) {
    return 31 * stored + (partly && mayBeReadWhole() ? wholeReads + 1 : wholeReads);
  }
}
