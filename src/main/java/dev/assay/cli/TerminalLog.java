package dev.assay.cli;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// Log lines of the command line, on stderr: `WARN SqliteWorkers: The heartbeat stopped.` Those
/// from the level that ASSAY_LOG names on, else warnings and errors. Two words a line are all that
/// a terminal wants, and a library that reads a configuration for them takes longer than most
/// commands. Chosen by a property and not a service file, which would bind library users.
public final class TerminalLog implements SLF4JServiceProvider {
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private final ConcurrentMap<String, Lines> loggers = new ConcurrentHashMap<>();
  private int least = Level.WARN.toInt();

  /// For SLF4J.
  public TerminalLog() {}

  /// Makes it this JVM's log, unless somebody chose another one.
  static void choose() {
    if (System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) == null) {
      System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, TerminalLog.class.getName());
      System.setProperty("slf4j.internal.verbosity", "WARN"); // SLF4J would say which one it takes
    }
  }

  @Override
  public void initialize() {
    least = level(System.getenv("ASSAY_LOG"));
  }

  /// The number of a level by its name, `off` among them; what is none is as if nothing were said.
  static int level(@Nullable String word) {
    var name = word == null ? "" : word.strip().toUpperCase(Locale.ROOT);
    for (var level : Level.values()) {
      if (level.name().equals(name)) {
        return level.toInt();
      }
    }
    return name.equals("OFF") ? Integer.MAX_VALUE : Level.WARN.toInt();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, key -> new Lines(key, least));
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  /// The logger of one name.
  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final int least;

    Lines(String name, int least) {
      this.name = name;
      this.least = least;
    }

    private boolean has(Level level) {
      return level.toInt() >= least;
    }

    @Override
    public boolean isTraceEnabled() {
      return has(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return has(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return has(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
      return has(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
      return has(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      var message = MessageFormatter.basicArrayFormat(pattern, arguments);
      var line = new StringBuilder(level.name());
      while (line.length() < 6) {
        line.append(' ');
      }
      line.append(name, name.lastIndexOf('.') + 1, name.length()).append(": ").append(message);
      synchronized (System.err) { // a trace belongs to its line
        System.err.println(line);
        if (thrown != null) {
          thrown.printStackTrace(System.err);
        }
      }
    }
  }
}
