package dev.assay.run.gpu;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Finds the GPUs that trials may lease, by their names.
///
/// Indices are the driver's, in the order of the PCI bus. CUDA counts so only where
/// CUDA_DEVICE_ORDER says so; elsewhere it counts fastest first, which is the same where all are of
/// one model.
final class GpuChoice {
  private static final Logger LOG = Log.of(GpuChoice.class);

  private static final String PCI = "PCI_BUS_ID";

  private final @Nullable List<Gpu> driver;
  private final Map<String, String> environment;

  /// What CUDA_VISIBLE_DEVICES leaves to this process, in its order; null: nothing is said, and no
  /// driver answers.
  private final @Nullable List<Gpu> ours;

  /// @param driver all that the driver names, by ascending index; null: there is no driver
  /// @throws Problem where CUDA_VISIBLE_DEVICES does not say which GPUs there are
  GpuChoice(@Nullable List<Gpu> driver, Map<String, String> environment) {
    this.driver = driver;
    this.environment = environment;
    var visible = GpuNames.visible(environment.get(GpuNames.VARIABLE));
    if (visible == null) {
      ours = driver;
    } else {
      checkOrder(visible);
      ours = found(visible, said());
    }
  }

  private String said() {
    return GpuNames.VARIABLE + "=" + environment.get(GpuNames.VARIABLE);
  }

  /// The value of CUDA_DEVICE_ORDER under which the names mean what they mean here: where no driver
  /// says more, whatever order this process was given.
  String order() {
    var said = environment.getOrDefault(GpuNames.ORDER, "").strip();
    return driver != null || said.isEmpty() ? PCI : said;
  }

  private void checkOrder(List<String> names) {
    boolean alike = driver == null || driver.stream().map(Gpu::name).distinct().count() <= 1;
    var order = environment.getOrDefault(GpuNames.ORDER, "").strip();
    if (alike || order.equals(PCI) || names.stream().noneMatch(GpuNames::isIndex)) {
      return;
    }
    if (order.isEmpty()) {
      LOG.warn(
          "{}: the GPUs are of several models, and are counted in the order of the PCI bus, as"
              + " nvidia-smi does.",
          said());
      return;
    }
    throw new Problem(
        "GPUs of several models are counted in an order that only CUDA knows.",
        GpuNames.ORDER + "=" + order + ", " + said(),
        "Set " + GpuNames.ORDER + "=" + PCI + ", or name the GPUs by their UUIDs (nvidia-smi -L).");
  }

  /// @throws Problem where there are not those that are asked for
  List<Gpu> of(GpuResources.Request request) {
    return switch (request) {
      case GpuResources.Request.All() -> all();
      case GpuResources.Request.First(var count) -> first(count);
      case GpuResources.Request.Named(var names) -> named(names);
    };
  }

  private List<Gpu> all() {
    if (ours == null) {
      throw new Problem(
          "Nothing says which GPUs there are: no NVIDIA driver answers.",
          "gpus",
          "Say how many there are: resources: {gpus: 1}. Or let trials do without: gpus: 0.");
    }
    if (ours.isEmpty()) {
      throw new Problem(
          "There is no GPU for this process.",
          "gpus, " + words(ours),
          "Let this process have some, or let trials do without: gpus: 0.");
    }
    return ours;
  }

  private List<Gpu> first(int count) {
    if (ours == null) {
      return IntStream.range(0, count).mapToObj(i -> Gpu.named(Integer.toString(i), 0)).toList();
    }
    if (ours.size() < count) {
      throw new Problem(
          "There are fewer GPUs for this process than resources says.",
          "resources.gpus " + count + ", " + words(ours),
          "Ask for as many as there are, or let this process have more of them.");
    }
    return ours.subList(0, count);
  }

  private List<Gpu> named(List<String> names) {
    var found = found(names, "resources.gpus");
    if (ours != null && environment.containsKey(GpuNames.VARIABLE)) {
      for (var gpu : found) {
        if (ours.stream().noneMatch(own -> same(own, gpu))) {
          throw new Problem(
              "A GPU is not among those of this process.",
              "resources.gpus " + gpu.id() + ", " + words(ours),
              "Name others, or let this process have that one.");
        }
      }
    }
    return found;
  }

  private String words(List<Gpu> gpus) {
    var list = gpus.stream().map(Gpu::id).collect(Collectors.joining(", "));
    return (gpus.isEmpty() ? "there are none" : "there are " + gpus.size() + ": " + list)
        + (environment.containsKey(GpuNames.VARIABLE) ? " (" + said() + ")" : "");
  }

  /// The GPUs of these names, each named as it is there.
  ///
  /// @param source what names them
  private List<Gpu> found(List<String> names, String source) {
    var found = new ArrayList<Gpu>();
    for (var name : names) {
      var gpu = found(name, source);
      for (var other : found) {
        if (same(gpu, other)) {
          throw new Problem(
              "A GPU is named twice.",
              other.id() + ", " + gpu.id() + " (" + source + ")",
              "Name each GPU once; short UUIDs long enough that they differ.");
        }
      }
      found.add(gpu);
    }
    return List.copyOf(found);
  }

  private Gpu found(String name, String source) {
    if (driver == null || GpuNames.isInstance(name)) {
      return Gpu.named(name, 0);
    }
    boolean index = GpuNames.isIndex(name);
    if (!index && driver.stream().allMatch(gpu -> gpu.uuid().isEmpty())) {
      return Gpu.named(name, 0); // an old driver, which does not tell
    }
    var matching =
        driver.stream()
            .filter(gpu -> index ? gpu.index() == GpuNames.index(name) : begins(gpu.uuid(), name))
            .toList();
    if (matching.size() != 1) {
      throw new Problem(
          matching.isEmpty()
              ? "This machine has no such GPU."
              : "Several GPUs of this machine begin with that UUID.",
          name + " (" + source + "); the driver names " + (driver.isEmpty() ? "none" : list()),
          "Name one of those.");
    }
    return matching.getFirst().called(name);
  }

  private String list() {
    return driver == null
        ? ""
        : driver.stream()
            .map(gpu -> gpu.uuid().isEmpty() ? gpu.id() : gpu.id() + " = " + gpu.uuid())
            .collect(Collectors.joining(", "));
  }

  private static boolean begins(String uuid, String name) {
    return uuid.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT));
  }

  private static boolean same(Gpu one, Gpu other) {
    return one.index() >= 0 && other.index() >= 0
        ? one.index() == other.index()
        : GpuNames.same(one.id(), other.id());
  }
}
