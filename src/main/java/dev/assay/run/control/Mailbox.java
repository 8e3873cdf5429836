package dev.assay.run.control;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.problem.Spoken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Commands to those who run a study, in other processes of this machine: small JSON files in a
/// directory beside its storage file, in the order of their names.
///
/// What steers those who run a study goes this way and not through the storage. A command appears
/// whole or not at all, since its file is moved into place. It stays for everybody to read, until
/// it is overtaken; one that only one process may do is claimed by whoever renames its file first.
///
/// @param directory need not exist
public record Mailbox(Path directory) {
  private static final Logger LOG = Log.of(Mailbox.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Longer files are no commands.
  private static final long LARGEST = 1 << 20;

  private static final String ENDING = ".json";
  private static final String CLAIMED = ".claimed";

  /// `MILLIS-PID-COUNT`, as all versions write it.
  private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,18})");

  private static final Comparator<String> ORDER =
      Comparator.<String>comparingLong(name -> part(name, 1))
          .thenComparingLong(name -> part(name, 2))
          .thenComparingLong(name -> part(name, 3))
          .thenComparing(Comparator.naturalOrder());

  private static final AtomicLong SENT = new AtomicLong();

  /// The mailbox of a study in a storage file: `study.db-control/NAME/`.
  public static Mailbox beside(Path storageFile, String study) {
    var encoded = URLEncoder.encode(study, StandardCharsets.UTF_8).replace("+", "%20");
    var name = encoded.matches("\\.\\.?") ? encoded.replace(".", "%2E") : encoded;
    return new Mailbox(
        storageFile.resolveSibling(storageFile.getFileName() + "-control").resolve(name));
  }

  /// Puts a command in, behind all that are there, whatever the clock says.
  public void send(ControlCommand command) {
    try {
      OwnerOnly.directories(directory);
      long number = System.currentTimeMillis();
      for (var name : names()) {
        number = Math.max(number, part(name, 1) + 1);
      }
      var name =
          "%d-%d-%d".formatted(number, ProcessHandle.current().pid(), SENT.getAndIncrement());
      var partial = directory.resolve(name + ".part");
      OwnerOnly.write(partial, JSON.writeValueAsString(command.document()));
      Files.move(partial, directory.resolve(name + ENDING), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Problem(
          "The command cannot be left for the study.",
          directory + ": " + e,
          "Make the directory writable.",
          e);
    }
  }

  /// The names of the commands that are there, the oldest first.
  List<String> names() throws IOException {
    return files(ENDING);
  }

  /// The names of those that somebody claimed and has not done.
  List<String> claimed() throws IOException {
    return files(CLAIMED);
  }

  private List<String> files(String ending) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted(ORDER)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long part(String name, int part) {
    var match = NAME.matcher(name);
    return match.lookingAt() ? Long.parseLong(match.group(part)) : 0;
  }

  /// The command of a name; null where it is gone, or was none, which is said and removed.
  @Nullable ControlCommand read(String name) throws IOException {
    var file = directory.resolve(name);
    try {
      if (Files.size(file) > LARGEST) {
        throw new Problem("A command is short.", name, "Send one as the dashboard does.");
      }
      return ControlCommand.of(JSON.readValue(Files.readString(file), Map.class));
    } catch (NoSuchFileException e) {
      return null;
    } catch (JacksonException | CharacterCodingException | Problem e) {
      LOG.warn("{} holds no command: {}", file, Spoken.ofParser(e.getMessage()));
      remove(name);
      return null;
    }
  }

  /// Claims a command, for which others find no name from now on.
  ///
  /// @param by who does, a word that nobody else claims with
  /// @return its new name; null where somebody else was faster
  @Nullable String claim(String name, String by) throws IOException {
    var claimed = name.substring(0, name.length() - ENDING.length()) + "." + by + CLAIMED;
    return isMoved(name, claimed) ? claimed : null;
  }

  /// Puts a claimed command back, for anybody.
  void putBack(String claimed) throws IOException {
    var by = claimed.substring(0, claimed.length() - CLAIMED.length());
    var _ = isMoved(claimed, by.substring(0, Math.max(by.lastIndexOf('.'), 0)) + ENDING);
  }

  private boolean isMoved(String from, String to) throws IOException {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Removes a command, if it is still there.
  void remove(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }
}
