package dev.assay.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A library of the system, whose functions are called with MemorySegments, Integers and Longs:
/// their types are the function's.
public final class NativeLibrary {
  private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();
  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// The first of the names that the system finds.
  public static Optional<NativeLibrary> find(List<String> names) {
    for (var name : names) {
      try {
        return Optional.of(new NativeLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
      } catch (IllegalArgumentException e) {
        // The next one.
      }
    }
    return Optional.empty();
  }

  public boolean has(String function) {
    return symbols.find(function).isPresent();
  }

  /// Calls a function that has the same types each time.
  public Object call(String function, MemoryLayout result, Object... arguments) {
    var handle = handles.computeIfAbsent(function, name -> bind(name, result, arguments));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function, e);
    }
  }

  /// A function that returns its error code.
  public int code(String function, Object... arguments) {
    return (int) call(function, JAVA_INT, arguments);
  }

  private MethodHandle bind(String function, MemoryLayout result, Object... arguments) {
    var layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            case Object _ -> ADDRESS;
          };
    }
    return Linker.nativeLinker()
        .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(result, layouts));
  }
}
