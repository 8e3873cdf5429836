package dev.assay.space;

import dev.assay.problem.Problem;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the components of a record type as parameters, and makes records of configurations.
final class RecordComponents {
  /// One component of a record.
  sealed interface Component {
    RecordComponent declared();
  }

  /// A component that is a parameter.
  record Leaf(RecordComponent declared) implements Component {}

  /// A component that is a record of its own.
  record Group(RecordComponent declared, Class<?> type, List<Component> members)
      implements Component {}

  /// A component that is one of several records.
  record Alternatives(RecordComponent declared, List<Alternative> options) implements Component {}

  record Alternative(Class<?> type, List<Component> members) {}

  /// The options of the choices above a component, by the choices' names.
  private record Placed(String path, Map<String, String> under) {}

  private final SpaceBuilder builder = SearchSpace.builder();
  private final List<Component> components;
  private final Map<String, List<Placed>> seen = new LinkedHashMap<>();
  private final Deque<Class<?>> descent = new ArrayDeque<>();

  RecordComponents(Class<?> type) {
    if (!type.isRecord()) {
      throw new Problem(
          "A space is made of a record.",
          type.getName(),
          "Declare it like this: record Mlp(@Range(low = 1e-4, high = 1, log = true) double rate)"
              + " {}.");
    }
    components = members(type, Condition.ALWAYS, Map.of());
  }

  List<Component> components() {
    return components;
  }

  SpaceBuilder builder() {
    return builder;
  }

  private List<Component> members(Class<?> type, Condition condition, Map<String, String> under) {
    if (descent.contains(type)) {
      throw new Problem(
          "A record contains itself.", type.getName(), "Break the circle: a space has an end.");
    }
    descent.push(type);
    var members = new ArrayList<Component>();
    for (var component : type.getRecordComponents()) {
      members.add(component(component, condition, under));
    }
    descent.pop();
    return List.copyOf(members);
  }

  private Component component(
      RecordComponent component, Condition condition, Map<String, String> under) {
    var type = component.getType();
    if (type.isRecord()) {
      return new Group(component, type, members(type, condition, under));
    }
    if (type.isSealed() && type.isInterface()) {
      return alternatives(component, condition, under);
    }
    add(
        component,
        ComponentDistribution.of(component),
        ComponentDistribution.prior(component),
        condition,
        under);
    return new Leaf(component);
  }

  private Component alternatives(
      RecordComponent component, Condition condition, Map<String, String> under) {
    var types = new ArrayList<Class<?>>();
    collect(component, component.getType(), types);
    var names = new ArrayList<@Nullable Object>();
    types.forEach(option -> names.add(option.getSimpleName()));
    add(component, new Choice(names, false), null, condition, under);
    var options = new ArrayList<Alternative>();
    for (var option : types) {
      var below = new LinkedHashMap<>(under);
      below.put(component.getName(), option.getSimpleName());
      var holds = condition.and(Condition.when(component.getName(), option.getSimpleName()));
      options.add(new Alternative(option, members(option, holds, below)));
    }
    return new Alternatives(component, List.copyOf(options));
  }

  /// The records that a sealed interface permits, those of sealed interfaces below it too.
  private static void collect(RecordComponent component, Class<?> sealed, List<Class<?>> types) {
    for (var permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isSealed() && permitted.isInterface()) {
        collect(component, permitted, types);
      } else if (!permitted.isRecord()) {
        throw new Problem(
            "A sealed interface in a space permits records only.",
            permitted.getName() + " (component " + path(component) + ")",
            "Make it a record, without components if it has no parameters.");
      } else if (!types.contains(permitted)) {
        types.add(permitted);
      }
    }
  }

  private void add(
      RecordComponent component,
      Distribution distribution,
      @Nullable Prior prior,
      Condition condition,
      Map<String, String> under) {
    var name = component.getName();
    var places = seen.computeIfAbsent(name, _ -> new ArrayList<>());
    for (var other : places) {
      if (!excludeEachOther(other.under(), under)) {
        throw new Problem(
            "Two components of a space have one name.",
            name + ": " + other.path() + " and " + path(component),
            "Rename one of them: parameters are known by their components' names.");
      }
    }
    places.add(new Placed(path(component), under));
    try {
      builder.add(new Parameter(name, distribution, null, condition, prior));
    } catch (Problem problem) {
      throw problem.at("component " + path(component));
    }
  }

  /// Whether two components can never exist at once: they stand under different options of a
  /// choice.
  private static boolean excludeEachOther(Map<String, String> a, Map<String, String> b) {
    return a.entrySet().stream()
        .anyMatch(entry ->
            b.containsKey(entry.getKey())
                && !Objects.equals(b.get(entry.getKey()), entry.getValue()));
  }

  /// `Mlp.learningRate`.
  static String path(RecordComponent component) {
    return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
  }

  static Object make(Class<?> type, List<Component> components, Configuration configuration) {
    var arguments = new @Nullable Object[components.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(components.get(i), configuration);
    }
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new Problem(
          "The constructor of " + type.getSimpleName() + " refuses a configuration.",
          configuration + ": " + e.getCause(),
          "Exclude such values: SearchSpace.of(...).where(...).",
          e.getCause());
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw closed(type, e);
    }
  }

  private static Problem closed(Class<?> type, Exception e) {
    return new Problem(
        "The record is not open to Assay.",
        type.getName() + ": " + e.getMessage(),
        "Open its package in module-info.java: opens " + type.getPackageName() + ";.",
        e);
  }

  private static Object argument(Component component, Configuration configuration) {
    return switch (component) {
      case Leaf(var declared) ->
          ComponentDistribution.decode(
              declared.getType(), Objects.requireNonNull(configuration.get(declared.getName())));
      case Group(_, var type, var members) -> make(type, members, configuration);
      case Alternatives(var declared, var options) -> {
        var chosen = configuration.get(declared.getName());
        var option =
            options.stream()
                .filter(o -> o.type().getSimpleName().equals(chosen))
                .findFirst()
                .orElseThrow();
        yield make(option.type(), option.members(), configuration);
      }
    };
  }

  static void read(
      Object record, List<Component> components, Map<String, @Nullable Object> values) {
    for (var component : components) {
      var value = get(component.declared(), record);
      switch (component) {
        case Leaf(var declared) ->
            values.put(declared.getName(), ComponentDistribution.encode(value));
        case Group(_, _, var members) -> read(value, members, values);
        case Alternatives(var declared, var options) -> {
          values.put(declared.getName(), value.getClass().getSimpleName());
          for (var option : options) {
            if (option.type() == value.getClass()) {
              read(value, option.members(), values);
            }
          }
        }
      }
    }
  }

  private static Object get(RecordComponent component, Object record) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      var value = accessor.invoke(record);
      if (value == null) {
        throw new Problem(
            "A component of a configuration is null.",
            path(component) + " of " + record,
            "Give it a value.");
      }
      return value;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw closed(component.getDeclaringRecord(), e);
    }
  }
}
