package dev.assay.run;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Commands to a study that runs in another process of this machine: small JSON files in a
/// directory beside its storage file, which the running process takes away in the order in which
/// they came.
///
/// The storage itself has one writer only, which nobody else's command may disturb. A command
/// appears whole or not at all, since its file is moved into place.
///
/// @param directory need not exist
public record Mailbox(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final AtomicLong SENT = new AtomicLong();

  /// Longer files are no commands.
  private static final long LARGEST = 1 << 20;

  /// The mailbox of a study in a storage file: `study.db-control/NAME/`.
  public static Mailbox beside(Path storageFile, String study) {
    var encoded = URLEncoder.encode(study, StandardCharsets.UTF_8).replace("+", "%20");
    var name = encoded.matches("\\.\\.?") ? encoded.replace(".", "%2E") : encoded;
    return new Mailbox(
        storageFile.resolveSibling(storageFile.getFileName() + "-control").resolve(name));
  }

  /// Puts a command in.
  public void send(ControlCommand command) {
    try {
      Files.createDirectories(directory);
      var name =
          "%d-%d-%d"
              .formatted(
                  System.currentTimeMillis(),
                  ProcessHandle.current().pid(),
                  SENT.getAndIncrement());
      var partial = directory.resolve(name + ".part");
      Files.writeString(partial, JSON.writeValueAsString(command.document()));
      Files.move(partial, directory.resolve(name + ".json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Problem(
          "The command cannot be left for the study.",
          directory + ": " + e,
          "Make the directory writable.",
          e);
    }
  }

  /// Takes all commands out, the oldest first. What is none is dropped.
  List<ControlCommand> take() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    var commands = new ArrayList<ControlCommand>();
    try (var files = Files.list(directory)) {
      for (var file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        read(file, commands);
      }
    } catch (IOException e) {
      LOG.warn("The commands in {} cannot be read: {}", directory, e.toString());
    }
    return commands;
  }

  private static void read(Path file, List<ControlCommand> commands) throws IOException {
    try {
      if (Files.size(file) <= LARGEST) {
        commands.add(ControlCommand.of(JSON.readValue(Files.readString(file), Map.class)));
      }
    } catch (JacksonException | Problem e) {
      LOG.warn("{} holds no command: {}", file, e.getMessage());
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
