package dev.assay.internal.words;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.spi.SLF4JServiceProvider;

/// Where log lines go: to the log of the application around Assay, and nowhere where it has none.
/// SLF4J itself would then print three lines about that to stderr, at whatever program uses the
/// library.
public final class Log {
  private static final boolean HAS_PROVIDER = hasProvider();

  private Log() {}

  /// The log of a class.
  public static Logger of(Class<?> owner) {
    return of(owner.getName());
  }

  /// The log of a name.
  public static Logger of(String name) {
    return HAS_PROVIDER ? LoggerFactory.getLogger(name) : NOPLogger.NOP_LOGGER;
  }

  /// As SLF4J looks for one. What is wrong with a provider, SLF4J has to say.
  private static boolean hasProvider() {
    if (System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) != null) {
      return true;
    }
    var loader = LoggerFactory.class.getClassLoader();
    try {
      return ServiceLoader.load(SLF4JServiceProvider.class, loader).stream()
          .findFirst()
          .isPresent();
    } catch (ServiceConfigurationError e) {
      return true;
    }
  }
}
