package dev.assay.cli;

import dev.assay.run.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/// What `assay --version` prints.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    var build = BuildInfo.current();
    return new String[] {
      "assay " + build.version() + " (" + build.commit() + (build.dirty() ? ", changed" : "") + ")",
      "Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
