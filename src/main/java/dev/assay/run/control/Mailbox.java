package dev.assay.run.control;

import dev.assay.internal.words.Log;
import dev.assay.internal.words.PlainJson;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.storage.Letters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Commands to those who run a study, in other processes: JSON in [Letters], which are files beside
/// a storage file, or rows of a database.
///
/// A command stays for everybody to read, until it is overtaken; one that only one process may do
/// is claimed.
public record Mailbox(Letters letters) {
  private static final Logger LOG = Log.of(Mailbox.class);

  /// Commands as files in a directory, which need not exist.
  public Mailbox(Path directory) {
    this(new LetterFiles(directory));
  }

  /// The mailbox of a study in a storage file: `study.db-control/NAME/`.
  public static Mailbox beside(Path storageFile, String study) {
    var encoded = URLEncoder.encode(study, StandardCharsets.UTF_8).replace("+", "%20");
    var name = encoded.matches("\\.\\.?") ? encoded.replace(".", "%2E") : encoded;
    return new Mailbox(
        storageFile.resolveSibling(storageFile.getFileName() + "-control").resolve(name));
  }

  /// The directory of the commands' files; null where they are none.
  public @Nullable Path directory() {
    return letters instanceof LetterFiles(var directory) ? directory : null;
  }

  /// Puts a command in, behind all that are there.
  public void send(ControlCommand command) {
    letters.send(PlainJson.write(command.document()));
  }

  /// The names of the commands that are there, the oldest first.
  List<String> names() {
    return letters.names();
  }

  /// The names of those that somebody claimed and has not done.
  List<String> claimed() {
    return letters.claimed();
  }

  /// The command of a name; null where it is gone, or was none, which is said and removed.
  @Nullable ControlCommand read(String name) {
    var text = letters.read(name);
    try {
      return text == null
          ? null
          : ControlCommand.of(JsonMapper.shared().readValue(text, Map.class));
    } catch (JacksonException | Problem e) {
      LOG.warn("{} is no command: {}", name, Spoken.ofParser(e.getMessage()));
      letters.remove(name);
      return null;
    }
  }

  /// Claims a command, for which others find no name from now on.
  ///
  /// @param by who does, a word that nobody else claims with
  /// @return its new name; null where somebody else was faster
  @Nullable String claim(String name, String by) {
    return letters.claim(name, by);
  }

  /// Puts a claimed command back, for anybody.
  void putBack(String claimed) {
    letters.putBack(claimed);
  }

  /// Removes a command, if it is still there.
  void remove(String name) {
    letters.remove(name);
  }
}
