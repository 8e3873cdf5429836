package dev.assay.device.cuda;

import dev.assay.internal.words.Log;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Threads of a block of the kernels that take any number, as measuring chose them for a card: the
/// studies of `kernels/tune`, whose best configurations `kernels/tune/run.sh` writes beside the
/// PTX. A card that nobody measured has [#USUAL] threads everywhere.
final class TunedBlocks {
  /// What kernels are bounded to (`__launch_bounds__`), and have where nothing is known.
  static final int USUAL = 256;

  private static final int WARP = 32;

  /// Those that give a block a lane, a row or a point, however many threads it has. All others work
  /// on tiles that are made for 256 threads, or have a thread for each element.
  static final List<String> KERNELS =
      List.of("train_epoch_f32", "evaluate_f32", "likelihood_rows_f64", "posterior_gradient_f64");

  /// Names another file.
  static final String PROPERTY = "assay.cuda.tuned";

  /// The name of the parameter in the studies.
  private static final String THREADS = "threads";

  private final Map<String, Integer> threads;

  private TunedBlocks(Map<String, Integer> threads) {
    this.threads = threads;
  }

  /// What was chosen for a card. Where that cannot be read, it is said in the log, and nothing is
  /// chosen.
  ///
  /// @param device the card's name
  static TunedBlocks of(String device) {
    try {
      return read(device, text());
    } catch (Problem problem) {
      Log.of(TunedBlocks.class)
          .warn(
              "{} {} {} Until then kernels are launched as on any card.",
              problem.what(),
              problem.value(),
              problem.mend());
      return new TunedBlocks(Map.of());
    }
  }

  private static String place() {
    return System.getProperty(PROPERTY) instanceof String file ? file : "tuned.json of the PTX";
  }

  private static String text() {
    if (System.getProperty(PROPERTY) instanceof String file) {
      try {
        return Files.readString(Path.of(file));
      } catch (IOException e) {
        throw damaged(e.toString(), e);
      }
    }
    return KernelImages.tuned();
  }

  /// @param text a list of documents that `assay kernel export --format wisdom` writes, of studies
  ///   by the names of kernels
  /// @throws Problem where it is something else
  static TunedBlocks read(String device, String text) {
    JsonNode documents;
    try {
      documents = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw damaged(Spoken.ofParser(e.getOriginalMessage()), e);
    }
    if (!documents.isArray()) {
      throw damaged("it is no list", null);
    }
    var threads = new TreeMap<String, Integer>();
    for (var document : documents) {
      var kernel = document.path("study").asString("");
      if (!KERNELS.contains(kernel)) {
        throw damaged("\"" + kernel + "\" is none of " + KERNELS, null);
      }
      for (var best : document.path("best")) {
        int value = best.path("parameters").path(THREADS).asInt(0);
        if (value < WARP || value > USUAL || value % WARP != 0) {
          throw damaged(
              kernel + " with " + best.path("parameters") + ": threads are 32 to 256, whole warps",
              null);
        }
        if (best.path("device").asString("").equals(device)) {
          threads.put(kernel, value);
        }
      }
    }
    return new TunedBlocks(threads);
  }

  private static Problem damaged(String value, @Nullable Exception cause) {
    return new Problem(
        "What was tuned for cards cannot be read.",
        place() + ": " + value + ".",
        "Write it anew: kernels/tune/run.sh.",
        cause);
  }

  /// Threads of a block.
  ///
  /// @param kernel with its precision
  int threads(String kernel) {
    return threads.getOrDefault(kernel, USUAL);
  }

  /// Those that are not [#USUAL], by kernel; empty where nothing was tuned for the card.
  Map<String, Integer> chosen() {
    return threads;
  }
}
