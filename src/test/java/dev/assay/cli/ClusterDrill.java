package dev.assay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Machines for a drill: network name spaces of Linux, each with a cable to this one that can be
/// cut. They reach one service of this machine, through a relay. Needs root.
final class ClusterDrill implements AutoCloseable {
  private final int machines;
  private final String mark;
  private final ServerSocket relay = new ServerSocket();

  /// @param service a port of 127.0.0.1 that the machines reach
  ClusterDrill(int machines, int service) throws IOException, InterruptedException {
    this.machines = machines;
    mark = "ad" + ProcessHandle.current().pid() % 100_000;
    relay.bind(new InetSocketAddress("0.0.0.0", 0));
    Thread.ofVirtual().start(() -> relay(service));
    for (int i = 0; i < machines; i++) {
      ip("netns", "add", space(i));
      ip("link", "add", cable(i), "type", "veth", "peer", "name", "eth0", "netns", space(i));
      ip("addr", "add", address(i, 1) + "/30", "dev", cable(i));
      ip("link", "set", cable(i), "up");
      ip("-n", space(i), "addr", "add", address(i, 2) + "/30", "dev", "eth0");
      ip("-n", space(i), "link", "set", "eth0", "up");
      ip("-n", space(i), "link", "set", "lo", "up");
    }
  }

  /// Whether this user may make them.
  static boolean isPossible() {
    try {
      var name = "adtry" + ProcessHandle.current().pid() % 100_000;
      ip("netns", "add", name);
      ip("netns", "del", name);
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String space(int machine) {
    return mark + "s" + machine;
  }

  private String cable(int machine) {
    return mark + "c" + machine;
  }

  private static String address(int machine, int end) {
    return "10.213." + (machine + 1) + "." + end;
  }

  /// Where a machine finds the service: `10.213.1.1:4711`.
  String service(int machine) {
    return address(machine, 1) + ":" + relay.getLocalPort();
  }

  /// A command, run on a machine.
  List<String> on(int machine, List<String> command) {
    var all = new ArrayList<>(List.of("ip", "netns", "exec", space(machine)));
    all.addAll(command);
    return all;
  }

  /// Cuts a machine's cable, or mends it.
  void cut(int machine, boolean isCut) throws IOException, InterruptedException {
    ip("link", "set", cable(machine), isCut ? "down" : "up");
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  private void relay(int service) {
    while (!relay.isClosed()) {
      try {
        var near = relay.accept();
        Thread.ofVirtual().start(() -> connect(near, service));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void connect(Socket near, int service) {
    try (near;
        var far = new Socket("127.0.0.1", service)) {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pass(far, near));
      pass(near, far);
      back.join();
    } catch (IOException e) {
      // the service is down: the near end is closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Until one end closes; then both.
  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // the other direction ends too
    }
  }

  @Override
  public void close() {
    try {
      relay.close();
      for (int i = 0; i < machines; i++) {
        ip("netns", "del", space(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
