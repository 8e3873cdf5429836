package dev.assay.internal.trial;

import dev.assay.internal.words.Log;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.settings.Setting;
import dev.assay.settings.Settings;
import dev.assay.trial.Options;
import dev.assay.trial.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Everything of one kind that study files can name: Assay's own, and services of third parties.
///
/// @param <T> what is made
public final class Registry<T> {
  private static final Logger LOG = Log.of(Registry.class);

  /// More than this goes wrong only where looking for services does not come to an end.
  private static final int MOST_BROKEN = 100;

  private final String kind;
  private final Map<String, Class<? extends T>> own;
  private final Class<? extends Provider<T>> service;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /// @param kind for messages: `sampler`
  /// @param own what Assay has, by name: records of options
  /// @param service what third parties implement
  public Registry(
      String kind, Map<String, Class<? extends T>> own, Class<? extends Provider<T>> service) {
    this.kind = kind;
    this.own = own;
    this.service = service;
  }

  /// A service that was found, or why it cannot be used.
  ///
  /// @param name what study files call it; null where it did not come so far
  /// @param origin its class, and the jar or directory that it is from; null where that is not
  ///   known
  public record Found<T>(
      @Nullable String name,
      @Nullable String origin,
      @Nullable Provider<T> provider,
      @Nullable Problem problem) {}

  /// The names of Assay's own.
  public List<String> names() {
    return List.copyOf(own.keySet());
  }

  /// The options of one of Assay's own.
  ///
  /// @param name one of [#names]
  public List<Setting> settings(String name) {
    return Settings.of(Objects.requireNonNull(own.get(name), name).asSubclass(Record.class));
  }

  /// What study files say of what they name: a kind in words, `sampler`.
  public String kind() {
    return kind;
  }

  /// What third parties put on the class path, in its order.
  public List<Found<T>> services() {
    var found = new ArrayList<Found<T>>();
    var iterator = ServiceLoader.load(service, loader()).iterator();
    int broken = 0;
    while (broken < MOST_BROKEN) {
      try {
        if (!iterator.hasNext()) {
          break;
        }
        found.add(named(iterator.next()));
      } catch (ServiceConfigurationError | LinkageError e) {
        broken++;
        var cause = e.getCause();
        var problem =
            new Problem(
                "A service for " + kind + "s cannot be used.",
                e.getMessage() + (cause == null ? "" : ": " + cause),
                "Mend it, or take its jar off the class path.",
                e);
        found.add(new Found<>(null, null, null, problem));
      }
    }
    return found;
  }

  private Found<T> named(Provider<T> provider) {
    var origin = origin(provider.getClass());
    String name = null;
    Throwable cause = null;
    try {
      name = provider.name();
    } catch (RuntimeException | LinkageError e) {
      cause = e;
    }
    if (name == null || name.isBlank()) {
      var problem =
          new Problem(
              "A service for " + kind + "s does not say its name.",
              origin + (cause == null ? "" : ": " + cause),
              "Let its name() give the word that study files use.",
              cause);
      return new Found<>(null, origin, null, problem);
    }
    return new Found<>(name, origin, provider, null);
  }

  /// That of the application's threads, where containers put what belongs to an application; else
  /// Assay's own.
  private ClassLoader loader() {
    var ours = service.getClassLoader();
    var theirs = Thread.currentThread().getContextClassLoader();
    try {
      return theirs != null && theirs.loadClass(service.getName()) == service ? theirs : ours;
    } catch (ClassNotFoundException e) {
      return ours;
    }
  }

  private static String origin(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    return type.getName()
        + (source == null || source.getLocation() == null
            ? ""
            : " in " + source.getLocation().getPath());
  }

  /// Makes what a study file names.
  ///
  /// @param options JSON values, by name; those that are not given have their defaults
  /// @throws Problem for a name that nothing or more than one thing has, an unknown option, a wrong
  ///   type, a value out of range, or a service that fails
  public T create(String name, Map<String, ? extends @Nullable Object> options) {
    var services = services();
    var named = services.stream().filter(found -> name.equals(found.name())).toList();
    var maker = own.get(name);
    if (named.size() + (maker == null ? 0 : 1) > 1) {
      throw ambiguous(name, named, maker != null);
    }
    var broken = services.stream().map(Found::problem).filter(p -> p != null).toList();
    var reader = new Options(kind + " " + name, options);
    T made;
    if (maker != null) {
      made = maker.cast(reader.read(maker.asSubclass(Record.class)));
    } else if (named.isEmpty()) {
      throw broken.isEmpty() ? unknown(name, services) : broken.getFirst();
    } else {
      made = make(named.getFirst(), reader);
    }
    for (var problem : broken) {
      if (said.add(problem.getMessage())) {
        LOG.warn("{} {} {}", problem.what(), problem.value(), problem.mend());
      }
    }
    reader.end();
    return made;
  }

  private Problem ambiguous(String name, List<Found<T>> services, boolean ours) {
    var origins = new ArrayList<String>();
    if (ours) {
      origins.add("Assay's own");
    }
    services.forEach(found -> origins.add(String.valueOf(found.origin())));
    return new Problem(
        "More than one " + kind + " has this name.",
        name + ": " + String.join(", ", origins),
        ours ? "Give yours another name." : "Take one of them off the class path.");
  }

  private Problem unknown(String name, List<Found<T>> services) {
    var known = new TreeSet<>(own.keySet());
    services.forEach(found -> {
      if (found.name() != null) {
        known.add(found.name());
      }
    });
    // Other tools name them TPESampler, MedianPruner.
    var plain = name.replaceFirst("(?i)[_-]?(?:sampler|pruner|search|scheduler)$", "");
    return new Problem("There is no such " + kind + ".", name, Nearest.suggest(plain, known));
  }

  private T make(Found<T> found, Options options) {
    var provider = found.provider();
    Throwable cause = null;
    try {
      var made = provider == null ? null : provider.create(options);
      if (made != null) {
        return made;
      }
    } catch (Problem problem) {
      throw problem;
    } catch (RuntimeException | LinkageError e) {
      cause = e;
    }
    throw new Problem(
        "The " + kind + " could not be made.",
        found.name() + " (" + found.origin() + "): " + (cause == null ? "it gave null" : cause),
        "Mend it, or name another " + kind + ".",
        cause);
  }
}
