package dev.assay.settings;

import dev.assay.problem.Problem;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads, checks and writes records whose components are options ([Option]).
///
/// A component of a record type that has options itself has its options beside the others. One that
/// is neither, such as what computes, keeps its default. Defaults are those of the constructor
/// without arguments; without one, boxed numbers and shapes are null, and all else has to be given.
public final class Settings {
  private static final ClassValue<Settings> KNOWN =
      new ClassValue<>() {
        @Override
        protected Settings computeValue(Class<?> type) {
          return new Settings(type.asSubclass(Record.class));
        }
      };

  private final Class<? extends Record> type;
  private final List<Component> components = new ArrayList<>();
  private final Constructor<? extends Record> canonical;

  /// @param option null: it is none
  /// @param kind null: it is no option
  /// @param inner its own options; null: it has none
  private record Component(
      RecordComponent of,
      String key,
      @Nullable Option option,
      @Nullable Kind kind,
      @Nullable Settings inner) {
    @Nullable Object in(Record record) {
      try {
        return of.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(of.toString(), e);
      }
    }

    /// Defaults of its own options, by those of what it is a part of.
    @Nullable Record innerOf(@Nullable Record usual) {
      var said = usual == null ? null : in(usual);
      return said instanceof Record record ? record : inner == null ? null : inner.usual();
    }

    boolean mayBeNull() {
      return !of.getType().isPrimitive()
          && (kind instanceof Kind.Shaped
              || kind instanceof Kind.Whole
              || kind instanceof Kind.Real);
    }
  }

  private Settings(Class<? extends Record> type) {
    this.type = type;
    var all = type.getRecordComponents();
    var types = new Class<?>[all.length];
    for (int i = 0; i < all.length; i++) {
      types[i] = all[i].getType();
      all[i].getAccessor().setAccessible(true);
      components.add(component(all[i]));
    }
    try {
      canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type.getName(), e);
    }
  }

  private static Component component(RecordComponent of) {
    var option = of.getAnnotation(Option.class);
    if (option == null) {
      var type = of.getType();
      if (type.isPrimitive() || type.isEnum() || type == String.class) {
        throw new Problem(
            "A component of a record of options has no @Option.",
            of + " of " + of.getDeclaringRecord().getName(),
            "Say what it means: @Option(\"...\").");
      }
      return new Component(of, of.getName(), null, null, hasOptions(type) ? KNOWN.get(type) : null);
    }
    var kind = Kind.of(of.getType(), option);
    if (kind == null) {
      throw new Problem(
          "A component of a record of options is of no kind that options have.",
          of + " of " + of.getDeclaringRecord().getName(),
          "Numbers, booleans, texts, enums and lists of texts are; or name a shape in its"
              + " @Option.");
    }
    var key = option.key().isEmpty() ? snake(of.getName()) : option.key();
    return new Component(of, key, option, kind, null);
  }

  private static boolean hasOptions(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(component -> component.isAnnotationPresent(Option.class));
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /// The options of a record, in the order of its components.
  public static List<Setting> of(Class<? extends Record> type) {
    var settings = KNOWN.get(type);
    return settings.options(settings.usual());
  }

  private List<Setting> options(@Nullable Record usual) {
    var all = new ArrayList<Setting>();
    for (var component : components) {
      if (component.inner() != null) {
        all.addAll(component.inner().options(component.innerOf(usual)));
      }
      var option = component.option();
      var kind = component.kind();
      if (option != null && kind != null) {
        var initial = usual == null ? null : kind.written(component.in(usual));
        all.add(
            new Setting(
                component.key(),
                option.value(),
                usual == null && !component.mayBeNull(),
                kind.isLeftOut(initial) ? null : initial,
                kind.values(),
                kind.schema()));
      }
    }
    return List.copyOf(all);
  }

  /// Reads a record.
  ///
  /// @param owner whose options they are, for messages: `sampler tpe`
  /// @param given the JSON value of each option, null where nothing was said
  /// @throws Problem for a wrong type, a word that is none of the option's, a value out of range, a
  ///   missing option, or whatever the record's constructor refuses
  public static <R extends Record> R read(
      Class<R> type, String owner, Function<String, ? extends @Nullable Object> given) {
    var settings = KNOWN.get(type);
    return type.cast(settings.read(owner, given, settings.usual()));
  }

  private Record read(
      String owner, Function<String, ? extends @Nullable Object> given, @Nullable Record usual) {
    var values = new @Nullable Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      var component = components.get(i);
      var kind = component.kind();
      var said = kind == null ? null : given.apply(component.key());
      if (component.inner() != null) {
        values[i] = component.inner().read(owner, given, component.innerOf(usual));
      } else if (kind != null && said != null) {
        values[i] = kind.read(owner, component.key(), said);
      } else if (usual != null) {
        values[i] = component.in(usual);
      } else if (kind == null || !component.mayBeNull()) {
        throw new Problem(
            "The option is needed.",
            component.key() + " (" + owner + ")",
            "Give " + (kind == null ? "it" : kind.values()) + ".");
      }
    }
    check(owner, values);
    return made(canonical, values);
  }

  /// The record that its constructor without arguments makes.
  ///
  /// @return null where it has none
  private @Nullable Record usual() {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return made(constructor);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Record made(
      Constructor<? extends Record> constructor, @Nullable Object... values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException refused -> throw refused;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(constructor.toString(), e);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constructor.toString(), e);
    }
  }

  /// Checks the ranges of a record's components; for its constructor, so that they hold for Java
  /// callers too.
  ///
  /// @param owner whose options they are, for messages
  /// @param values all components, in order
  /// @throws Problem for a value out of range
  public static void check(String owner, Class<? extends Record> type, @Nullable Object... values) {
    KNOWN.get(type).check(owner, values);
  }

  private void check(String owner, @Nullable Object[] values) {
    if (values.length != components.size()) {
      throw new IllegalArgumentException(type.getName() + " has other components");
    }
    for (int i = 0; i < values.length; i++) {
      var component = components.get(i);
      var value = values[i];
      if (component.kind() != null && value != null) {
        component.kind().check(owner, component.key(), value);
      }
    }
  }

  /// Every option as JSON values, defaults included, in the order of the components.
  ///
  /// @throws Problem for what is no record of options
  public static Map<String, @Nullable Object> written(Object part) {
    if (!(part instanceof Record record)) {
      throw new Problem(
          "The settings of a part cannot be told.",
          part.getClass().getName() + " is no record",
          "Make it a record whose components have @Option, or override its settings().");
    }
    var written = new LinkedHashMap<String, @Nullable Object>();
    KNOWN.get(record.getClass()).write(record, written);
    return written;
  }

  private void write(Record record, Map<String, @Nullable Object> written) {
    for (var component : components) {
      var kind = component.kind();
      var value = component.in(record);
      if (component.inner() != null && value instanceof Record inner) {
        component.inner().write(inner, written);
      } else if (kind != null) {
        var json = kind.written(value);
        if (!kind.isLeftOut(json)) {
          written.put(component.key(), json);
        }
      }
    }
  }

  /// The error for a value of the wrong type.
  ///
  /// @param owner whose option it is, for messages
  /// @param wanted what would be right: `a whole number`
  public static Problem wrong(String owner, String key, Object value, String wanted) {
    return new Problem(
        "The option must be " + wanted + ".",
        key + " " + (value instanceof String ? "\"" + value + "\"" : value) + " (" + owner + ")",
        "Give " + wanted + ", or leave it out.");
  }
}
