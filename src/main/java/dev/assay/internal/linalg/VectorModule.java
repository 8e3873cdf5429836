package dev.assay.internal.linalg;

/// The module of the Vector API. A JVM has it from its start where `--add-modules` names it: then
/// it keeps neither a graph of modules nor linked classes from run to run, and announces the module
/// on stderr. So the launcher does not name it, but exports to us the package by which the JDK adds
/// modules of its own to a running JVM, as it does for agents: the module then comes when something
/// is first calculated.
public final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  /// `false` keeps vectors out, also where they could be had.
  private static final String WANTED = "assay.vectors";

  private static final boolean THERE =
      ModuleLayer.boot().findModule(NAME).isPresent() || (wanted() && add());

  private VectorModule() {}

  /// Whether classes that name the Vector API can be loaded. The first call takes some 50 ms where
  /// the module has to be added.
  public static boolean isThere() {
    return THERE;
  }

  private static boolean wanted() {
    return !"false".equals(System.getProperty(WANTED));
  }

  private static boolean add() {
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException | LinkageError e) {
      // Not exported to us, another JDK, or one that was linked without the module.
      return false;
    }
  }
}
