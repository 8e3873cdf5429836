package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads a text into a tree of located nodes.
///
/// YAML is read by the core schema of YAML 1.2: `yes` is a text, `1e-4` a number. Aliases are
/// expanded; so that a few lines cannot stand for a billion, the tree has a largest size.
final class NodeReader {
  private static final int DEEPEST = 200;
  private static final int MOST_NODES = 100_000;
  private static final int LONGEST = 4 << 20;

  private final JsonParser parser;
  private final boolean yaml;
  private final Map<String, Node> anchors = new HashMap<>();
  private int count;
  private int depth;

  private NodeReader(JsonParser parser, boolean yaml) {
    this.parser = parser;
    this.yaml = yaml;
  }

  /// @param root the place of the whole; its source decides nothing
  /// @param yaml false: JSON
  /// @return null where the text has no value
  static @Nullable Node read(String text, Place root, boolean yaml) {
    if (text.length() > LONGEST) {
      throw new Problem(
          "The study file is too long.",
          text.length() + " characters (" + root + ")",
          "At most " + LONGEST + " are read: is it really a study file?");
    }
    try (var parser = yaml ? yamlParser(text) : new JsonFactory().createParser(context(), text)) {
      var reader = new NodeReader(parser, yaml);
      if (parser.nextToken() == null) {
        return null;
      }
      var node = reader.node(root);
      if (parser.nextToken() != null) {
        var location = parser.currentTokenLocation();
        throw new Problem(
            "Something follows the end of the study.",
            parser.getString() + " (" + root + ", line " + location.getLineNr() + ")",
            "A study file holds one document: remove what follows.");
      }
      return node;
    } catch (Problem problem) {
      throw problem;
    } catch (RuntimeException e) {
      // Parsers throw several kinds; none of them says more than that the text is wrong.
      throw yaml ? Syntax.yaml(e, text, root) : Syntax.json(e, root);
    }
  }

  private static ObjectReadContext context() {
    return ObjectReadContext.empty();
  }

  private static JsonParser yamlParser(String text) {
    try {
      var settings =
          LoadSettings.builder()
              .setSchema(new CoreSchema())
              .setCodePointLimit(LONGEST)
              .setAllowDuplicateKeys(true)
              .build();
      // Keys that stand twice are found here, which knows both places.
      return YAMLFactory.builder()
          .loadSettings(settings)
          .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .createParser(context(), text);
    } catch (NoClassDefFoundError e) {
      throw new Problem(
          "YAML cannot be read here.",
          "class " + e.getMessage(),
          "Add tools.jackson.dataformat:jackson-dataformat-yaml to the class path, or write JSON.",
          e);
    }
  }

  /// The value that the parser is at.
  private Node node(Place place) {
    countNode();
    if (yaml && parser instanceof YAMLParser aliases && aliases.isCurrentAlias()) {
      var anchored = anchors.get(parser.getString());
      if (anchored == null) {
        throw new Problem(
            "The alias stands for nothing.",
            "*" + parser.getString() + " (" + place + ")",
            "Mark a value above it with &" + parser.getString() + ", or write the value out.");
      }
      return anchored.moved(place, this::countNode);
    }
    var anchor = yaml ? parser.getObjectId() : null;
    if (++depth > DEEPEST) {
      throw new Problem(
          "The file is nested too deeply.",
          "more than " + DEEPEST + " levels (" + clipped(place) + ")",
          "Flatten it.");
    }
    var token = parser.currentToken();
    Node node =
        token == JsonToken.START_OBJECT
            ? fields(place)
            : token == JsonToken.START_ARRAY ? elements(place) : scalar(place);
    depth--;
    if (anchor != null) {
      anchors.put(anchor.toString(), node);
    }
    return node;
  }

  private static String clipped(Place place) {
    return place.source() + ", line " + place.line();
  }

  private void countNode() {
    if (++count > MOST_NODES) {
      throw new Problem(
          "The file holds too many values.",
          "more than "
              + MOST_NODES
              + ", aliases expanded (line "
              + parser.currentTokenLocation().getLineNr()
              + ")",
          "Use fewer aliases, or shorter lists.");
    }
  }

  private Node fields(Place place) {
    var entries = new LinkedHashMap<String, Node>();
    var keys = new HashMap<String, Place>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var key = parser.currentName();
      var at = place.key(key, line(place), column(place));
      requireText(key, place);
      var earlier = keys.putIfAbsent(key, at);
      if (earlier != null) {
        throw new Problem(
            "The key stands twice.",
            key
                + " ("
                + at
                + (earlier.line() == 0 ? "" : "; first in line " + earlier.line())
                + ")",
            "Remove one of them.");
      }
      parser.nextToken();
      entries.put(key, node(place.key(key, line(place), column(place))));
    }
    return new Node.Fields(entries, keys, place);
  }

  private Node elements(Place place) {
    List<Node> nodes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      nodes.add(node(place.element(nodes.size(), line(place), column(place))));
    }
    return new Node.Elements(nodes, place);
  }

  /// Neither files nor programs take such texts, and nobody means them.
  private void requireText(@Nullable String text, Place place) {
    if (text == null) {
      return;
    }
    boolean half = text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (half || text.indexOf('\0') >= 0) {
      var shown = text.replace("\0", "\\0").replaceAll("\\p{Cs}", "\\\\u....");
      throw new Problem(
          half ? "A text holds half a character." : "A text holds the character NUL.",
          (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown)
              + " ("
              + place.source()
              + ", line "
              + parser.currentTokenLocation().getLineNr()
              + ")",
          half ? "Write \\ud83d\\ude00 as a pair, or the character itself." : "Remove it.");
    }
  }

  /// What stands in no file has no lines either.
  private int line(Place parent) {
    return parent.line() == 0 ? 0 : parser.currentTokenLocation().getLineNr();
  }

  private int column(Place parent) {
    return parent.line() == 0 ? 0 : parser.currentTokenLocation().getColumnNr();
  }

  private Node scalar(Place place) {
    var text = parser.getString();
    requireText(text, place);
    var value =
        switch (parser.currentToken()) {
          case VALUE_TRUE -> (Object) true;
          case VALUE_FALSE -> false;
          case VALUE_NUMBER_INT -> Numbers.whole(text);
          case VALUE_NUMBER_FLOAT -> Numbers.real(text);
          case VALUE_NULL -> null;
          case null, default -> text;
        };
    return new Node.Scalar(value, text == null ? "" : text, place);
  }
}
