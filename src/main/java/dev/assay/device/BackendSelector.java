package dev.assay.device;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.words.Log;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Finds back ends and chooses one.
///
/// The automatic choice takes the first available back end by preference, and logs why others were
/// passed over. An explicit choice never falls back.
public final class BackendSelector {
  private static final Logger LOG = Log.of(BackendSelector.class);

  /// Ids of all back ends that exist, whether or not this build carries them.
  public static final List<String> KNOWN = List.of("cpu", "cuda", "tornado");

  private final List<Backend> backends;

  /// What the log says already.
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /// Every back end on the class path.
  public BackendSelector() {
    this(ServiceLoader.load(Backend.class).stream().map(ServiceLoader.Provider::get).toList());
  }

  /// Every back end on the class path, the named one on a device of its own.
  ///
  /// @param id of the back end that the device is of
  /// @param device null: whichever it prefers
  ///
  /// @throws Problem for a device without a back end that it could be of
  public BackendSelector(String id, @Nullable String device) {
    this(on(id, device));
  }

  private static List<Backend> on(String id, @Nullable String device) {
    if (device != null && id.equals("auto")) {
      throw new Problem(
          "A device can be chosen of a named back end only.",
          "--device " + device,
          "Name the back end as well: --backend cuda or --backend tornado.");
    }
    return ServiceLoader.load(Backend.class).stream()
        .map(ServiceLoader.Provider::get)
        .map(backend -> device != null && backend.id().equals(id) ? backend.on(device) : backend)
        .toList();
  }

  BackendSelector(List<Backend> backends) {
    var sorted = new ArrayList<>(backends);
    sorted.sort((a, b) -> Integer.compare(b.preference(), a.preference()));
    this.backends = List.copyOf(sorted);
  }

  /// The back ends found, the preferred one first.
  public List<Backend> backends() {
    return backends;
  }

  /// The back end of that id, or the best available one for `auto`.
  ///
  /// @throws Problem when it is unknown, not in this build, or not available
  public Backend choose(String id) {
    if (id.equals("auto")) {
      return best(_ -> true);
    }
    if (!KNOWN.contains(id)) {
      var names = new ArrayList<>(KNOWN);
      names.add("auto");
      throw new Problem("There is no such back end.", id, Nearest.suggest(id, names));
    }
    for (var backend : backends) {
      if (backend.id().equals(id)) {
        return switch (backend.availability()) {
          case Availability.Available _ -> backend;
          case Availability.Unavailable(var reason, var mend) ->
              throw new Problem(
                  "The back end " + id + " cannot be used here: " + reason,
                  "--backend " + id,
                  mend);
        };
      }
    }
    if (id.equals("tornado")) {
      throw withoutSdk(System.getenv("TORNADOVM_HOME"));
    }
    throw new Problem(
        "This build does not carry that back end.",
        "--backend " + id,
        "Use --backend cpu; `assay doctor` lists what is there.");
  }

  /// The TornadoVM back end is compiled where its SDK is.
  private static Problem withoutSdk(@Nullable String home) {
    var what =
        home == null || home.isBlank()
            ? "The back end tornado needs a TornadoVM SDK: TORNADOVM_HOME is not set."
            : Files.isRegularFile(Path.of(home, "etc", "tornado.backend"))
                ? "This build does not carry the back end tornado: it was built without the SDK, or"
                    + " the one in "
                    + home
                    + " is of another version."
                : "The back end tornado needs a TornadoVM SDK: there is none in " + home + ".";
    return new Problem(
        what,
        "--backend tornado",
        "Install TornadoVM 5.2 for JDK 25 (sdk install tornadovm), set TORNADOVM_HOME to where it"
            + " is, and build again (docs/tornadovm.md); or use --backend cpu.");
  }

  /// The back end that trains models: the one of that id, or for `auto` the best available one that
  /// trains unasked and calculates rightly; should it fail, the processor takes over.
  ///
  /// @throws Problem when it is unknown, not in this build, not available, or has no trainer
  public Backend trainer(String id) {
    if (!id.equals("auto")) {
      return choose(id);
    }
    return unasked(best(Backend::trainsUnasked));
  }

  /// What computes Gaussian processes: the engine of the back end of that id; for `auto` the
  /// processor's for small problems and the preferred device's for others, by measurement, once
  /// that device is known to calculate rightly; should it fail, the processor takes over.
  ///
  /// @throws Problem as [#choose]
  public GpEngine gpEngine(String id) {
    var chosen = choose(id);
    return id.equals("auto") ? unasked(chosen).gpEngine() : chosen.gpEngine();
  }

  /// A device that nobody asked for is watched.
  private Backend unasked(Backend chosen) {
    return chosen.preference() == 0
        ? chosen
        : new UnaskedBackend(
            chosen,
            choose("cpu"),
            new SelfChecked(DeviceCache.ofUser("self-checks.properties")),
            new Crossover(DeviceCache.ofUser("crossover.properties")));
  }

  private Backend best(Predicate<Backend> able) {
    for (var backend : backends) {
      if (!able.test(backend)) {
        continue;
      }
      switch (backend.availability()) {
        case Availability.Available available -> {
          say(() -> "Back end " + backend.id() + ": " + available.device());
          return backend;
        }
        case Availability.Unavailable(var reason, var mend) ->
            say(() -> "Back end " + backend.id() + " passed over: " + reason + " " + mend);
      }
    }
    throw new Problem(
        "No back end was found.",
        "class path",
        "The product jar carries the CPU back end: add it.");
  }

  /// @param words made only where somebody reads them: to tell a processor's vectors is to load
  ///   them
  private void say(Supplier<String> words) {
    if (LOG.isInfoEnabled()) {
      var text = words.get();
      if (said.add(text)) {
        LOG.info("{}", text);
      }
    }
  }
}
