package dev.assay.spec;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// Reads YAML, of which JSON is a part, into nodes.
final class NodeReader {
  private static final int DEEPEST = 100;
  private static final YAMLFactory YAML = new YAMLFactory();

  private final String source;
  private final JsonParser parser;

  private NodeReader(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  static String contents(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new Problem(
          "The file does not exist.",
          file.toString(),
          "`assay init " + file + "` writes a sample.",
          e);
    } catch (CharacterCodingException e) {
      throw new Problem(
          "The file is not a text in UTF-8.", file.toString(), "Save it as UTF-8.", e);
    } catch (IOException e) {
      throw new Problem(
          "The file cannot be read.", file + ": " + e.getMessage(), "Check its rights.", e);
    }
  }

  /// The one document of a text.
  ///
  /// @param source what places call it
  /// @param lines whether lines mean anything to the reader of an error
  static Node read(String source, String text, boolean lines) {
    try (var parser = YAML.createParser(ObjectReadContext.empty(), text)) {
      var reader = new NodeReader(source, parser);
      if (parser.nextToken() == null) {
        throw new Problem("The file is empty.", source, "`assay init` writes a sample.");
      }
      var node = reader.value("", 0, lines);
      if (parser.nextToken() != null) {
        throw new Problem(
            "The file has a second document.",
            source + ", line " + parser.currentTokenLocation().getLineNr(),
            "Keep one document a file.");
      }
      return node;
    } catch (JacksonException e) {
      var location = e.getLocation();
      var where =
          location == null
              ? source
              : source + ", line " + location.getLineNr() + ", column " + location.getColumnNr();
      throw new Problem(
          "The file is not valid YAML.",
          where + ": " + e.getOriginalMessage().lines().findFirst().orElse(""),
          "Check indentation, colons and brackets around that line.",
          e);
    }
  }

  private Place place(String key, boolean lines) {
    return new Place(source, lines ? parser.currentTokenLocation().getLineNr() : 0, key);
  }

  private Node value(String key, int depth, boolean lines) {
    var place = place(key, lines);
    if (depth > DEEPEST) {
      throw new Problem("The file is nested too deeply.", place.toString(), "Flatten it.");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(place, key, depth, lines);
      case START_ARRAY -> items(place, key, depth, lines);
      default -> new Node.Scalar(place, scalar(place));
    };
  }

  private Node fields(Place place, String key, int depth, boolean lines) {
    var fields = new LinkedHashMap<String, Node>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      var path = key.isEmpty() ? name : key + "." + name;
      var here = place(path, lines);
      if (fields.containsKey(name)) {
        throw new Problem(
            "A key stands twice in one map.", name + " (" + here + ")", "Remove one of them.");
      }
      parser.nextToken();
      fields.put(name, value(path, depth + 1, lines));
    }
    return new Node.Fields(place, fields);
  }

  private Node items(Place place, String key, int depth, boolean lines) {
    var items = new ArrayList<Node>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(key + "[" + items.size() + "]", depth + 1, lines));
    }
    return new Node.Items(place, items);
  }

  private @Nullable Object scalar(Place place) {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> whole(place);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_STRING -> parser.getString();
      default ->
          throw new Problem(
              "YAML anchors and aliases are not supported.", place.toString(), "Write it out.");
    };
  }

  private Object whole(Place place) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default ->
          throw new Problem(
              "The number is too large.",
              parser.getString() + " (" + place + ")",
              "Use fewer digits.");
    };
  }
}
