package dev.assay.cli;

import dev.assay.internal.words.Written;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a program's option becomes in a study file: a parameter around its default, or a comment
/// where nothing can be guessed.
final class OptionGuess {
  /// What says where, how long or how a program runs, rather than how well it does.
  private static final Pattern SETTING =
      Pattern.compile(
          "(?i)(?:^|[-_])(?:seed|epochs?|steps|iterations|devices?|gpus?|cuda|workers|threads|jobs|port|host|rank"
              + "|verbose|verbosity|debug|interval|freq|frequency|resume|checkpoint|path|dir|file|data|dataset|out|output|log|name|id)"
              + "(?:$|[-_])");

  private static final Pattern SHARE =
      Pattern.compile(
          "(?i)dropout|momentum|beta|gamma|alpha|ratio|fraction|rho|smoothing|subsample");

  private OptionGuess() {}

  /// Whether a study can search it.
  static boolean isSearched(ProgramOption option) {
    return parameter(option) != null && !SETTING.matcher(option.name()).find();
  }

  /// A line of `space:`.
  static String line(ProgramOption option) {
    var help = option.help().isBlank() ? "" : "; " + option.help();
    var written = parameter(option);
    var name = Written.of(option.name());
    if (isSearched(option)) {
      return "  " + name + ": " + written + "  # " + basis(option) + help;
    }
    if (written != null) {
      return "  # " + name + ": " + written + "  # how it runs, not how well" + help;
    }
    var why =
        option.kind() == ProgramOption.Kind.SWITCH
            ? "a switch, which takes no value: put --"
                + option.name()
                + " into the command to set it"
            : option.required()
                ? "needed: put --" + option.name() + "=... into the command"
                : "values are not known: " + name + ": {choice: [...]}, or a range";
    return "  # " + option.name() + ": " + why + help;
  }

  private static String basis(ProgramOption option) {
    return !option.choices().isEmpty()
        ? "as the program lists them"
        : option.low() != null && option.high() != null
            ? "as the program allows"
            : option.initial() == null
                ? "guessed without a default: check it"
                : "guessed around the default";
  }

  /// The parameter's map; null where nothing can be guessed.
  private static @Nullable String parameter(ProgramOption option) {
    if (option.choices().size() == 1 || option.kind() == ProgramOption.Kind.SWITCH) {
      return null;
    }
    if (!option.choices().isEmpty()) {
      var initial = option.choices().contains(option.initial()) ? option.initial() : null;
      return "{choice: " + Written.of(option.choices()) + said(initial) + "}";
    }
    return switch (option.kind()) {
      case WHOLE ->
          option.initial() instanceof Long start ? whole(option, start) : bounded(option, "int");
      case REAL ->
          option.initial() instanceof Number start
              ? real(option, start.doubleValue())
              : bounded(option, "float");
      case TEXT, SWITCH -> null;
    };
  }

  private static @Nullable String bounded(ProgramOption option, String kind) {
    var low = option.low();
    var high = option.high();
    return low == null || high == null || low.doubleValue() >= high.doubleValue()
        ? null
        : "{" + kind + ": " + Written.of(List.of(low, high)) + "}";
  }

  private static String whole(ProgramOption option, long start) {
    long size = Math.min(Math.abs(start), Long.MAX_VALUE / 8);
    long low =
        option.low() != null
            ? option.low().longValue()
            : start > 0 ? Math.max(1, size / 4) : -4 * size;
    long high =
        option.high() != null
            ? option.high().longValue()
            : start > 0 ? 4 * size : Math.max(10, size);
    boolean log = low > 0 && high >= 16 * low;
    low = Math.min(low, start);
    high = Math.max(high, Math.max(start, low + 1));
    return "{int: "
        + Written.of(List.of(low, high))
        + (log && low > 0 ? ", log: true" : "")
        + said(start)
        + "}";
  }

  private static String real(ProgramOption option, double start) {
    boolean share = start >= 0 && start <= 1 && SHARE.matcher(option.name()).find();
    double low = start > 0 && !share ? rounded(start / 10) : start < 0 ? rounded(10 * start) : 0;
    double high =
        share || start == 0
            ? start == 1 || start == 0 && !share ? 1 : Math.max(0.9, start)
            : start < 0 ? 0 : rounded(10 * start);
    low = option.low() != null ? option.low().doubleValue() : low;
    high = option.high() != null ? option.high().doubleValue() : high;
    low = Math.min(low, start);
    high = Math.max(high, Math.max(start, low == high ? low + 1 : low));
    boolean log = low > 0 && high >= 10 * low;
    return "{float: "
        + Written.of(List.of(low, high))
        + (log ? ", log: true" : "")
        + said(start)
        + "}";
  }

  /// One that people would write.
  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.2g", value).replace(",", "."));
  }

  private static String said(@Nullable Object initial) {
    return initial == null ? "" : ", default: " + Written.of(initial);
  }
}
