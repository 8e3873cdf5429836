package dev.assay.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/// Makes command objects: those that take a [Console] get the one of this run.
final class Commands implements IFactory {
  private final Console console;

  Commands(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      return type.cast(type.getDeclaredConstructor(Console.class).newInstance(console));
    } catch (NoSuchMethodException e) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
