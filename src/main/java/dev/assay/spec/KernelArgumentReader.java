package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.kernel.Argument;
import dev.assay.kernel.ElementType;
import dev.assay.kernel.Fill;
import dev.assay.run.kernel.KernelSettings.ArgumentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the arguments of a kernel.
final class KernelArgumentReader {
  private static final String EXAMPLE =
      "arguments: [{buffer: float, size: m * k, fill: random}, {scalar: int, value: m}]";

  /// Of random whole numbers, where nothing is said.
  private static final double HIGHEST_WHOLE = 100;

  private final KernelReader formulas;
  private final String backend;

  KernelArgumentReader(KernelReader formulas, String backend) {
    this.formulas = formulas;
    this.backend = backend;
  }

  List<ArgumentSpec> read(Section.Part part) {
    var node = part.require("arguments", EXAMPLE);
    var arguments = new ArrayList<ArgumentSpec>();
    for (var element : node.elements(EXAMPLE).nodes()) {
      var argument = argument(element, arguments.size());
      if (arguments.stream().anyMatch(other -> other.name().equals(argument.name()))) {
        throw element.problem("Two arguments have the same name.", "Rename one.");
      }
      arguments.add(argument);
    }
    if (arguments.stream().noneMatch(a -> a.kind() == Argument.Kind.BUFFER)) {
      throw node.problem(
          "A kernel without a buffer has nowhere to write its answer.", "Write " + EXAMPLE);
    }
    return arguments;
  }

  private ArgumentSpec argument(Node node, int index) {
    var part = Section.KERNEL_ARGUMENT.of(node.fields(EXAMPLE));
    var kinds =
        Stream.of("buffer", "scalar", "local").filter(key -> part.get(key) != null).toList();
    if (kinds.size() != 1) {
      throw node.problem("An argument is one of buffer, scalar and local.", "Write " + EXAMPLE);
    }
    var typed = part.require(kinds.getFirst(), EXAMPLE);
    var type = typed.place().locate(() -> ElementType.named(typed.text()));
    var name =
        part.get("name") instanceof Node given ? KernelReader.name(given) : "argument" + index;
    return switch (kinds.getFirst()) {
      case "buffer" -> {
        refuse(part, "value", "A buffer has a size and a fill.");
        var size = formulas.formula(part.require("size", "size: m * n"));
        yield new ArgumentSpec(
            Argument.Kind.BUFFER, type, name, size, null, fill(part.get("fill"), type, index));
      }
      case "scalar" -> {
        refuse(part, "size", "A scalar has a value.");
        refuse(part, "fill", "A scalar has a value.");
        var value = formulas.formula(part.require("value", "value: m"));
        yield new ArgumentSpec(Argument.Kind.SCALAR, type, name, null, value, Fill.ZEROS);
      }
      case String _ -> {
        refuse(part, "value", "Local memory has a size only.");
        refuse(part, "fill", "Local memory has a size only.");
        if (backend.equals("cuda")) {
          throw node.problem(
              "CUDA has shared memory beside the arguments.", "Write shared: 4 * tile * tile.");
        }
        var size = formulas.formula(part.require("size", "size: tile * tile"));
        yield new ArgumentSpec(Argument.Kind.LOCAL, type, name, size, null, Fill.ZEROS);
      }
    };
  }

  private static void refuse(Section.Part part, String key, String what) {
    if (part.get(key) instanceof Node node) {
      throw node.problem(what, "Leave out " + key + ".");
    }
  }

  private static Fill fill(@Nullable Node node, ElementType type, int index) {
    if (node == null) {
      return Fill.ZEROS;
    }
    if (node instanceof Node.Scalar) {
      return switch (node.text()) {
        case "zeros" -> Fill.ZEROS;
        case "iota" -> new Fill(Fill.Kind.IOTA, 0, 0, 0, "");
        case "random" -> random(null, type, index);
        case String other ->
            throw node.problem(
                "There is no such fill.",
                Nearest.suggest(other, List.of("zeros", "iota", "random", "constant", "file")));
      };
    }
    var example = "fill: {random: [0, 1], seed: 7}";
    var part = Section.FILL.of(node.fields(example));
    var kinds =
        Stream.of("random", "constant", "file").filter(key -> part.get(key) != null).toList();
    if (kinds.size() != 1) {
      throw node.problem("A fill is one of random, constant and file.", "Write " + example);
    }
    if (!kinds.getFirst().equals("random") && part.get("seed") instanceof Node seed) {
      throw seed.problem("Only random numbers have a seed.", "Leave it out.");
    }
    return switch (kinds.getFirst()) {
      case "constant" ->
          new Fill(Fill.Kind.CONSTANT, part.require("constant", example).number(), 0, 0, "");
      case "file" -> new Fill(Fill.Kind.FILE, 0, 0, 0, part.require("file", example).text());
      case String _ ->
          random(
              part.require("random", example),
              type,
              part.get("seed") instanceof Node seed ? seed.whole() : index);
    };
  }

  private static Fill random(@Nullable Node node, ElementType type, long seed) {
    if (node == null) {
      return type.isFloating()
          ? new Fill(Fill.Kind.RANDOM, -1, 1, seed, "")
          : new Fill(Fill.Kind.RANDOM, 0, HIGHEST_WHOLE, seed, "");
    }
    var bounds = node.elements("random: [0, 1]").nodes();
    if (bounds.size() != 2 || !(bounds.get(0).number() < bounds.get(1).number())) {
      throw node.problem(
          "Random numbers lie between two bounds, the lower first.", "Write random: [0, 1].");
    }
    return new Fill(Fill.Kind.RANDOM, bounds.get(0).number(), bounds.get(1).number(), seed, "");
  }
}
