package dev.assay.mutation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Small changes of a class's bytes, each as somebody could write it by mistake: a condition
/// negated or its bound moved, another operator, another constant, a call left out, another result.
final class Mutants {
  /// Who extends whom is read from class files: an agent that loaded them while one of them is
  /// being loaded would go in a circle.
  private static final ClassFile.ClassHierarchyResolverOption BY_READING =
      ClassFile.ClassHierarchyResolverOption.of(
          ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader()));

  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");

  private static final Map<String, String> OTHER_FUNCTION =
      Map.of("min", "max", "max", "min", "floor", "ceil", "ceil", "floor");

  private static final Map<Opcode, Opcode> NEGATED =
      both(
          Map.of(
              Opcode.IFEQ, Opcode.IFNE,
              Opcode.IFLT, Opcode.IFGE,
              Opcode.IFGT, Opcode.IFLE,
              Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE,
              Opcode.IF_ICMPLT, Opcode.IF_ICMPGE,
              Opcode.IF_ICMPGT, Opcode.IF_ICMPLE,
              Opcode.IF_ACMPEQ, Opcode.IF_ACMPNE,
              Opcode.IFNULL, Opcode.IFNONNULL));

  private static final Map<Opcode, Opcode> BOUND =
      both(
          Map.of(
              Opcode.IFLT, Opcode.IFLE,
              Opcode.IFGT, Opcode.IFGE,
              Opcode.IF_ICMPLT, Opcode.IF_ICMPLE,
              Opcode.IF_ICMPGT, Opcode.IF_ICMPGE));

  private static final Map<Opcode, Opcode> OPERATOR =
      both(
          Map.of(
              Opcode.IADD, Opcode.ISUB,
              Opcode.LADD, Opcode.LSUB,
              Opcode.DADD, Opcode.DSUB,
              Opcode.IMUL, Opcode.IDIV,
              Opcode.LMUL, Opcode.LDIV,
              Opcode.DMUL, Opcode.DDIV));

  /// @param instead writes it in the place of what stood there
  private record Change(String words, Consumer<CodeBuilder> instead) {}

  private Mutants() {}

  private static Map<Opcode, Opcode> both(Map<Opcode, Opcode> oneWay) {
    var all = new java.util.HashMap<>(oneWay);
    oneWay.forEach((from, to) -> all.put(to, from));
    return Map.copyOf(all);
  }

  /// All changes of a class.
  static List<Mutant> of(byte[] bytes) {
    var all = new ArrayList<Mutant>();
    var model = ClassFile.of().parse(bytes);
    for (var method : model.methods()) {
      if (method.code().isPresent() && isWritten(method)) {
        int line = 0;
        int place = 0;
        for (var element : method.code().get()) {
          if (element instanceof LineNumber number) {
            line = number.line();
          }
          for (var change : changes(element, method)) {
            all.add(
                new Mutant(
                    model.thisClass().asInternalName().replace('/', '.'),
                    signature(method),
                    place,
                    line,
                    change.words()));
          }
          place++;
        }
      }
    }
    return all;
  }

  /// The class with one change.
  static byte[] apply(byte[] bytes, Mutant mutant) {
    return transformed(
        bytes, method -> signature(method).equals(mutant.method()) ? put(mutant, method) : null);
  }

  private static CodeTransform put(Mutant mutant, MethodModel method) {
    return CodeTransform.ofStateful(() -> {
      int[] place = {0};
      return (builder, element) -> {
        if (place[0]++ != mutant.place()) {
          builder.with(element);
          return;
        }
        changes(element, method).stream()
            .filter(change -> change.words().equals(mutant.change()))
            .findFirst()
            .orElseThrow()
            .instead()
            .accept(builder);
      };
    });
  }

  /// The class with a call of `Reached.hit(number)` where each method begins.
  ///
  /// @param numbers the number of a method, by its class and signature
  static byte[] probed(byte[] bytes, java.util.function.ToIntFunction<String> numbers) {
    var name = ClassFile.of().parse(bytes).thisClass().asInternalName().replace('/', '.');
    return transformed(
        bytes,
        method ->
            new CodeTransform() {
              @Override
              public void atStart(CodeBuilder builder) {
                builder
                    .loadConstant(numbers.applyAsInt(name + "." + signature(method)))
                    .invokestatic(
                        ClassDesc.of(Reached.class.getName()),
                        "hit",
                        java.lang.constant.MethodTypeDesc.ofDescriptor("(I)V"));
              }

              @Override
              public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
              }
            });
  }

  private static byte[] transformed(
      byte[] bytes, java.util.function.Function<MethodModel, @Nullable CodeTransform> code) {
    var file = ClassFile.of(BY_READING);
    ClassModel model = file.parse(bytes);
    ClassTransform transform =
        (builder, element) -> {
          var with = element instanceof MethodModel method ? code.apply(method) : null;
          if (with != null && element instanceof MethodModel method && method.code().isPresent()) {
            builder.transformMethod(
                method,
                (inside, part) -> {
                  if (part instanceof CodeModel body) {
                    inside.transformCode(body, with);
                  } else {
                    inside.with(part);
                  }
                });
          } else {
            builder.with(element);
          }
        };
    return file.transformClass(model, transform);
  }

  private static String signature(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }

  /// What the compiler adds is left alone; the bodies of lambdas are not its own. What runs once,
  /// when a class is loaded, would not run again.
  private static boolean isWritten(MethodModel method) {
    var name = method.methodName().stringValue();
    boolean made =
        method.flags().has(AccessFlag.SYNTHETIC) || method.flags().has(AccessFlag.BRIDGE);
    if (made && !name.startsWith("lambda$") || name.equals("<clinit>") || name.equals("toString")) {
      return false;
    }
    int instructions = 0;
    for (var element : method.code().orElseThrow()) {
      if (element instanceof java.lang.classfile.Instruction) {
        instructions++;
      }
    }
    return instructions > 3; // no accessor
  }

  private static List<Change> changes(CodeElement element, MethodModel method) {
    return switch (element) {
      case BranchInstruction branch -> branches(branch);
      case OperatorInstruction operator -> {
        var other = OPERATOR.get(operator.opcode());
        yield other == null
            ? List.of()
            : List.of(
                new Change(
                    "%s for %s".formatted(other, operator.opcode()),
                    b -> b.with(OperatorInstruction.of(other))));
      }
      case ConstantInstruction constant -> constants(constant);
      case InvokeInstruction call -> calls(call);
      case ReturnInstruction result -> results(result, method);
      default -> List.of();
    };
  }

  private static List<Change> branches(BranchInstruction branch) {
    var all = new ArrayList<Change>();
    var negated = NEGATED.get(branch.opcode());
    if (negated != null) {
      all.add(
          new Change(
              "negated " + branch.opcode(),
              b -> b.with(BranchInstruction.of(negated, branch.target()))));
    }
    var bound = BOUND.get(branch.opcode());
    if (bound != null) {
      all.add(
          new Change(
              "%s for %s".formatted(bound, branch.opcode()),
              b -> b.with(BranchInstruction.of(bound, branch.target()))));
    }
    return all;
  }

  private static List<Change> constants(ConstantInstruction constant) {
    return switch (constant.constantValue()) {
      case Integer i -> {
        int other = i == 1 ? 0 : i + 1;
        yield List.of(new Change("%d for %d".formatted(other, i), b -> b.loadConstant(other)));
      }
      case Long l ->
          List.of(new Change("%d for %d".formatted(l + 1, l), b -> b.loadConstant(l + 1)));
      case Double d -> {
        double other = d == 0 ? 1 : 2 * d;
        yield Double.isFinite(other)
            ? List.of(new Change("%s for %s".formatted(other, d), b -> b.loadConstant(other)))
            : List.of();
      }
      default -> List.of();
    };
  }

  private static List<Change> calls(InvokeInstruction call) {
    var name = call.name().stringValue();
    var type = call.typeSymbol();
    var owner = call.owner().asSymbol();
    var other = owner.equals(MATH) ? OTHER_FUNCTION.get(name) : null;
    if (other != null) {
      return List.of(
          new Change(
              "Math.%s for Math.%s".formatted(other, name),
              b -> b.invokestatic(MATH, other, type)));
    }
    if (!type.returnType().equals(java.lang.constant.ConstantDescs.CD_void)
        || name.startsWith("<")
        || owner.packageName().startsWith("org.slf4j")) {
      return List.of();
    }
    return List.of(
        new Change(
            "no call of " + name,
            b -> {
              for (int i = type.parameterCount() - 1; i >= 0; i--) {
                pop(b, TypeKind.from(type.parameterType(i)));
              }
              if (call.opcode() != Opcode.INVOKESTATIC) {
                b.pop();
              }
            }));
  }

  private static void pop(CodeBuilder builder, TypeKind kind) {
    if (kind.slotSize() == 2) {
      builder.pop2();
    } else {
      builder.pop();
    }
  }

  private static List<Change> results(ReturnInstruction result, MethodModel method) {
    boolean truth = method.methodType().stringValue().endsWith(")Z");
    return switch (result.typeKind()) {
      case INT, BOOLEAN, BYTE, SHORT, CHAR ->
          List.of(
              truth
                  ? new Change("the other answer", b -> b.iconst_1().ixor().with(result))
                  : new Change("result + 1", b -> b.iconst_1().iadd().with(result)));
      case LONG -> List.of(new Change("result + 1", b -> b.lconst_1().ladd().with(result)));
      case DOUBLE -> List.of(new Change("result + 1", b -> b.dconst_1().dadd().with(result)));
      default -> List.of();
    };
  }
}
