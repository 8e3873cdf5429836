package dev.assay.run.gpu;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How GPUs are named in CUDA_VISIBLE_DEVICES (CUDA C++ Programming Guide, "CUDA Environment
/// Variables"): by index, by UUID, which may be cut short, or as instances of a partitioned GPU.
///
/// CUDA ignores what it does not understand, and all that follows it. Here that is an error: who
/// wrote it meant other GPUs than a program would see.
public final class GpuNames {
  /// The variable.
  public static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

  /// The variable that says in which order indices count.
  public static final String ORDER = "CUDA_DEVICE_ORDER";

  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  private static final Pattern UUID = Pattern.compile("GPU-[0-9a-fA-F][0-9a-fA-F-]*");

  /// The UUID of an instance, or that of its GPU with two instance numbers.
  private static final Pattern INSTANCE =
      Pattern.compile(
          "MIG-[0-9a-fA-F][0-9a-fA-F-]*|MIG-GPU-[0-9a-fA-F][0-9a-fA-F-]*/\\d{1,9}/\\d{1,9}");

  /// What stands for no GPU at all.
  private static final Set<String> NONE = Set.of("", "-1", "none", "void", "nodevfiles");

  private static final String MEND =
      "Write indices, GPU-... or MIG-..., with commas between them: 0,1; or nothing, for none.";

  private GpuNames() {}

  static boolean isIndex(String name) {
    return INDEX.matcher(name).matches();
  }

  static int index(String name) {
    return Integer.parseInt(name);
  }

  static boolean isInstance(String name) {
    return INSTANCE.matcher(name).matches();
  }

  /// Whether a text can name a GPU.
  public static boolean isName(String text) {
    return isIndex(text) || UUID.matcher(text).matches() || isInstance(text);
  }

  /// The GPUs that a value of the variable names.
  ///
  /// @param value null: the variable is not set
  /// @return null where nothing is said; empty where it says that there are none
  /// @throws Problem for what is not understood, and for a GPU that is named twice
  static @Nullable List<String> visible(@Nullable String value) {
    if (value == null) {
      return null;
    }
    var names = new ArrayList<String>();
    for (var part : unquoted(value).split(",")) { // which leaves out empty ones at the end
      names.add(unquoted(part));
    }
    while (!names.isEmpty() && names.getLast().isEmpty()) {
      names.removeLast();
    }
    if (names.size() <= 1 && NONE.contains(String.join("", names).toLowerCase(Locale.ROOT))) {
      return List.of();
    }
    for (var name : names) {
      if (!isName(name)) {
        throw new Problem(
            "A variable of the environment does not say which GPUs to use.",
            "\"" + name + "\" (" + VARIABLE + "=" + value + ")",
            MEND);
      }
    }
    return List.copyOf(names);
  }

  /// Without blanks and quotes around it, which some files of variables leave there.
  private static String unquoted(String text) {
    var stripped = text.strip();
    boolean quoted =
        stripped.length() >= 2
            && stripped.charAt(0) == stripped.charAt(stripped.length() - 1)
            && (stripped.charAt(0) == '"' || stripped.charAt(0) == '\'');
    return quoted ? stripped.substring(1, stripped.length() - 1).strip() : stripped;
  }

  /// Whether two names are, or may be, those of one GPU: the same, or one the beginning of the
  /// other.
  static boolean same(String one, String other) {
    if (isIndex(one) || isIndex(other)) {
      return isIndex(one) && isIndex(other) && index(one) == index(other);
    }
    var a = one.toLowerCase(Locale.ROOT);
    var b = other.toLowerCase(Locale.ROOT);
    boolean whole = a.contains("/") || b.contains("/"); // instance numbers are never cut short
    return a.equals(b) || !whole && (a.startsWith(b) || b.startsWith(a));
  }
}
