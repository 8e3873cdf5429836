package dev.assay.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// A process that runs tests: all of them once, to see which methods each reaches, or, change by
/// change, those that reach what was changed. It is its own agent, which puts changes into classes
/// that are loaded. A change that leads to an endless loop ends the process: whoever started it
/// starts another one for the changes that are left.
public final class MutantRun {
  static final String STARTED = "started";
  static final String CAUGHT = "caught";
  static final String SURVIVED = "survived";
  static final String UNREACHED = "unreached";
  static final String INVALID = "invalid";

  /// Changes are given tests that together cost this much processor time at most.
  private static final double LIMIT_MILLISECONDS = 20_000;

  private static @Nullable Instrumentation instrumentation;
  private static final Map<String, Integer> NUMBERS = new HashMap<>();
  private static final List<String> METHODS = new ArrayList<>();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Launcher launcher = LauncherFactory.create();
  private volatile double deadlineCpu = Double.POSITIVE_INFINITY;
  private volatile double deadlineWall = Double.POSITIVE_INFINITY;

  private MutantRun() {}

  /// Called by the virtual machine, before `main`.
  ///
  /// @param packages of classes whose methods say that they were called, separated by commas; none
  ///   where changes are made
  public static void premain(@Nullable String packages, Instrumentation given) {
    instrumentation = given;
    if (packages == null || packages.isEmpty()) {
      return;
    }
    var prefixes = List.of(packages.replace('.', '/').split(","));
    given.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              @Nullable ClassLoader loader,
              String name,
              @Nullable Class<?> old,
              @Nullable ProtectionDomain domain,
              byte[] bytes) {
            boolean ours =
                domain != null
                    && !domain.getCodeSource().getLocation().getPath().contains("test-classes")
                    && prefixes.stream().anyMatch(prefix -> name.startsWith(prefix + "/"));
            if (!ours) {
              return null;
            }
            try {
              return Mutants.probed(bytes, MutantRun::number);
            } catch (RuntimeException | LinkageError e) { // of which the JVM would say nothing
              System.out.println("no probe in " + name + ": " + e);
              Runtime.getRuntime().halt(1);
              return null;
            }
          }
        });
  }

  private static int number(String method) {
    synchronized (NUMBERS) {
      return NUMBERS.computeIfAbsent(
          method,
          name -> {
            METHODS.add(name);
            return METHODS.size() - 1;
          });
    }
  }

  /// @param arguments `reach`, a file to write, and packages of tests; or `judge`, such a file, one
  ///   of changes, and one that verdicts are added to
  public static void main(String[] arguments) throws Exception {
    var run = new MutantRun();
    if (arguments[0].equals("reach")) {
      run.reach(Path.of(arguments[1]), List.of(arguments[2].split(",")));
    } else {
      run.watch();
      run.judge(Reach.read(Path.of(arguments[1])), Path.of(arguments[2]), Path.of(arguments[3]));
    }
    Runtime.getRuntime().halt(0); // threads of tests may still run
  }

  private static double cpu() {
    return SYSTEM.getProcessCpuTime() / 1e6;
  }

  private static double wall() {
    return System.nanoTime() / 1e6;
  }

  private void reach(Path file, List<String> packages) throws IOException {
    var lines = new ArrayList<String>();
    var failed = new ArrayList<String>();
    var listener =
        new TestExecutionListener() {
          private double begun;

          @Override
          public void executionStarted(TestIdentifier id) {
            begun = id.isTest() ? cpu() : begun;
          }

          @Override
          public void executionFinished(TestIdentifier id, TestExecutionResult result) {
            if (!id.isTest()) {
              return;
            }
            var reached = Reached.take();
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed.add(id.getUniqueId() + ": " + result.getThrowable().orElse(null));
            } else if (!reached.isEmpty()) {
              var methods =
                  reached.stream().mapToObj(Integer::toString).collect(Collectors.joining(" "));
              lines.add(id.getUniqueId() + "\t" + (cpu() - begun) + "\t" + methods);
            }
          }
        };
    var selectors = new ArrayList<DiscoverySelector>();
    packages.forEach(name -> selectors.add(selectPackage(name)));
    launch(selectors, CancellationToken.disabled(), listener);
    Reach.write(file, METHODS, lines);
    failed.forEach(words -> System.out.println("fails without any change: " + words));
  }

  private void launch(
      List<DiscoverySelector> selectors, CancellationToken token, TestExecutionListener listener) {
    launcher.execute(
        LauncherExecutionRequestBuilder.request(
                LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectors)
                    .filters(TagFilter.excludeTags("standin"))
                    .build())
            .cancellationToken(token)
            .listeners(listener)
            .build());
  }

  private void judge(Reach reach, Path mutants, Path verdicts) throws Exception {
    for (var line : Files.readAllLines(mutants)) {
      var mutant = Mutant.read(line);
      var groups = reach.of(mutant.where(), LIMIT_MILLISECONDS);
      say(verdicts, line, STARTED);
      say(verdicts, line, groups.isEmpty() ? UNREACHED : verdict(mutant, groups));
    }
  }

  private static void say(Path verdicts, String mutant, String verdict) throws IOException {
    Files.writeString(
        verdicts,
        verdict + "\t" + mutant + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private String verdict(Mutant mutant, List<Reach.Group> groups) throws Exception {
    var type = Class.forName(mutant.type(), false, MutantRun.class.getClassLoader());
    byte[] bytes;
    try (var in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
      bytes = java.util.Objects.requireNonNull(in).readAllBytes();
    }
    var agent = java.util.Objects.requireNonNull(instrumentation);
    try {
      agent.redefineClasses(new ClassDefinition(type, Mutants.apply(bytes, mutant)));
    } catch (VerifyError | IllegalArgumentException e) {
      return INVALID;
    }
    try {
      for (var group : groups) {
        deadlineCpu = cpu() + 4_000 + 5 * group.milliseconds();
        deadlineWall = wall() + 120_000 + 50 * group.milliseconds();
        if (fails(group)) {
          return CAUGHT;
        }
      }
      return SURVIVED;
    } finally {
      deadlineCpu = Double.POSITIVE_INFINITY;
      deadlineWall = Double.POSITIVE_INFINITY;
      agent.redefineClasses(new ClassDefinition(type, bytes));
    }
  }

  private boolean fails(Reach.Group group) {
    var token = CancellationToken.create();
    var failed = new boolean[1];
    var listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier id, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed[0] = true;
              token.cancel();
            }
          }
        };
    var selectors = new ArrayList<DiscoverySelector>();
    group.tests().forEach(test -> selectors.add(selectUniqueId(test.id())));
    launch(selectors, token, listener);
    return failed[0];
  }

  /// Ends the process when a change makes tests run on and on, or wait for ever.
  private void watch() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (cpu() < deadlineCpu && wall() < deadlineWall) {
            LockSupport.parkNanos(100_000_000);
          }
          Runtime.getRuntime().halt(3);
        });
  }
}
