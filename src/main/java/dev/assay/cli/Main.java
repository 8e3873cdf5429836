package dev.assay.cli;

public final class Main {
  public static void main(String[] args) {
    System.out.println(jdk.incubator.vector.DoubleVector.SPECIES_PREFERRED);
  }
}
